// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/curlendpoint.h"

#include "core/base/http.h"
#include "core/base/strings.h"
#include "gitops/cluster/smallfile.h"

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace gitops {

namespace {

bool isLoopback(std::string_view host)
{
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.")
        || host == "[::1]";
}

std::string inUrl(const std::string& name)
{
    return name.find(':') != std::string::npos ? "[" + name + "]" : name;
}

int onSocket(void* options, curl_socket_t socket, curlsocktype)
{
    const int limit =
        int(static_cast<const CurlTransport::Options*>(options)->deadPeerTimeout.count());
    // Best effort: a socket that does not know the option still has curl's keep-alive.
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    return CURL_SOCKOPT_OK;
}

curl_blob blobOf(const std::string& bytes)
{
    // curl copies it; its type just has no const.
    return {.data = const_cast<char*>(bytes.data()), .len = bytes.size(), .flags = CURL_BLOB_COPY};
}

} // namespace

CurlEndpoint::CurlEndpoint(ClusterConnection connection, CurlTransport::Options options)
    : m_connection(std::move(connection))
    , m_options(options)
    , m_token(m_connection.token)
    , m_tokenRead(std::chrono::steady_clock::now())
{
    makeAddress();
    makeHeaders();
}

void CurlEndpoint::makeAddress()
{
    const std::string& server = m_connection.server;
    const std::size_t schemeEnd = server.find("://") + 3;
    const std::size_t hostEnd = std::min(server.find('/', schemeEnd), server.size());
    m_host = server.substr(schemeEnd, hostEnd - schemeEnd);
    const std::size_t bracket = m_host.rfind(']');
    const std::size_t colon = m_host.find(':', bracket == std::string::npos ? 0 : bracket);
    const std::string name = m_host.substr(0, colon);
    const std::string port = colon != std::string::npos ? m_host.substr(colon + 1)
        : m_connection.isSecure()                       ? "443"
                                                        : "80";
    m_isLoopback = isLoopback(name);
    m_base = server;
    if (m_connection.tlsServerName.empty() || !m_connection.isSecure())
        return;
    // The name is asked for and verified; the address stays the server's.
    const std::string wanted = inUrl(m_connection.tlsServerName);
    m_base = "https://" + wanted + ":" + port + server.substr(hostEnd);
    const std::string rule = wanted + ":" + port + ":" + name + ":" + port;
    m_connectTo.reset(curl_slist_append(nullptr, rule.c_str()));
}

void CurlEndpoint::makeHeaders()
{
    m_headers.emplace_back("User-Agent", "wavewright/" WAVEWRIGHT_VERSION);
    if (m_connectTo)
        m_headers.emplace_back("Host", m_host);
    if (!m_connection.isSecure())
        return;
    const Impersonation& as = m_connection.impersonation;
    if (!as.user.empty())
        m_headers.emplace_back("Impersonate-User", as.user);
    if (!as.uid.empty())
        m_headers.emplace_back("Impersonate-Uid", as.uid);
    for (const std::string& group : as.groups)
        m_headers.emplace_back("Impersonate-Group", group);
    for (const auto& [key, values] : as.extra)
        for (const std::string& value : values)
            m_headers.emplace_back("Impersonate-Extra-" + core::percentEncode(core::toLower(key)),
                                   value);
}

void CurlEndpoint::apply(CURL* easy) const
{
    const auto set = [easy](CURLoption option, auto value) {
        curl_easy_setopt(easy, option, value);
    };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, m_connection.isSecure() ? "https" : "http");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, long(CURL_NETRC_IGNORED));
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_HTTP_VERSION,
        long(m_connection.isSecure() ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PIPEWAIT, 1L); // share a connection being made rather than make many
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, 30L);
    set(CURLOPT_TCP_KEEPINTVL, 10L);
    set(CURLOPT_SOCKOPTFUNCTION, &onSocket);
    set(CURLOPT_SOCKOPTDATA, static_cast<const void*>(&m_options));
    set(CURLOPT_CONNECTTIMEOUT_MS, long(m_options.connectTimeout.count()));
    set(CURLOPT_QUICK_EXIT, 1L); // a slow resolver does not hold the shutdown
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HEADEROPT, long(CURLHEADER_SEPARATE)); // ours are not for a proxy
    if (!m_connection.proxyUrl.isEmpty())
        set(CURLOPT_PROXY, m_connection.proxyUrl.reveal().c_str());
    else if (m_isLoopback)
        set(CURLOPT_PROXY, ""); // the environment's is not meant for this machine
    if (m_connectTo)
        set(CURLOPT_CONNECT_TO, m_connectTo.get());
    if (m_connection.isSecure())
        applyTrust(easy);
}

void CurlEndpoint::applyTrust(CURL* easy) const
{
    const auto set = [easy](CURLoption option, auto value) {
        curl_easy_setopt(easy, option, value);
    };
    const bool verify = !m_connection.insecureSkipTlsVerify;
    set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    if (!m_connection.caPem.empty()) {
        const char* none = nullptr;
        set(CURLOPT_CAINFO, none);
        set(CURLOPT_CAPATH, none); // else the system's folder would be trusted beside it
        const curl_blob ca = blobOf(m_connection.caPem);
        set(CURLOPT_CAINFO_BLOB, &ca);
    }
    if (!m_connection.clientCertificatePem.isEmpty()) {
        const curl_blob certificate = blobOf(m_connection.clientCertificatePem.reveal());
        const curl_blob key = blobOf(m_connection.clientKeyPem.reveal());
        set(CURLOPT_SSLCERTTYPE, "PEM");
        set(CURLOPT_SSLCERT_BLOB, &certificate);
        set(CURLOPT_SSLKEYTYPE, "PEM");
        set(CURLOPT_SSLKEY_BLOB, &key);
    }
}

std::string CurlEndpoint::authorization()
{
    if (!m_connection.isSecure())
        return {};
    if (!m_connection.tokenFile.empty()
        && std::chrono::steady_clock::now() - m_tokenRead >= m_options.tokenFileInterval)
        readTokenFile();
    if (!m_token.isEmpty())
        return "Bearer " + m_token.reveal();
    if (m_connection.username.empty())
        return {};
    return "Basic "
        + core::base64Encode(m_connection.username + ":" + m_connection.password.reveal());
}

bool CurlEndpoint::refresh(const std::string& refusedAuthorization)
{
    if (m_connection.tokenFile.empty() || !m_connection.isSecure())
        return false;
    readTokenFile();
    return authorization() != refusedAuthorization;
}

void CurlEndpoint::readTokenFile()
{
    m_tokenRead = std::chrono::steady_clock::now();
    const auto text = readSmallFile(m_connection.tokenFile, 1u << 20);
    if (!text)
        return; // being replaced, perhaps: the old one stays until the server refuses it
    const std::string_view token = core::trimmed(*text);
    const bool isClean = !token.empty()
        && std::none_of(token.begin(), token.end(),
                        [](unsigned char c) { return c <= ' ' || c == 0x7f; });
    if (isClean)
        m_token = core::Secret(std::string(token));
}

} // namespace gitops
