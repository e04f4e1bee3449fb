// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/apiserver.h"

#include "gitops/practice/crdcontroller.h"
#include "gitops/practice/discovery.h"
#include "gitops/practice/garbagecollector.h"
#include "gitops/practice/metricsapi.h"
#include "gitops/practice/namespacelifecycle.h"
#include "gitops/practice/openapi.h"
#include "gitops/practice/readhandler.h"
#include "gitops/practice/reviews.h"
#include "gitops/practice/subresources.h"
#include "gitops/practice/writehandler.h"

#include <exception>
#include <random>

namespace gitops::practice {

namespace {

constexpr int kSettleRounds = 100; ///< a bound for controllers that would never agree

core::Json versionInfo(const std::string& version)
{
    const std::size_t dot = version.find('.');
    return core::JsonObject {
        {"major", version.substr(1, dot - 1)},
        {"minor", version.substr(dot + 1, version.find('.', dot + 1) - dot - 1)},
        {"gitVersion", version},
        {"gitCommit", ""},
        {"gitTreeState", "clean"},
        {"buildDate", "1970-01-01T00:00:00Z"},
        {"goVersion", "none"},
        {"compiler", "wavewright-practice"},
        {"platform", "linux/amd64"}};
}

std::uint64_t seedOrRandom(std::uint64_t seed)
{
    if (seed != 0)
        return seed;
    std::random_device device;
    return (std::uint64_t(device()) << 32) | device();
}

} // namespace

struct ApiServer::Private
{
    Private(std::unique_ptr<Storage> storage, const core::Clock& theClock, Options theOptions)
        : clock(theClock)
        , options(std::move(theOptions))
        , store(std::move(storage), options.history)
        , writer(store, registry, clock, seedOrRandom(options.seed))
        , hub(store, clock)
        , garbage(store, registry, writer)
        , namespaces(store, registry, writer, options.certificateAuthority)
        , definitions(store, registry, writer, hub)
        , reads(store, clock)
        , writes(store, writer)
        , subresources(store, registry, writer)
        , metrics(store)
        , discovery(registry)
    {
        if (options.metrics)
            registry.addFixed(MetricsApi::types());
    }

    const core::Clock& clock;
    Options options;
    ObjectStore store;
    ResourceRegistry registry;
    ObjectWriter writer;
    WatchHub hub;
    GarbageCollector garbage;
    NamespaceLifecycle namespaces;
    CrdController definitions;
    ReadHandler reads;
    WriteHandler writes;
    Subresources subresources;
    MetricsApi metrics;
    DiscoveryDocuments discovery;
    FaultHook faultHook;
    std::function<void(const Change&)> observer;

    core::HttpResponse respond(const core::HttpRequest& request, const Identity& identity);
    core::HttpResponse respondSafely(const core::HttpRequest& request, const Identity& identity);
    std::optional<core::HttpResponse> plainPath(const core::HttpRequest& request,
                                                const RequestTarget& target);
    ApiResult<ResourceRequest> understand(const core::HttpRequest& request, RequestTarget target,
                                          const Identity& identity);
    bool isServed(const RequestTarget& target) const;
    Answer route(const ResourceRequest& request);
    void settle();
    void createFirstObjects();
};

ApiServer::ApiServer(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

ApiServer::~ApiServer() = default;

core::Result<std::unique_ptr<ApiServer>> ApiServer::make(std::unique_ptr<Storage> storage,
                                                         const core::Clock& clock, Options options)
{
    auto data = std::make_unique<Private>(std::move(storage), clock, std::move(options));
    Private& d = *data;
    if (auto loaded = d.store.load(); !loaded)
        return std::unexpected(std::move(loaded).error());
    d.definitions.start(); // first, so that the kinds of all objects are known
    d.store.setListener([&d](const ChangePtr& change) {
        d.hub.changed(change);
        d.garbage.changed(*change);
        d.namespaces.changed(*change);
        d.definitions.changed(*change);
        if (d.observer)
            d.observer(*change);
    });
    d.createFirstObjects();
    d.garbage.start();
    d.namespaces.start();
    d.settle();
    if (auto kept = d.store.commit(); !kept)
        return std::unexpected(std::move(kept).error());
    return std::unique_ptr<ApiServer>(new ApiServer(std::move(data)));
}

void ApiServer::Private::createFirstObjects()
{
    const TypePtr type = registry.ofStorage("namespaces");
    if (!type)
        return;
    for (std::string_view name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
        if (store.get("namespaces", name))
            continue;
        core::JsonObject space {{"apiVersion", "v1"},
                                {"kind", "Namespace"},
                                {"metadata", core::JsonObject {{"name", name}}}};
        (void)writer.create(*type, "", std::move(space), {.fieldManager = "kube-apiserver"});
    }
}

void ApiServer::Private::settle()
{
    for (int round = 0; round < kSettleRounds; ++round) {
        bool busy = definitions.work();
        busy = namespaces.work() || busy;
        busy = garbage.work() || busy;
        if (!busy)
            return;
    }
}

std::optional<core::HttpResponse> ApiServer::Private::plainPath(const core::HttpRequest& request,
                                                                const RequestTarget& target)
{
    const std::string& path = target.path;
    if (path == "/version" || path == "/version/")
        return jsonResponse(200, versionInfo(options.version));
    for (std::string_view health : {"/healthz", "/livez", "/readyz"})
        if (path == health || path == std::string(health) + "/"
            || path == std::string(health) + "/ping")
            return textResponse(200,
                                target.has("verbose") ? "[+]ping ok\n[+]store ok\n" + path.substr(1)
                                        + " check passed\n"
                                                      : "ok");
    if (path == "/") {
        core::JsonArray paths {"/api",        "/apis",   "/healthz", "/livez",
                               "/openapi/v3", "/readyz", "/version"};
        return jsonResponse(200, core::JsonObject {{"paths", std::move(paths)}});
    }
    if (auto document = discovery.answer(request, target))
        return document;
    return answerOpenApi(registry, request, target);
}

/// Nothing answers below a path that no group has: then it is no API's 404.
bool ApiServer::Private::isServed(const RequestTarget& target) const
{
    const auto path = parseResourcePath(target.segments);
    return path && !registry.versions(path->group).empty();
}

ApiResult<ResourceRequest> ApiServer::Private::understand(const core::HttpRequest& request,
                                                          RequestTarget target,
                                                          const Identity& identity)
{
    auto path = parseResourcePath(target.segments);
    if (!path || path->plural.empty())
        return unknownResource();
    TypePtr type = registry.find(path->group, path->version, path->plural);
    if (!type)
        return unknownResource();
    if (type->namespaced && path->namespaceName.empty() && !path->name.empty())
        return unknownResource();
    if (!type->namespaced && !path->namespaceName.empty())
        return unknownResource();
    auto form =
        negotiate(core::header(request.headers, "Accept"), target.parameter("includeObject"));
    if (!form)
        return std::unexpected(std::move(form).error());
    return ResourceRequest {request, std::move(target), std::move(*path), std::move(type),
                            *form,   identity,          clock.wallNow()};
}

Answer ApiServer::Private::route(const ResourceRequest& request)
{
    const std::string& method = request.http.method;
    const ResourceType& type = *request.type;
    if (type.kind.kind.ends_with("Review") && method == "POST")
        return answerReview(request);
    if (!request.path.subresource.empty())
        return subresources.answer(request, reads, writes);
    if (MetricsApi::serves(type) && !type.custom && method == "GET")
        return metrics.answer(request);
    const bool collection = request.path.name.empty();
    const auto refuse = [&]() -> Answer {
        return methodNotAllowed("the server does not allow this method on the requested resource");
    };
    if (method == "GET" && type.hasVerb("get"))
        return collection ? reads.list(request) : reads.get(request);
    if (method == "POST" && collection && type.hasVerb("create")) {
        if (type.namespaced && request.path.namespaceName.empty())
            return refuse();
        return type.isStored() ? writes.create(request)
                               : subresources.answer(request, reads, writes);
    }
    if (method == "DELETE" && collection && type.namespaced && request.path.namespaceName.empty())
        return refuse();
    if (method == "DELETE" && collection)
        return type.hasVerb("deletecollection") ? writes.removeCollection(request) : refuse();
    if (collection)
        return refuse();
    if (method == "PUT" && type.hasVerb("update"))
        return writes.update(request);
    if (method == "PATCH" && type.hasVerb("patch"))
        return writes.patch(request);
    if (method == "DELETE" && type.hasVerb("delete"))
        return writes.remove(request);
    return refuse();
}

core::HttpResponse ApiServer::Private::respond(const core::HttpRequest& request,
                                               const Identity& identity)
{
    RequestTarget target = parseTarget(request.target);
    if (request.method == "GET")
        if (auto response = plainPath(request, target))
            return std::move(*response);
    if (!isServed(target))
        return textResponse(404, "404 page not found\n");
    const auto understood = understand(request, std::move(target), identity);
    if (!understood)
        return understood.error().toResponse();
    Answer answer = route(*understood);
    if (request.method != "GET")
        settle();
    core::HttpResponse response = answer ? std::move(*answer) : answer.error().toResponse();
    if (std::string warning = deprecationWarning(*understood->type); !warning.empty())
        response.headers.emplace_back("Warning", std::move(warning));
    return response;
}

/// A body of a shape that nobody thought of must not end the server: Boost.JSON throws there.
core::HttpResponse ApiServer::Private::respondSafely(const core::HttpRequest& request,
                                                     const Identity& identity)
{
    try {
        return respond(request, identity);
    } catch (const std::exception& problem) {
        return internalError(std::string("the request could not be handled: ") + problem.what())
            .error()
            .toResponse();
    }
}

core::HttpResponse ApiServer::handle(const core::HttpRequest& request, const Identity& identity)
{
    const std::optional<Fault> fault = d->faultHook ? d->faultHook(request) : std::nullopt;
    if (!fault)
        return d->respondSafely(request, identity);
    switch (fault->kind) {
    case Fault::Kind::Answer:
        return fault->answer;
    case Fault::Kind::Silence:
        return {kStatusSilence, {}, {}};
    case Fault::Kind::ResetAfter:
        (void)d->respondSafely(request, identity);
        break;
    case Fault::Kind::ResetBefore:
        break;
    }
    return {kStatusReset, {}, {}};
}

std::expected<ApiServer::WatchId, core::HttpResponse>
ApiServer::watch(const core::HttpRequest& request, const Identity& identity,
                 std::shared_ptr<WatchSink> sink)
{
    if (const std::optional<Fault> fault = d->faultHook ? d->faultHook(request) : std::nullopt) {
        if (fault->kind == Fault::Kind::Answer)
            return std::unexpected(fault->answer);
        return std::unexpected(core::HttpResponse {
            fault->kind == Fault::Kind::Silence ? kStatusSilence : kStatusReset, {}, {}});
    }
    const auto understood = d->understand(request, parseTarget(request.target), identity);
    if (!understood)
        return std::unexpected(understood.error().toResponse());
    if (!understood->type->hasVerb("watch") || !understood->path.subresource.empty())
        return std::unexpected(
            methodNotAllowed("the server does not allow this method on the requested resource")
                .error()
                .toResponse());
    auto plan = d->reads.watch(*understood);
    if (!plan)
        return std::unexpected(plan.error().toResponse());
    return d->hub.open(std::move(*plan), std::move(sink));
}

void ApiServer::closeWatch(WatchId id)
{
    d->hub.close(id);
}

core::SteadyTime ApiServer::tick()
{
    return d->hub.tick(d->clock.steadyNow());
}

core::Result<void> ApiServer::commit()
{
    return d->store.commit();
}

bool ApiServer::hasPendingCommit() const
{
    return d->store.hasPending();
}

void ApiServer::setFaultHook(FaultHook hook)
{
    d->faultHook = std::move(hook);
}

void ApiServer::setObserver(std::function<void(const Change&)> observer)
{
    d->observer = std::move(observer);
}

WatchHub& ApiServer::watches()
{
    return d->hub;
}

ObjectStore& ApiServer::store()
{
    return d->store;
}

ResourceRegistry& ApiServer::registry()
{
    return d->registry;
}

ObjectWriter& ApiServer::writer()
{
    return d->writer;
}

const core::Clock& ApiServer::clock() const
{
    return d->clock;
}

void ApiServer::settle()
{
    d->settle();
}

} // namespace gitops::practice
