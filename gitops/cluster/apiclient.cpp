// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"

#include "core/base/http.h"
#include "gitops/cluster/apiclientprivate.h"
#include "gitops/cluster/apierror.h"
#include "gitops/cluster/jsonbody.h"
#include "gitops/cluster/jsonslices.h"

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kListTimeout {180'000};

core::HttpRequest getRequest(std::string target)
{
    core::HttpRequest request;
    request.target = std::move(target);
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

core::Error garbage(const core::Error& error, std::string object)
{
    return {error.code == core::ErrorCode::LimitExceeded ? error.code : core::ErrorCode::Internal,
            error.message,
            {.object = std::move(object)},
            core::Fault::Cluster,
            {}};
}

core::Result<ListPage> pageFrom(core::HttpResponse response, const ApiResource& resource)
{
    response.body.reserve(response.body.size() + kJsonPadding);
    auto body = std::make_shared<const std::string>(std::move(response.body));
    auto slices = sliceList(*body);
    if (!slices)
        return std::unexpected(garbage(slices.error(), describe(resource, {}, {})));
    return ListPage {std::move(slices->items), std::move(slices->resourceVersion),
                     std::move(slices->continueToken), std::move(body)};
}

} // namespace

ApiQuery& ApiQuery::add(std::string_view name, std::string_view value)
{
    if (!value.empty()) {
        m_text += m_text.empty() ? '?' : '&';
        m_text += name;
        m_text += '=';
        m_text += core::percentEncode(value);
    }
    return *this;
}

ApiQuery& ApiQuery::addIf(bool condition, std::string_view name, std::string_view value)
{
    return condition ? add(name, value) : *this;
}

std::string describe(const ApiResource& resource, const std::string& namespaceName,
                     const std::string& name)
{
    if (name.empty())
        return resource.kind.group.empty() ? resource.plural
                                           : resource.plural + "." + resource.kind.group;
    return core::ObjectKey {resource.kind.group, resource.kind.kind,
                            resource.namespaced ? namespaceName : std::string(), name}
        .text();
}

bool isSensitive(const ApiResource& resource)
{
    return resource.kind.group.empty() && resource.kind.kind == "Secret";
}

ApiClient::ApiClient(Transport& transport, core::Executor& executor)
    : d(std::make_shared<Private>(transport, executor))
{
}

ApiClient::~ApiClient()
{
    d->gate->shut();
    d->caller->stop();
    for (const auto& [id, stream] : d->watches)
        stream->cancel();
}

void ApiClient::version(std::function<void(core::Result<std::string>)> done)
{
    d->caller->send(getRequest("/version"), RequestKind::Read,
                    [done = std::move(done)](core::Result<core::HttpResponse> answer) {
                        if (!answer)
                            return done(std::unexpected(std::move(answer.error())));
                        if (answer->status != 200)
                            return done(std::unexpected(errorFromResponse(*answer)));
                        const auto body = parseBody(answer->body);
                        const std::string text(body ? core::stringAt(*body, {"gitVersion"})
                                                    : std::string_view());
                        if (text.empty())
                            return done(core::failure(core::ErrorCode::Internal,
                                                      "the server does not say its version: it "
                                                      "may be no Kubernetes API server",
                                                      {}, core::Fault::Cluster));
                        done(text);
                    });
}

void ApiClient::get(const ApiResource& resource, const std::string& namespaceName,
                    const std::string& name, ObjectHandler done)
{
    d->caller->send(getRequest(resource.path(namespaceName, name)), RequestKind::Read,
                    [done = std::move(done), object = describe(resource, namespaceName, name),
                     sensitive = isSensitive(resource)](core::Result<core::HttpResponse> answer) {
                        if (!answer)
                            return done(std::unexpected(std::move(answer.error())));
                        if (answer->status != 200) {
                            core::Error error = errorFromResponse(*answer, sensitive);
                            error.place.object = object;
                            return done(std::unexpected(std::move(error)));
                        }
                        auto body = parseBody(answer->body);
                        if (!body || !body->is_object())
                            return done(std::unexpected(garbage(
                                body ? core::Error {.message = "the server's answer is no object"}
                                     : body.error(),
                                object)));
                        done(ApiObject {std::move(*body), false, warningsOf(answer->headers)});
                    });
}

void ApiClient::list(const ApiResource& resource, const std::string& namespaceName, int limit,
                     const std::string& continueToken, const std::string& labelSelector,
                     std::function<void(core::Result<ListPage>)> done)
{
    ApiQuery query;
    query.addIf(limit > 0, "limit", std::to_string(limit))
        .add("continue", continueToken)
        .add("labelSelector", labelSelector);
    core::HttpRequest request = getRequest(resource.path(namespaceName, {}) + query.text());
    request.headers.emplace_back("Accept-Encoding", "gzip");
    request.timeout = kListTimeout;
    d->caller->send(std::move(request), RequestKind::Read,
                    [done = std::move(done), resource](core::Result<core::HttpResponse> answer) {
                        if (!answer)
                            return done(std::unexpected(std::move(answer.error())));
                        if (answer->status == 200)
                            return done(pageFrom(std::move(*answer), resource));
                        core::Error error = errorFromResponse(*answer, isSensitive(resource));
                        error.place.object = describe(resource, {}, {});
                        done(std::unexpected(std::move(error)));
                    });
}

ApiClient::WatchId ApiClient::Private::startWatch(std::string target, bool isSensitive, int seconds,
                                                  WatchHandler handler)
{
    WatchStream::Limits limits;
    limits.silence = std::chrono::seconds(seconds + 30);
    const WatchId id = ++lastWatch;
    handler.end = [weak = weak_from_this(), id,
                   end = std::move(handler.end)](std::optional<core::Error> error) {
        if (const auto self = weak.lock())
            self->watches.erase(id);
        if (end)
            end(std::move(error));
    };
    const auto stream = std::make_shared<WatchStream>(transport, executor, gate, std::move(handler),
                                                      isSensitive, limits);
    watches.emplace(id, stream);
    stream->start(getRequest(std::move(target)));
    return id;
}

ApiClient::WatchId ApiClient::watch(const ApiResource& resource, const std::string& namespaceName,
                                    const std::string& resourceVersion, WatchHandler handler)
{
    const int seconds = d->watchSeconds();
    ApiQuery query;
    query.add("watch", "1")
        .add("allowWatchBookmarks", "true")
        .add("resourceVersion", resourceVersion)
        .add("timeoutSeconds", std::to_string(seconds));
    return d->startWatch(resource.path(namespaceName, {}) + query.text(), isSensitive(resource),
                         seconds, std::move(handler));
}

ApiClient::WatchId ApiClient::watchFromStart(const ApiResource& resource,
                                             const std::string& namespaceName, WatchHandler handler)
{
    const int seconds = d->watchSeconds();
    ApiQuery query;
    query.add("watch", "1")
        .add("sendInitialEvents", "true")
        .add("resourceVersionMatch", "NotOlderThan")
        .add("allowWatchBookmarks", "true")
        .add("timeoutSeconds", std::to_string(seconds));
    return d->startWatch(resource.path(namespaceName, {}) + query.text(), isSensitive(resource),
                         seconds, std::move(handler));
}

void ApiClient::cancel(WatchId id)
{
    const auto node = d->watches.extract(id);
    if (!node.empty())
        node.mapped()->cancel();
}

} // namespace gitops
