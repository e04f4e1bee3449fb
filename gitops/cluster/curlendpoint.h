// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/curltransport.h"

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace gitops {

/// What all calls to one server share: its address, trust and identity. Belongs to the I/O thread.
class CurlEndpoint
{
public:
    CurlEndpoint(ClusterConnection connection, CurlTransport::Options options);

    const std::string& server() const { return m_connection.server; }
    bool isCompressing() const { return !m_connection.disableCompression; }
    std::string url(std::string_view target) const { return m_base + std::string(target); }

    /// Address, TLS, proxy, time-outs.
    void apply(CURL* easy) const;
    /// Host, User-Agent, Impersonate-…; without credentials.
    const core::HttpHeaders& headers() const { return m_headers; }
    /// The value of Authorization, or "": for an http server always "". Reads the token file when
    /// it is due.
    std::string authorization();
    /// After a 401: looks at the token file at once. True when there is another token now.
    bool refresh(const std::string& refusedAuthorization);

private:
    struct ListDeleter
    {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    void readTokenFile();
    void makeAddress();
    void makeHeaders();
    void applyTrust(CURL* easy) const;

    ClusterConnection m_connection;
    CurlTransport::Options m_options;
    std::string m_base; ///< what stands before a target
    std::string m_host; ///< as in the server's URL, with its port
    bool m_isLoopback = false;
    core::HttpHeaders m_headers;
    std::unique_ptr<curl_slist, ListDeleter> m_connectTo; ///< with tls-server-name
    core::Secret m_token;
    std::chrono::steady_clock::time_point m_tokenRead;
};

} // namespace gitops
