// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/serviceproxy.h"

#include "core/base/strings.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/apirequest.h"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t kBodyLimit = 64u << 20;
constexpr std::chrono::seconds kPatience {10};

ApiError unavailable(int code, std::string message)
{
    ApiError error;
    error.code = code;
    error.reason = "ServiceUnavailable";
    error.message = std::move(message);
    return error;
}

/// Headers that are about the connection, or that the writer makes itself.
bool isOurs(std::string_view name)
{
    return std::ranges::any_of(
        std::initializer_list<std::string_view> {"Connection", "Host", "Content-Length",
                                                 "Transfer-Encoding", "Keep-Alive", "Upgrade"},
        [&](std::string_view each) { return core::equalsIgnoringCase(each, name); });
}

class Exchange : public std::enable_shared_from_this<Exchange>
{
public:
    Exchange(asio::io_context& io, std::function<void(core::HttpResponse)> done)
        : m_stream(io)
        , m_done(std::move(done))
    {
        m_parser.body_limit(kBodyLimit);
    }

    void start(std::uint16_t port, const core::HttpRequest& request)
    {
        m_request.method_string(request.method);
        m_request.target(request.target);
        m_request.version(11);
        for (const auto& [name, value] : request.headers)
            if (!isOurs(name))
                m_request.set(name, value);
        m_request.set(http::field::host, "127.0.0.1:" + std::to_string(port));
        m_request.set(http::field::connection, "close");
        m_request.body() = request.body;
        m_request.prepare_payload();
        m_stream.expires_after(kPatience);
        m_stream.async_connect(
            asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port),
            [self = shared_from_this()](beast::error_code error) { self->connected(error); });
    }

private:
    void connected(beast::error_code error)
    {
        if (error)
            return fail(error);
        http::async_write(m_stream, m_request,
                          [self = shared_from_this()](beast::error_code failed, std::size_t) {
                              if (failed)
                                  return self->fail(failed);
                              self->read();
                          });
    }
    void read()
    {
        http::async_read(m_stream, m_buffer, m_parser,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (error)
                                 return self->fail(error);
                             self->finish();
                         });
    }
    void finish()
    {
        auto& message = m_parser.get();
        core::HttpResponse out {int(message.result_int()), {}, std::move(message.body())};
        for (const auto& field : message)
            if (!isOurs(std::string(field.name_string())))
                out.headers.emplace_back(std::string(field.name_string()),
                                         std::string(field.value()));
        m_done(std::move(out));
    }
    void fail(beast::error_code error)
    {
        m_done(unavailable(502, "error trying to reach service: " + error.message()).toResponse());
    }

    beast::tcp_stream m_stream;
    std::function<void(core::HttpResponse)> m_done;
    http::request<http::string_body> m_request;
    beast::flat_buffer m_buffer;
    http::response_parser<http::string_body> m_parser;
};

} // namespace

std::optional<ProxyRequest> proxyRequest(const core::HttpRequest& request)
{
    const RequestTarget target = parseTarget(request.target);
    const auto path = parseResourcePath(target.segments);
    if (!path || !path->group.empty() || path->version != "v1" || path->namespaceName.empty()
        || (path->plural != "services" && path->plural != "pods"))
        return {};
    if (path->subresource != "proxy" && !path->subresource.starts_with("proxy/"))
        return {};
    const std::size_t proxy = request.target.find("/proxy");
    if (proxy == std::string::npos)
        return {};
    ProxyRequest out;
    const std::size_t colon = path->name.find(':');
    out.name = path->name.substr(0, colon);
    out.backend = path->namespaceName + "/" + path->name;
    out.objectTarget = "/api/v1/namespaces/" + core::percentEncode(path->namespaceName) + "/"
        + path->plural + "/" + core::percentEncode(out.name);
    out.request = request;
    out.request.target = request.target.substr(proxy + std::string_view("/proxy").size());
    if (!out.request.target.starts_with('/'))
        out.request.target.insert(0, "/");
    return out;
}

core::HttpResponse nothingBehind(const ProxyRequest& request)
{
    return unavailable(503, "no endpoints available for service \"" + request.name + "\"")
        .toResponse();
}

void askLocal(asio::io_context& io, std::uint16_t port, const core::HttpRequest& request,
              std::function<void(core::HttpResponse)> done)
{
    std::make_shared<Exchange>(io, std::move(done))->start(port, request);
}

} // namespace gitops::practice
