// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/curlendpoint.h"
#include "gitops/cluster/transport.h"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>

namespace gitops {

/// One exchange under libcurl, on the I/O thread. It must not move while curl has it.
class CurlCall
{
public:
    CurlCall(Transport::CallId id, core::HttpRequest request, Transport::ResponseHandler done);
    CurlCall(Transport::CallId id, core::HttpRequest request, Transport::StreamHandler handler);
    CurlCall(const CurlCall&) = delete;
    CurlCall& operator=(const CurlCall&) = delete;

    Transport::CallId id() const { return m_id; }
    bool isStream() const { return m_isStream; }
    bool isWrite() const;
    int status() const { return m_response.status; }
    /// A request that may not be sent (its target or a header would break out of its line).
    std::optional<core::Error> problem() const;

    /// Makes the handle anew; also for a second try, before which nothing was answered to the
    /// caller.
    CURL* prepare(CurlEndpoint& endpoint, const CurlTransport::Options& options);
    CURL* handle() const { return m_easy.get(); }
    const std::string& authorization() const { return m_authorization; }
    bool wasRetried = false;

    void finish(CURLcode code, const CurlEndpoint& endpoint);
    void fail(core::Error error);

private:
    struct EasyDeleter
    {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListDeleter
    {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t onData(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t onRead(char* buffer, std::size_t size, std::size_t count, void* self);
    static int onSeek(void* self, curl_off_t offset, int origin);
    bool takeHeader(std::string_view line);
    bool takeData(std::string_view data);
    void setBody(CURL* easy);
    void setHeaders(CURL* easy, CurlEndpoint& endpoint);
    bool mayHaveBeenSent(CURLcode code) const;
    core::Error errorOf(CURLcode code, const CurlEndpoint& endpoint) const;

    const Transport::CallId m_id;
    const bool m_isStream;
    core::HttpRequest m_request;
    Transport::ResponseHandler m_done;
    Transport::StreamHandler m_handler;

    std::string m_url;
    std::string m_authorization;
    std::size_t m_bodySent = 0;
    core::HttpResponse m_response;
    std::size_t m_headerBytes = 0;
    std::size_t m_maxResponseBytes = 0;
    bool m_limitPassed = false;
    bool m_headReported = false;
    std::array<char, CURL_ERROR_SIZE> m_errorText {};
    // Freed in reverse: the handle before the list that it reads.
    std::unique_ptr<curl_slist, ListDeleter> m_headers;
    std::unique_ptr<CURL, EasyDeleter> m_easy;
};

} // namespace gitops
