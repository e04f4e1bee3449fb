// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/discoveryreader.h"

#include "core/base/strings.h"

#include <algorithm>
#include <map>

namespace gitops {

const char* const kDiscoveryAccept =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
    "application/json";

namespace {

const core::JsonArray& arrayAt(const core::Json& value, std::string_view key)
{
    static const core::JsonArray empty;
    const core::Json* member = core::find(value, key);
    return member && member->is_array() ? member->get_array() : empty;
}

std::vector<std::string> textsAt(const core::Json& value, std::string_view key)
{
    std::vector<std::string> out;
    for (const core::Json& item : arrayAt(value, key))
        if (item.is_string())
            out.emplace_back(item.get_string());
    return out;
}

std::string textAt(const core::Json& value, std::initializer_list<std::string_view> path)
{
    return std::string(core::stringAt(value, path));
}

/// A resource of an aggregated list; nullopt when it has no kind of its own (a mere parent of
/// subresources) or cannot be read.
std::optional<ApiResource> aggregatedResource(const core::Json& item, const std::string& group,
                                              const std::string& version)
{
    ApiResource resource;
    resource.plural = textAt(item, {"resource"});
    resource.kind.kind = textAt(item, {"responseKind", "kind"});
    // The answer's own kind may live in another group (a Scale); the address is the list's.
    resource.kind.group = group;
    resource.kind.version = version;
    resource.singular = textAt(item, {"singularResource"});
    resource.namespaced = core::stringAt(item, {"scope"}) == "Namespaced";
    for (std::string& verb : textsAt(item, "verbs"))
        resource.verbs.insert(std::move(verb));
    resource.shortNames = textsAt(item, "shortNames");
    resource.categories = textsAt(item, "categories");
    for (const core::Json& sub : arrayAt(item, "subresources"))
        if (const std::string_view name = core::stringAt(sub, {"subresource"}); !name.empty())
            resource.subresources.emplace(name);
    if (resource.plural.empty() || resource.kind.kind.empty())
        return {};
    return resource;
}

} // namespace

bool isAggregatedDiscovery(const core::HttpResponse& response)
{
    const std::string_view type = core::header(response.headers, "Content-Type");
    bool isGroup = false;
    bool isList = false;
    bool isKnownVersion = false;
    for (const std::string_view part : core::split(type, ';')) {
        const std::string_view parameter = core::trimmed(part);
        isGroup = isGroup || parameter == "g=apidiscovery.k8s.io";
        isList = isList || parameter == "as=APIGroupDiscoveryList";
        isKnownVersion = isKnownVersion || parameter == "v=v2" || parameter == "v=v2beta1";
    }
    return isGroup && isList && isKnownVersion;
}

void readAggregated(const core::Json& list, Discovery& out)
{
    for (const core::Json& item : arrayAt(list, "items")) {
        const std::string group = textAt(item, {"metadata", "name"});
        std::set<std::string> seen; // kinds: the first version that has one is its preferred one
        for (const core::Json& version : arrayAt(item, "versions")) {
            const std::string name = textAt(version, {"version"});
            if (name.empty() || core::stringAt(version, {"freshness"}) == "Stale")
                out.markStale(group);
            if (name.empty())
                continue;
            for (const core::Json& entry : arrayAt(version, "resources"))
                if (auto resource = aggregatedResource(entry, group, name)) {
                    const bool isFirst = seen.insert(resource->kind.kind).second;
                    out.add(std::move(*resource), isFirst);
                }
        }
    }
}

std::string GroupVersion::path() const
{
    return group.empty()
        ? "/api/" + core::percentEncode(version)
        : "/apis/" + core::percentEncode(group) + "/" + core::percentEncode(version);
}

std::vector<GroupVersion> readLegacyVersions(const core::Json& answer)
{
    std::vector<GroupVersion> out;
    if (core::find(answer, "groups") == nullptr) {
        for (std::string& version : textsAt(answer, "versions"))
            out.push_back({"", std::move(version)});
        return out;
    }
    for (const core::Json& group : arrayAt(answer, "groups")) {
        const std::string name = textAt(group, {"name"});
        const std::string preferred = textAt(group, {"preferredVersion", "version"});
        const auto begin = std::ptrdiff_t(out.size());
        for (const core::Json& version : arrayAt(group, "versions"))
            out.push_back({name, textAt(version, {"version"})});
        std::stable_partition(
            out.begin() + begin, out.end(),
            [&preferred](const GroupVersion& one) { return one.version == preferred; });
    }
    std::erase_if(out, [](const GroupVersion& one) { return one.version.empty(); });
    return out;
}

void readLegacyResources(const core::Json& list, const GroupVersion& groupVersion, Discovery& out)
{
    std::map<std::string, std::set<std::string>> subresources;
    for (const core::Json& item : arrayAt(list, "resources")) {
        const std::string_view name = core::stringAt(item, {"name"});
        if (const auto slash = name.find('/'); slash != std::string_view::npos)
            subresources[std::string(name.substr(0, slash))].emplace(name.substr(slash + 1));
    }
    for (const core::Json& item : arrayAt(list, "resources")) {
        ApiResource resource;
        resource.plural = textAt(item, {"name"});
        resource.kind = {groupVersion.group, groupVersion.version, textAt(item, {"kind"})};
        if (resource.plural.empty() || resource.kind.kind.empty()
            || resource.plural.find('/') != std::string::npos)
            continue;
        resource.singular = textAt(item, {"singularName"});
        resource.namespaced = core::boolAt(item, {"namespaced"});
        for (std::string& verb : textsAt(item, "verbs"))
            resource.verbs.insert(std::move(verb));
        resource.shortNames = textsAt(item, "shortNames");
        resource.categories = textsAt(item, "categories");
        resource.subresources = subresources[resource.plural];
        out.add(std::move(resource), false);
    }
}

} // namespace gitops
