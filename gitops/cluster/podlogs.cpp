// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/podlogs.h"

#include "core/base/http.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/transport.h"

#include <mutex>

namespace gitops {

namespace {

constexpr std::size_t kLongestLine = 64u << 10;
constexpr std::size_t kLongestRefusal = 64u << 10;

/// One container's stream.
struct Stream
{
    LogSource source;
    LogLines lines;
    core::HttpResponse refusal; ///< status 0 while the log is read
    Transport::CallId call = 0;
};

} // namespace

std::string logTarget(const LogSource& source, const LogOptions& options)
{
    std::string out = "/api/v1/namespaces/" + core::percentEncode(source.namespaceName) + "/pods/"
        + core::percentEncode(source.pod)
        + "/log?container=" + core::percentEncode(source.container);
    if (options.follow)
        out += "&follow=true";
    if (options.previous)
        out += "&previous=true";
    if (options.timestamps)
        out += "&timestamps=true";
    if (options.since)
        out += "&sinceSeconds=" + std::to_string(options.since->count());
    if (options.tail)
        out += "&tailLines=" + std::to_string(*options.tail);
    return out;
}

void LogLines::feed(std::string_view bytes, const Handler& line)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const bool isWhole = end != std::string_view::npos;
        m_rest += bytes.substr(0, end);
        bytes.remove_prefix(isWhole ? end + 1 : bytes.size());
        std::string_view rest = m_rest;
        for (; rest.size() > kLongestLine; rest.remove_prefix(kLongestLine))
            line(rest.substr(0, kLongestLine));
        if (isWhole) {
            line(rest.ends_with('\r') ? rest.substr(0, rest.size() - 1) : rest);
            m_rest.clear();
        } else {
            m_rest = std::string(rest);
        }
    }
}

void LogLines::end(const Handler& line)
{
    if (!m_rest.empty())
        line(m_rest);
    m_rest.clear();
}

struct PodLogs::Private
{
    Private(Transport& transportOf, Handlers handlersOf)
        : transport(transportOf)
        , handlers(std::move(handlersOf))
    {
    }
    Transport& transport;
    std::mutex mutex; ///< held while a handler runs
    Handlers handlers; ///< empty once nobody wants to know
    std::vector<std::shared_ptr<Stream>> streams;

    void data(Stream& stream, std::string_view bytes);
    void end(Stream& stream, std::optional<core::Error> error);
};

void PodLogs::Private::data(Stream& stream, std::string_view bytes)
{
    const std::lock_guard lock(mutex);
    if (stream.refusal.status != 0) {
        stream.refusal.body += bytes.substr(0, kLongestRefusal - stream.refusal.body.size());
        return;
    }
    if (handlers.line)
        stream.lines.feed(bytes,
                          [&](std::string_view line) { handlers.line(stream.source, line); });
}

void PodLogs::Private::end(Stream& stream, std::optional<core::Error> error)
{
    const std::lock_guard lock(mutex);
    if (stream.refusal.status != 0 && !error)
        error = errorFromResponse(stream.refusal);
    if (handlers.line)
        stream.lines.end([&](std::string_view line) { handlers.line(stream.source, line); });
    if (handlers.end)
        handlers.end(stream.source, std::move(error));
}

PodLogs::PodLogs(Transport& transport, const std::vector<LogSource>& sources,
                 const LogOptions& options, Handlers handlers)
    : d(std::make_shared<Private>(transport, std::move(handlers)))
{
    for (const LogSource& source : sources) {
        auto stream = std::make_shared<Stream>();
        stream->source = source;
        d->streams.push_back(stream);
        core::HttpRequest request;
        request.target = logTarget(source, options);
        request.headers = {{"Accept", "text/plain, application/json, */*"}};
        Transport::StreamHandler handler;
        handler.head = [d = d, stream](int status, const core::HttpHeaders& headers) {
            const std::lock_guard lock(d->mutex);
            if (status < 200 || status > 299)
                stream->refusal = {status, headers, {}};
        };
        handler.data = [d = d, stream](std::string_view bytes) { d->data(*stream, bytes); };
        handler.end = [d = d, stream](std::optional<core::Error> error) {
            d->end(*stream, std::move(error));
        };
        stream->call = transport.stream(std::move(request), std::move(handler));
    }
}

PodLogs::~PodLogs()
{
    {
        const std::lock_guard lock(d->mutex);
        d->handlers = {};
    }
    for (const auto& stream : d->streams)
        d->transport.cancel(stream->call);
}

} // namespace gitops
