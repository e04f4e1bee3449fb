// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/subresources.h"

#include "gitops/practice/podstreamrequest.h"
#include "gitops/practice/scale.h"

#include <fmt/format.h>

namespace gitops::practice {

namespace {

core::Json success(int code)
{
    return core::JsonObject {{"kind", "Status"},
                             {"apiVersion", "v1"},
                             {"metadata", core::JsonObject {}},
                             {"status", "Success"},
                             {"code", code}};
}

} // namespace

Subresources::Subresources(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer)
    : m_store(store)
    , m_registry(registry)
    , m_writer(writer)
{
}

StoredPtr Subresources::find(const ResourceRequest& request) const
{
    return m_writer.find(*request.type, request.path.namespaceName, request.path.name);
}

Answer Subresources::answer(const ResourceRequest& request, const ReadHandler& reads,
                            WriteHandler& writes)
{
    const std::string& name = request.path.subresource;
    const std::string& method = request.http.method;
    if (request.type->kind.kind == "Binding" && method == "POST")
        return bind(request);
    if (!request.type->subresources.contains(name))
        return unknownResource();
    if (name == "status" || name == "ephemeralcontainers" || name == "resize"
        || name == "approval") {
        if (method == "GET")
            return reads.get(request);
        if (method == "PUT")
            return writes.update(request);
        if (method == "PATCH")
            return writes.patch(request);
    } else if (name == "scale" && (method == "GET" || method == "PUT" || method == "PATCH")) {
        return scale(request);
    } else if (name == "finalize" && method == "PUT") {
        return writes.update(request);
    } else if (name == "eviction" && method == "POST") {
        return evict(request);
    } else if (name == "binding" && method == "POST") {
        return bind(request);
    } else if (name == "token" && method == "POST") {
        return token(request);
    } else if (name == "log" && method == "GET") {
        return log(request);
    } else if ((name == "exec" || name == "attach" || name == "portforward")
               && (method == "GET" || method == "POST")) {
        return stream(request);
    }
    return methodNotAllowed("the server does not allow this method on the requested resource");
}

Answer Subresources::scale(const ResourceRequest& request)
{
    const StoredPtr current = find(request);
    if (!current)
        return notFound(request.subject());
    const core::Json before = scaleOf(*request.type, *current);
    if (request.http.method == "GET")
        return valueResponse(200, before);
    std::vector<std::string> warnings;
    auto options = writeOptions(request, &warnings);
    if (!options)
        return std::unexpected(std::move(options).error());
    auto wanted =
        request.http.method == "PUT" ? bodyOf(request.http, false) : patched(request, before);
    if (!wanted)
        return std::unexpected(std::move(wanted).error());
    if (const std::string_view name = core::stringAt(*wanted, {"metadata", "name"});
        !name.empty() && name != request.path.name)
        return badRequest(
            fmt::format("the name of the object ({}) does not match the name on the URL ({})", name,
                        request.path.name));
    core::Json object = objectValue(*request.type, *current);
    if (auto set = setScale(*request.type, object, *wanted); !set)
        return std::unexpected(std::move(set).error());
    auto kept = m_writer.update(*request.type, current, std::move(object), *options);
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return valueResponse(200, scaleOf(*request.type, **kept), warnings);
}

Answer Subresources::evict(const ResourceRequest& request)
{
    auto wanted = bodyOf(request.http, false);
    if (!wanted)
        return std::unexpected(std::move(wanted).error());
    const StoredPtr pod = find(request);
    if (!pod)
        return notFound(request.subject());
    if (const std::string_view name = core::stringAt(*wanted, {"metadata", "name"});
        !name.empty() && name != request.path.name)
        return badRequest("name in URL does not match name in Eviction object");
    DeleteRequest deletion;
    deletion.dryRun = request.target.parameter("dryRun") == "All";
    if (const core::Json* grace = core::findPath(*wanted, {"deleteOptions", "gracePeriodSeconds"}))
        deletion.gracePeriodSeconds = grace->is_int64() ? grace->get_int64() : 0;
    auto outcome = m_writer.remove(*request.type, pod, deletion);
    if (!outcome)
        return std::unexpected(std::move(outcome).error());
    return valueResponse(201, success(201));
}

Answer Subresources::bind(const ResourceRequest& request)
{
    auto binding = bodyOf(request.http, false);
    if (!binding)
        return std::unexpected(std::move(binding).error());
    const TypePtr pods = m_registry.find("", "v1", "pods");
    const std::string name = request.path.name.empty()
        ? std::string(core::stringAt(*binding, {"metadata", "name"}))
        : request.path.name;
    const StoredPtr pod = pods ? m_writer.find(*pods, request.path.namespaceName, name) : nullptr;
    if (!pod)
        return notFound({"", "pods", name});
    if (!core::stringAt(pod->value(), {"spec", "nodeName"}).empty())
        return conflict({"", "pods/binding", name},
                        fmt::format("pod {} is already assigned to node \"{}\"", name,
                                    core::stringAt(pod->value(), {"spec", "nodeName"})));
    core::Json next = pod->value();
    next.as_object()["spec"].as_object()["nodeName"] = core::stringAt(*binding, {"target", "name"});
    auto kept = m_writer.update(*pods, pod, std::move(next), {.fieldManager = "kube-scheduler"});
    if (!kept)
        return std::unexpected(std::move(kept).error());
    return valueResponse(201, success(201));
}

Answer Subresources::token(const ResourceRequest& request)
{
    auto wanted = bodyOf(request.http, false);
    if (!wanted)
        return std::unexpected(std::move(wanted).error());
    if (!wanted->is_object())
        return badRequest("the body is no JSON object");
    if (!find(request))
        return notFound(request.subject());
    const auto lifetime =
        std::chrono::seconds(core::integerAt(*wanted, {"spec", "expirationSeconds"}, 3600));
    core::Json answer = std::move(*wanted);
    // No server of this kind checks such a token: it opens nothing.
    answer.as_object()["status"] =
        core::JsonObject {{"token", "practice." + m_writer.makeUid()},
                          {"expirationTimestamp", core::formatRfc3339(request.now + lifetime)}};
    return valueResponse(201, answer);
}

/// Those who carry requests have taken the upgrades that lead somewhere.
Answer Subresources::stream(const ResourceRequest& request)
{
    if (!find(request))
        return notFound(request.subject());
    const auto wanted = podStreamRequest(request.http);
    if (!wanted || wanted->subresource == "portforward")
        return badRequest("Upgrade request required");
    return nothingRuns(*wanted);
}

Answer Subresources::log(const ResourceRequest& request)
{
    const StoredPtr pod = find(request);
    if (!pod)
        return notFound(request.subject());
    return textResponse(
        200,
        fmt::format("{} simulated by the practice cluster: pod {} runs no process\n",
                    core::stringAt(pod->value(), {"metadata", "creationTimestamp"}),
                    request.path.name));
}

} // namespace gitops::practice
