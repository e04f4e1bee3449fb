// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusterobjects.h"

#include "core/base/http.h"
#include "core/base/strings.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/discoveryreader.h"

#include <algorithm>
#include <map>

namespace gitops {

namespace {

constexpr int kPage = 500;
constexpr std::size_t kMostObjects = 200'000;

const core::JsonArray& arrayAt(const core::Json& value,
                               std::initializer_list<std::string_view> path)
{
    static const core::JsonArray none;
    const core::Json* found = core::findPath(value, path);
    return found && found->is_array() ? found->get_array() : none;
}

core::Result<core::HttpResponse> read(ClusterAccess& access, const std::string& target,
                                      const std::string& accept)
{
    core::HttpRequest request;
    request.target = target;
    request.headers = {{"Accept", accept}};
    request.timeout = std::chrono::seconds(60);
    auto response = access.send(std::move(request));
    if (response && (response->status < 200 || response->status > 299))
        return std::unexpected(errorFromResponse(*response));
    return response;
}

/// One of /api and /apis.
core::Result<void> discoverBelow(ClusterAccess& access, const std::string& root, Discovery& out)
{
    const auto response =
        read(access, root,
             "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
             "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
             "application/json");
    if (!response)
        return std::unexpected(response.error());
    const auto value = core::parseJson(response->body);
    if (!value)
        return std::unexpected(value.error());
    if (isAggregatedDiscovery(*response)) {
        readAggregated(*value, out);
        return {};
    }
    for (const GroupVersion& version : readLegacyVersions(*value)) {
        const auto list = access.get(version.path());
        if (list)
            readLegacyResources(*list, version, out);
        else
            out.markStale(version.group);
    }
    return {};
}

bool isCalled(const ApiResource& resource, const std::string& name)
{
    return resource.plural == name || resource.singular == name
        || core::toLower(resource.kind.kind) == name
        || std::ranges::find(resource.shortNames, name) != resource.shortNames.end();
}

/// "" and "apps" before those with dots that are nobody's but an operator's.
int rankOf(const std::string& group)
{
    return group.empty()                       ? 0
        : group.find('.') == std::string::npos ? 1
        : group.ends_with(".k8s.io")           ? 2
                                               : 3;
}

std::string queryOf(const ObjectSelection& selection, const std::string& continueToken)
{
    std::string out = "?limit=" + std::to_string(kPage);
    if (!selection.labelSelector.empty())
        out += "&labelSelector=" + core::percentEncode(selection.labelSelector);
    if (!continueToken.empty())
        out += "&continue=" + core::percentEncode(continueToken);
    return out;
}

std::string cellText(const core::Json& cell)
{
    if (cell.is_string())
        return std::string(std::string_view(cell.get_string()));
    return cell.is_null() ? "" : core::toText(cell);
}

void addTable(const core::Json& value, ObjectTable& out)
{
    if (out.columns.empty())
        for (const core::Json& column : arrayAt(value, {"columnDefinitions"}))
            out.columns.push_back({std::string(core::stringAt(column, {"name"})),
                                   core::integerAt(column, {"priority"}, 0)});
    for (const core::Json& row : arrayAt(value, {"rows"})) {
        ObjectTable::Row next;
        next.namespaceName = core::stringAt(row, {"object", "metadata", "namespace"});
        for (const core::Json& cell : arrayAt(row, {"cells"}))
            next.cells.push_back(cellText(cell));
        next.cells.resize(out.columns.size());
        out.rows.push_back(std::move(next));
    }
}

/// matchLabels and matchExpressions as one text; a Service's selector is the labels alone.
std::string selectorText(const core::Json& object)
{
    const core::Json* selector = core::findPath(object, {"spec", "selector"});
    if (!selector || !selector->is_object())
        return {};
    const core::Json* labels = core::find(*selector, "matchLabels");
    if (!labels && !core::find(*selector, "matchExpressions"))
        labels = selector;
    std::vector<std::string> parts;
    if (labels && labels->is_object())
        for (const auto& [key, value] : labels->get_object())
            if (value.is_string())
                parts.push_back(std::string(key) + "="
                                + std::string(std::string_view(value.get_string())));
    for (const core::Json& each : arrayAt(*selector, {"matchExpressions"})) {
        const std::string key(core::stringAt(each, {"key"}));
        const std::string_view how = core::stringAt(each, {"operator"});
        std::vector<std::string> values;
        for (const core::Json& value : arrayAt(each, {"values"}))
            if (value.is_string())
                values.emplace_back(std::string_view(value.get_string()));
        if (how == "Exists" || how == "DoesNotExist")
            parts.push_back((how == "Exists" ? "" : "!") + key);
        else
            parts.push_back(key + (how == "In" ? " in (" : " notin (") + core::join(values, ",")
                            + ")");
    }
    return core::join(parts, ",");
}

ApiResource podResource()
{
    ApiResource out;
    out.kind = {"", "v1", "Pod"};
    out.plural = "pods";
    return out;
}

} // namespace

core::Result<Discovery> discover(ClusterAccess& access)
{
    Discovery out;
    for (const char* root : {"/api", "/apis"})
        if (auto read = discoverBelow(access, root, out); !read)
            return std::unexpected(std::move(read.error()));
    return out;
}

core::Result<ApiResource> resourceNamed(const Discovery& discovery, const std::string& word)
{
    const std::string asked = core::toLower(word);
    const std::size_t dot = asked.find('.');
    const ApiResource* best = nullptr;
    std::string near;
    std::size_t nearest = 4;
    for (const ApiResource* each : discovery.all()) {
        if (const std::size_t distance = core::editDistance(each->plural, asked);
            distance < nearest) {
            nearest = distance;
            near = each->plural;
        }
        const bool isMeant = isCalled(*each, asked)
            || (dot != std::string::npos && isCalled(*each, asked.substr(0, dot))
                && each->kind.group == asked.substr(dot + 1));
        if (!isMeant || each->verbs.empty())
            continue;
        const auto* preferred = discovery.find(core::GroupKind {each->kind.group, each->kind.kind});
        if (preferred && preferred->kind.version != each->kind.version)
            continue;
        if (!best || rankOf(each->kind.group) < rankOf(best->kind.group))
            best = each;
    }
    if (best)
        return *best;
    return core::failure(core::ErrorCode::NotFound,
                         "the server has no kind \"" + core::sanitised(word.substr(0, 100)) + "\""
                             + (near.empty() ? "" : "; did you mean " + near + "?"),
                         {}, core::Fault::User);
}

core::Result<std::vector<core::Json>> objectsOf(ClusterAccess& access, const ApiResource& resource,
                                                const ObjectSelection& selection)
{
    std::vector<core::Json> out;
    const std::string path = resource.path(selection.namespaceName, selection.name);
    if (!selection.name.empty()) {
        auto object = access.get(path);
        if (!object)
            return std::unexpected(std::move(object.error()));
        out.push_back(std::move(*object));
        return out;
    }
    for (std::string next;;) {
        auto list = access.get(path + queryOf(selection, next));
        if (!list)
            return std::unexpected(std::move(list.error()));
        core::Json* items = core::find(*list, "items");
        if (items && items->is_array())
            for (core::Json& item : items->get_array()) {
                if (!item.is_object())
                    continue;
                // Built-in kinds leave these out of lists.
                core::JsonObject whole {{"apiVersion", resource.kind.apiVersion()},
                                        {"kind", resource.kind.kind}};
                for (auto& [key, member] : item.get_object())
                    whole[key] = std::move(member);
                out.push_back(std::move(whole));
            }
        next = core::stringAt(*list, {"metadata", "continue"});
        if (next.empty())
            return out;
        if (out.size() > kMostObjects)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "there are more than " + std::to_string(kMostObjects)
                                     + " objects; choose some of them");
    }
}

core::Result<ObjectTable> tableOf(ClusterAccess& access, const ApiResource& resource,
                                  const ObjectSelection& selection)
{
    ObjectTable out;
    const std::string path = resource.path(selection.namespaceName, selection.name);
    for (std::string next;;) {
        const auto response =
            read(access, selection.name.empty() ? path + queryOf(selection, next) : path,
                 "application/json;as=Table;v=v1;g=meta.k8s.io");
        if (!response)
            return std::unexpected(response.error());
        const auto value = core::parseJson(response->body, {.bytes = 256u << 20, .depth = 200});
        if (!value)
            return std::unexpected(value.error());
        addTable(*value, out);
        next = core::stringAt(*value, {"metadata", "continue"});
        if (next.empty() || out.rows.size() > kMostObjects)
            return out;
    }
}

ObjectEvent eventOf(const core::Json& event)
{
    const auto first = [&event](std::initializer_list<std::initializer_list<std::string_view>> at) {
        for (const auto& path : at)
            if (const std::string_view text = core::stringAt(event, path); !text.empty())
                return std::string(text);
        return std::string();
    };
    ObjectEvent out;
    out.type = first({{"type"}});
    out.reason = first({{"reason"}});
    out.message = first({{"message"}, {"note"}});
    out.source = first({{"source", "component"}, {"reportingComponent"}, {"reportingController"}});
    out.lastSeen = first({{"series", "lastObservedTime"},
                          {"lastTimestamp"},
                          {"eventTime"},
                          {"firstTimestamp"},
                          {"metadata", "creationTimestamp"}});
    out.count = core::integerAt(event, {"series", "count"}, core::integerAt(event, {"count"}, 1));
    const std::string space = first({{"involvedObject", "namespace"}, {"regarding", "namespace"}});
    out.object = first({{"involvedObject", "kind"}, {"regarding", "kind"}}) + " "
        + (space.empty() ? "" : space + "/")
        + first({{"involvedObject", "name"}, {"regarding", "name"}});
    return out;
}

core::Result<std::vector<ObjectEvent>> eventsOf(ClusterAccess& access,
                                                const std::string& namespaceName,
                                                const std::string& kind, const std::string& name)
{
    std::string target = namespaceName.empty()
        ? "/api/v1/events"
        : "/api/v1/namespaces/" + core::percentEncode(namespaceName) + "/events";
    target += "?limit=" + std::to_string(kPage);
    if (!name.empty())
        target += "&fieldSelector="
            + core::percentEncode("involvedObject.name=" + name + ",involvedObject.kind=" + kind);
    std::vector<ObjectEvent> out;
    for (std::string next;;) {
        const auto list =
            access.get(target + (next.empty() ? "" : "&continue=" + core::percentEncode(next)));
        if (!list)
            return std::unexpected(list.error());
        for (const core::Json& event : arrayAt(*list, {"items"}))
            out.push_back(eventOf(event));
        next = core::stringAt(*list, {"metadata", "continue"});
        if (next.empty() || out.size() > kMostObjects)
            break;
    }
    std::ranges::stable_sort(out, {}, &ObjectEvent::lastSeen);
    return out;
}

core::Result<std::vector<core::Json>> podsOf(ClusterAccess& access,
                                             const std::string& namespaceName,
                                             const std::string& target,
                                             const std::string& labelSelector)
{
    ObjectSelection selection {namespaceName, {}, labelSelector};
    const std::size_t slash = target.find('/');
    const std::string kind = slash == std::string::npos ? "pod" : target.substr(0, slash);
    const std::string name = slash == std::string::npos ? target : target.substr(slash + 1);
    if (kind == "pod" || kind == "pods" || kind == "po") {
        selection.name = name;
    } else {
        const auto discovery = discover(access);
        if (!discovery)
            return std::unexpected(discovery.error());
        const auto resource = resourceNamed(*discovery, kind);
        if (!resource)
            return std::unexpected(resource.error());
        const auto object = access.get(resource->path(namespaceName, name));
        if (!object)
            return std::unexpected(object.error());
        selection.labelSelector = selectorText(*object);
        if (selection.labelSelector.empty())
            return core::failure(core::ErrorCode::NotFound, "it selects no pods",
                                 {.object = target}, core::Fault::User);
    }
    auto pods = objectsOf(access, podResource(), selection);
    if (!pods)
        return std::unexpected(std::move(pods.error()));
    std::ranges::sort(*pods, {}, [](const core::Json& pod) {
        return std::string(core::stringAt(pod, {"metadata", "name"}));
    });
    if (pods->empty())
        return core::failure(core::ErrorCode::NotFound, "there are no such pods",
                             {.object = target.empty() ? labelSelector : target},
                             core::Fault::User);
    return pods;
}

std::string defaultContainer(const core::Json& pod)
{
    const auto chosen =
        core::stringAt(pod, {"metadata", "annotations", "kubectl.kubernetes.io/default-container"});
    if (!chosen.empty())
        return std::string(chosen);
    const core::JsonArray& containers = arrayAt(pod, {"spec", "containers"});
    return containers.empty() ? std::string()
                              : std::string(core::stringAt(containers.front(), {"name"}));
}

std::vector<std::string> containersOf(const core::Json& pod)
{
    std::vector<std::string> out;
    for (const char* list : {"initContainers", "containers"})
        for (const core::Json& container : arrayAt(pod, {"spec", list}))
            out.emplace_back(core::stringAt(container, {"name"}));
    return out;
}

} // namespace gitops
