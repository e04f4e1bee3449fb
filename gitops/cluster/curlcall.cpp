// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/curlcall.h"

#include "core/base/strings.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

namespace gitops {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256u << 10;

bool breaksOut(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < ' ' || byte == 0x7f;
    });
}

/// "HTTP/1.1 200 OK" or "HTTP/2 200" to 200; 0 when it is no status line.
int statusOf(std::string_view line)
{
    const auto blank = line.find(' ');
    if (!line.starts_with("HTTP/") || blank == std::string_view::npos)
        return 0;
    int status = 0;
    std::from_chars(line.data() + blank + 1, line.data() + line.size(), status);
    return status;
}

} // namespace

CurlCall::CurlCall(Transport::CallId id, core::HttpRequest request, Transport::ResponseHandler done)
    : m_id(id)
    , m_isStream(false)
    , m_request(std::move(request))
    , m_done(std::move(done))
{
}

CurlCall::CurlCall(Transport::CallId id, core::HttpRequest request,
                   Transport::StreamHandler handler)
    : m_id(id)
    , m_isStream(true)
    , m_request(std::move(request))
    , m_handler(std::move(handler))
{
}

bool CurlCall::isWrite() const
{
    return m_request.method != "GET" && m_request.method != "HEAD";
}

std::optional<core::Error> CurlCall::problem() const
{
    bool bad = !m_request.target.starts_with('/') || breaksOut(m_request.target)
        || m_request.target.find(' ') != std::string::npos || m_request.method.empty()
        || m_request.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
    for (const auto& [name, value] : m_request.headers)
        bad = bad || name.empty() || breaksOut(name) || breaksOut(value)
            || name.find_first_of(": ") != std::string::npos;
    if (!bad)
        return {};
    return core::Error {core::ErrorCode::Internal,
                        "the request holds characters that HTTP cannot carry",
                        {},
                        core::Fault::Wavewright,
                        {}};
}

CURL* CurlCall::prepare(CurlEndpoint& endpoint, const CurlTransport::Options& options)
{
    m_easy.reset(curl_easy_init());
    CURL* easy = m_easy.get();
    assert(easy);
    m_bodySent = 0;
    m_response = {};
    m_headerBytes = 0;
    m_maxResponseBytes = options.maxResponseBytes;
    m_url = endpoint.url(m_request.target);
    m_authorization = endpoint.authorization();
    endpoint.apply(easy);
    curl_easy_setopt(easy, CURLOPT_URL, m_url.c_str());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_errorText.data());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlCall::onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlCall::onData);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
    const auto limit = m_request.timeout.count() > 0 ? m_request.timeout
        : m_isStream                                 ? std::chrono::milliseconds(0)
                                                     : options.requestTimeout;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, long(limit.count()));
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, m_isStream ? 16'384L : 131'072L);
    setBody(easy);
    setHeaders(easy, endpoint);
    return easy;
}

void CurlCall::setBody(CURL* easy)
{
    if (m_request.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (!m_request.body.empty()) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(m_request.body.size()));
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &CurlCall::onRead);
        curl_easy_setopt(easy, CURLOPT_READDATA, static_cast<void*>(this));
        // curl resends by itself when a kept connection turns out to be dead. It must rewind the
        // body for that as soon as a byte of it was sent; refusing makes it give up instead.
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &CurlCall::onSeek);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, static_cast<void*>(this));
    } else if (isWrite()) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L); // the same, without a body to refuse by
    }
    if (m_request.method != "GET" && m_request.method != "HEAD")
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, m_request.method.c_str());
}

void CurlCall::setHeaders(CURL* easy, CurlEndpoint& endpoint)
{
    curl_slist* list = nullptr;
    const auto add = [&list](const std::string& name, const std::string& value) {
        list = curl_slist_append(list, (name + (value.empty() ? ";" : ": " + value)).c_str());
    };
    for (const auto& [name, value] : endpoint.headers())
        add(name, value);
    if (!m_authorization.empty())
        add("Authorization", m_authorization);
    for (const auto& [name, value] : m_request.headers) {
        if (!core::equalsIgnoringCase(name, "Accept-Encoding"))
            add(name, value);
        else if (endpoint.isCompressing() && value == "gzip")
            curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    list = curl_slist_append(list, "Expect:"); // never wait for a 100
    m_headers.reset(list);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

std::size_t CurlCall::onHeader(char* data, std::size_t size, std::size_t count, void* self)
{
    return static_cast<CurlCall*>(self)->takeHeader({data, size * count}) ? size * count : 0;
}

std::size_t CurlCall::onData(char* data, std::size_t size, std::size_t count, void* self)
{
    return static_cast<CurlCall*>(self)->takeData({data, size * count}) ? size * count : 0;
}

std::size_t CurlCall::onRead(char* buffer, std::size_t size, std::size_t count, void* self)
{
    auto* call = static_cast<CurlCall*>(self);
    const std::size_t left = call->m_request.body.size() - call->m_bodySent;
    const std::size_t taken = std::min(left, size * count);
    std::memcpy(buffer, call->m_request.body.data() + call->m_bodySent, taken);
    call->m_bodySent += taken;
    return taken;
}

int CurlCall::onSeek(void* self, curl_off_t, int)
{
    // A body of which curl took nothing need not be rewound.
    return static_cast<CurlCall*>(self)->m_bodySent == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

bool CurlCall::takeHeader(std::string_view line)
{
    m_headerBytes += line.size();
    m_limitPassed = m_headerBytes > kMaxHeaderBytes;
    if (m_limitPassed)
        return false;
    line = core::trimmed(line);
    if (const int status = statusOf(line)) {
        m_response.status = status; // the last one counts: 100 may come before
        m_response.headers.clear();
        return true;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
        m_response.headers.emplace_back(line.substr(0, colon),
                                        core::trimmed(line.substr(colon + 1)));
    if (line.empty() && m_isStream && m_response.status >= 200 && !m_headReported) {
        m_headReported = true;
        if (m_handler.head)
            m_handler.head(m_response.status, m_response.headers);
    }
    return true;
}

bool CurlCall::takeData(std::string_view data)
{
    if (m_isStream) {
        if (m_handler.data)
            m_handler.data(data);
        return true;
    }
    std::string& body = m_response.body;
    m_limitPassed = body.size() + data.size() > m_maxResponseBytes;
    if (m_limitPassed)
        return false;
    if (body.empty()) {
        curl_off_t length = 0;
        curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        if (length > 0)
            body.reserve(std::min({std::size_t(length), m_maxResponseBytes,
                                   std::size_t(32u << 20)})); // the server may lie
    }
    body += data;
    return true;
}

void CurlCall::finish(CURLcode code, const CurlEndpoint& endpoint)
{
    if (code != CURLE_OK)
        return fail(errorOf(code, endpoint));
    if (m_isStream)
        return m_handler.end ? m_handler.end(std::nullopt) : void();
    if (m_done)
        m_done(std::move(m_response));
}

void CurlCall::fail(core::Error error)
{
    if (m_isStream)
        return m_handler.end ? m_handler.end(std::move(error)) : void();
    if (m_done)
        m_done(std::unexpected(std::move(error)));
}

bool CurlCall::mayHaveBeenSent(CURLcode code) const
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_PROXY:
    case CURLE_URL_MALFORMAT:
        return false;
    default:
        break;
    }
    curl_off_t ready = 0; // microseconds until the first byte of the request could go
    curl_easy_getinfo(m_easy.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
    return ready > 0;
}

core::Error CurlCall::errorOf(CURLcode code, const CurlEndpoint& endpoint) const
{
    const bool sent = mayHaveBeenSent(code);
    std::string reason = m_errorText[0] ? m_errorText.data() : curl_easy_strerror(code);
    core::Error error;
    error.fault = core::Fault::Cluster;
    error.place.object = endpoint.server();
    if (m_limitPassed) {
        error.code = core::ErrorCode::LimitExceeded;
        reason = "the answer is larger than Wavewright reads";
    } else if (code == CURLE_OPERATION_TIMEDOUT && sent) {
        error.code = core::ErrorCode::Timeout;
        reason = "the server did not answer in time";
    } else {
        error.code = core::ErrorCode::Network;
    }
    if (isWrite() && sent) {
        error.code = core::ErrorCode::UnknownOutcome;
        error.message = "the server was asked to write and gave no whole answer: ";
    } else if (error.code == core::ErrorCode::Network) {
        error.message =
            sent ? "the connection to the server broke: " : "the server cannot be reached: ";
    }
    error.message += core::sanitised(reason);
    return error;
}

} // namespace gitops
