// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/httpfetch.h"

#include "core/base/strings.h"
#include "gitops/cluster/curltransport.h"
#include "gitops/cluster/smallfile.h"

#include <algorithm>
#include <mutex>

namespace gitops {

namespace {

constexpr std::size_t kMaxResponse = 128u << 20;
constexpr std::chrono::seconds kPatience {10};

class TransportFetch : public HttpFetch
{
public:
    TransportFetch(Transport& transport, std::string prefix, core::HttpHeaders headers,
                   std::unique_ptr<Transport> owned = nullptr)
        : m_owned(std::move(owned))
        , m_transport(transport)
        , m_prefix(std::move(prefix))
        , m_headers(std::move(headers))
    {
    }

    ~TransportFetch() override
    {
        const std::lock_guard lock(m_gate->mutex);
        m_gate->isOpen = false;
    }

    void fetch(core::HttpRequest request, Handler done) override
    {
        request.target = m_prefix + request.target;
        request.headers.insert(request.headers.end(), m_headers.begin(), m_headers.end());
        if (request.timeout.count() == 0)
            request.timeout = kPatience;
        m_transport.send(
            std::move(request),
            [gate = m_gate, done = std::move(done)](core::Result<core::HttpResponse> response) {
                const std::lock_guard lock(gate->mutex);
                if (gate->isOpen)
                    done(std::move(response));
            });
    }

private:
    /// The transport may outlive us, its handlers must not.
    struct Gate
    {
        std::mutex mutex;
        bool isOpen = true; ///< guarded by mutex
    };
    const std::unique_ptr<Transport> m_owned;
    const std::shared_ptr<Gate> m_gate = std::make_shared<Gate>();
    Transport& m_transport;
    const std::string m_prefix;
    const core::HttpHeaders m_headers;
};

} // namespace

core::Result<HttpFetchPtr> fetchFrom(const HttpServer& server)
{
    const std::size_t scheme = server.url.find("://");
    const bool isHttp = server.url.starts_with("http://") || server.url.starts_with("https://");
    if (!isHttp || server.url.size() == scheme + 3 || server.url[scheme + 3] == '/')
        return core::failure(core::ErrorCode::Invalid,
                             "\"" + core::sanitised(server.url)
                                 + "\" is no address of the form http://host:port",
                             {}, core::Fault::User);
    if (server.url.find('@', scheme) != std::string::npos
        || server.url.find('?', scheme) != std::string::npos)
        return core::failure(core::ErrorCode::Invalid,
                             "an address of live figures may hold neither a password nor a query",
                             {}, core::Fault::User);
    ClusterConnection connection;
    connection.server = server.url;
    while (connection.server.ends_with('/'))
        connection.server.pop_back();
    connection.tokenFile = server.tokenFile;
    if (!server.tokenFile.empty()) {
        auto token = readSmallFile(server.tokenFile);
        if (!token)
            return std::unexpected(std::move(token.error()));
        connection.token = core::Secret(std::string(core::trimmed(*token)));
    }
    if (!server.caFile.empty()) {
        auto authority = readSmallFile(server.caFile);
        if (!authority)
            return std::unexpected(std::move(authority.error()));
        connection.caPem = std::move(*authority);
    }
    CurlTransport::Options options;
    options.connectTimeout = std::chrono::seconds(5);
    options.requestTimeout = kPatience;
    options.maxResponseBytes = kMaxResponse;
    options.maxConnections = 4;
    auto transport = std::make_unique<CurlTransport>(std::move(connection), options);
    Transport& used = *transport;
    return HttpFetchPtr(
        std::make_unique<TransportFetch>(used, "", server.headers, std::move(transport)));
}

HttpFetchPtr fetchThrough(Transport& cluster, const std::string& namespaceName,
                          const std::string& what, const std::string& name, const std::string& port)
{
    const std::string prefix = "/api/v1/namespaces/" + core::percentEncode(namespaceName) + "/"
        + what + "/" + core::percentEncode(name) + ":" + core::percentEncode(port) + "/proxy";
    return std::make_unique<TransportFetch>(cluster, prefix, core::HttpHeaders());
}

core::Result<std::string> bodyOf(core::Result<core::HttpResponse> response)
{
    if (!response)
        return std::unexpected(std::move(response.error()));
    if (response->status == 200)
        return std::move(response->body);
    std::string said = response->body.substr(0, 200);
    std::ranges::replace(said, '\n', ' ');
    const std::string sentence = "HTTP " + std::to_string(response->status)
        + (said.empty() ? "" : ": " + core::sanitised(core::trimmed(said)));
    const core::ErrorCode code = response->status == 401 ? core::ErrorCode::Unauthorized
        : response->status == 403                        ? core::ErrorCode::Forbidden
        : response->status == 404                        ? core::ErrorCode::NotFound
                                                         : core::ErrorCode::Unavailable;
    return core::failure(code, sentence);
}

} // namespace gitops
