// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/discovery.h"

#include "core/base/digest.h"
#include "core/base/strings.h"

#include <algorithm>
#include <vector>

namespace gitops::practice {

namespace {

/// The kind that a subresource speaks, where it is another than the parent's.
std::optional<core::GroupVersionKind> subresourceKind(std::string_view name)
{
    if (name == "scale")
        return core::GroupVersionKind {"autoscaling", "v1", "Scale"};
    if (name == "eviction")
        return core::GroupVersionKind {"policy", "v1", "Eviction"};
    if (name == "token")
        return core::GroupVersionKind {"authentication.k8s.io", "v1", "TokenRequest"};
    if (name == "binding")
        return core::GroupVersionKind {"", "v1", "Binding"};
    if (name == "attach")
        return core::GroupVersionKind {"", "v1", "PodAttachOptions"};
    if (name == "exec")
        return core::GroupVersionKind {"", "v1", "PodExecOptions"};
    if (name == "portforward")
        return core::GroupVersionKind {"", "v1", "PodPortForwardOptions"};
    return std::nullopt;
}

core::JsonArray subresourceVerbs(std::string_view name)
{
    if (name == "eviction" || name == "token" || name == "binding")
        return {"create"};
    if (name == "log")
        return {"get"};
    if (name == "portforward" || name == "exec" || name == "attach")
        return {"create", "get"};
    if (name == "finalize")
        return {"update"};
    return {"get", "patch", "update"};
}

core::JsonArray strings(const std::vector<std::string>& list)
{
    core::JsonArray out;
    for (const std::string& each : list)
        out.emplace_back(each);
    return out;
}

/// The core group's version is left out, as upstream: the list has it.
core::JsonObject kindObject(const core::GroupVersionKind& kind)
{
    return {{"group", kind.group},
            {"version", kind.group.empty() ? std::string() : kind.version},
            {"kind", kind.kind}};
}

core::JsonObject aggregatedResource(const ResourceType& type)
{
    core::JsonObject out {{"resource", type.plural},
                          {"responseKind", kindObject(type.kind)},
                          {"scope", type.namespaced ? "Namespaced" : "Cluster"},
                          {"singularResource", type.singular},
                          {"verbs", strings(type.verbs)}};
    if (!type.shortNames.empty())
        out["shortNames"] = strings(type.shortNames);
    if (!type.categories.empty())
        out["categories"] = strings(type.categories);
    core::JsonArray subresources;
    for (const std::string& name : type.subresources)
        subresources.push_back(core::JsonObject {
            {"subresource", name},
            {"responseKind", kindObject(subresourceKind(name).value_or(type.kind))},
            {"verbs", subresourceVerbs(name)}});
    if (!subresources.empty())
        out["subresources"] = std::move(subresources);
    return out;
}

std::vector<TypePtr> sortedByName(std::vector<TypePtr> types)
{
    std::ranges::sort(types, {}, [](const TypePtr& type) { return type->plural; });
    return types;
}

core::JsonObject aggregatedGroup(const ResourceRegistry& registry, const std::string& group)
{
    core::JsonArray versions;
    for (const std::string& version : registry.versions(group)) {
        core::JsonArray resources;
        for (const TypePtr& type : sortedByName(registry.resources(group, version)))
            resources.push_back(aggregatedResource(*type));
        versions.push_back(core::JsonObject {
            {"version", version}, {"resources", std::move(resources)}, {"freshness", "Current"}});
    }
    core::JsonObject metadata;
    if (!group.empty())
        metadata["name"] = group;
    return {{"metadata", std::move(metadata)}, {"versions", std::move(versions)}};
}

core::Json aggregated(const ResourceRegistry& registry, bool core)
{
    core::JsonArray items;
    for (const std::string& group : registry.groups())
        if (group.empty() == core)
            items.push_back(aggregatedGroup(registry, group));
    return core::JsonObject {{"kind", "APIGroupDiscoveryList"},
                             {"apiVersion", "apidiscovery.k8s.io/v2"},
                             {"metadata", core::JsonObject {}},
                             {"items", std::move(items)}};
}

core::JsonObject legacyGroup(const ResourceRegistry& registry, const std::string& group)
{
    core::JsonArray versions;
    for (const std::string& version : registry.versions(group))
        versions.push_back(
            core::JsonObject {{"groupVersion", group + "/" + version}, {"version", version}});
    core::Json preferred = versions.front();
    return {{"name", group},
            {"versions", std::move(versions)},
            {"preferredVersion", std::move(preferred)}};
}

core::JsonObject legacyResource(const ResourceType& type, std::string_view subresource)
{
    const bool sub = !subresource.empty();
    core::JsonObject out {
        {"name", sub ? type.plural + "/" + std::string(subresource) : type.plural},
        {"singularName", sub ? std::string() : type.singular},
        {"namespaced", type.namespaced}};
    const auto other = sub ? subresourceKind(subresource) : std::nullopt;
    if (other && !other->group.empty()) {
        out["group"] = other->group;
        out["version"] = other->version;
    }
    out["kind"] = other.value_or(type.kind).kind;
    out["verbs"] = sub ? subresourceVerbs(subresource) : strings(type.verbs);
    if (!sub && !type.shortNames.empty())
        out["shortNames"] = strings(type.shortNames);
    if (!sub && !type.categories.empty())
        out["categories"] = strings(type.categories);
    return out;
}

core::Json legacyResources(const ResourceRegistry& registry, const std::string& group,
                           const std::string& version)
{
    core::JsonArray list;
    for (const TypePtr& type : sortedByName(registry.resources(group, version))) {
        list.push_back(legacyResource(*type, {}));
        for (const std::string& name : type->subresources)
            list.push_back(legacyResource(*type, name));
    }
    core::JsonObject out {{"kind", "APIResourceList"}};
    if (!group.empty()) // upstream's oldest list goes without
        out["apiVersion"] = "v1";
    out["groupVersion"] = group.empty() ? version : group + "/" + version;
    out["resources"] = std::move(list);
    return out;
}

core::Json legacyGroups(const ResourceRegistry& registry)
{
    core::JsonArray groups;
    for (const std::string& group : registry.groups())
        if (!group.empty())
            groups.push_back(legacyGroup(registry, group));
    return core::JsonObject {
        {"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}};
}

bool acceptsAggregated(std::string_view accept)
{
    for (std::string_view clause : core::split(accept, ','))
        if (clause.find("as=APIGroupDiscoveryList") != std::string_view::npos
            && clause.find("g=apidiscovery.k8s.io") != std::string_view::npos
            && (clause.find("v=v2;") != std::string_view::npos || clause.ends_with("v=v2")))
            return true;
    return false;
}

} // namespace

std::string DiscoveryDocuments::make(const RequestTarget& target, bool isAggregated) const
{
    const std::vector<std::string>& parts = target.segments;
    const bool isCore = parts[0] == "api";
    if (parts.size() == 1) {
        if (isAggregated)
            return core::toText(aggregated(m_registry, isCore));
        if (!isCore)
            return core::toText(legacyGroups(m_registry));
        return core::toText(core::JsonObject {{"kind", "APIVersions"},
                                              {"versions", core::JsonArray {"v1"}},
                                              {"serverAddressByClientCIDRs", core::JsonArray {}}});
    }
    const std::string group = isCore ? std::string() : parts[1];
    const std::size_t versionAt = isCore ? 1 : 2;
    if (m_registry.versions(group).empty())
        return {};
    if (parts.size() == versionAt) {
        core::JsonObject out = legacyGroup(m_registry, group);
        out["kind"] = "APIGroup";
        out["apiVersion"] = "v1";
        return core::toText(out);
    }
    if (parts.size() != versionAt + 1 || m_registry.resources(group, parts[versionAt]).empty())
        return {};
    return core::toText(legacyResources(m_registry, group, parts[versionAt]));
}

std::optional<core::HttpResponse> DiscoveryDocuments::answer(const core::HttpRequest& request,
                                                             const RequestTarget& target)
{
    const std::vector<std::string>& parts = target.segments;
    if (parts.empty() || (parts[0] != "api" && parts[0] != "apis") || parts.size() > 3)
        return std::nullopt;
    if (m_madeOf != m_registry.revision()) {
        m_made.clear();
        m_madeOf = m_registry.revision();
    }
    const bool isAggregated =
        parts.size() == 1 && acceptsAggregated(core::header(request.headers, "Accept"));
    std::string& body = m_made[target.path + (isAggregated ? "#aggregated" : "")];
    if (body.empty())
        body = make(target, isAggregated);
    if (body.empty())
        return std::nullopt;
    const std::string tag = '"' + core::sha256(body).hex() + '"';
    core::HttpHeaders headers {{"Vary", "Accept"}, {"Cache-Control", "public"}, {"ETag", tag}};
    if (core::header(request.headers, "If-None-Match") == tag)
        return core::HttpResponse {304, std::move(headers), {}};
    headers.emplace_back("Content-Type",
                         isAggregated ? "application/json;g=apidiscovery.k8s.io;v=v2;"
                                        "as=APIGroupDiscoveryList"
                                      : "application/json");
    return core::HttpResponse {200, std::move(headers), body};
}

} // namespace gitops::practice
