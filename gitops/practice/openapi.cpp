// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/openapi.h"

#include "core/base/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace gitops::practice {

namespace {

core::JsonObject kindObject(const core::GroupVersionKind& kind)
{
    return {{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}};
}

/// "apps/v1" -> "io.k8s.api.apps.v1.Deployment"; custom kinds reverse their group.
std::string schemaName(const ResourceType& type)
{
    std::vector<std::string> parts;
    if (type.custom) {
        for (std::string_view part : core::split(type.kind.group, '.'))
            parts.insert(parts.begin(), std::string(part));
    } else {
        const std::string group = type.kind.group.substr(0, type.kind.group.find('.'));
        parts = {"io", "k8s", "api", group.empty() ? "core" : group};
    }
    parts.push_back(type.kind.version);
    parts.push_back(type.kind.kind);
    return core::join(parts, ".");
}

core::JsonObject queryParameter(std::string_view name, std::string_view type)
{
    return {{"name", name}, {"in", "query"}, {"schema", core::JsonObject {{"type", type}}}};
}

core::JsonObject patchOperation(const ResourceType& type)
{
    core::JsonObject content;
    for (std::string_view media : {"application/apply-patch+yaml", "application/json-patch+json",
                                   "application/merge-patch+json"})
        content[media] = core::JsonObject {{"schema", core::JsonObject {{"type", "object"}}}};
    core::JsonObject reference {{"$ref", "#/components/schemas/" + schemaName(type)}};
    core::JsonObject answer {
        {"description", "OK"},
        {"content",
         core::JsonObject {
             {"application/json", core::JsonObject {{"schema", std::move(reference)}}}}}};
    return {{"operationId", "patch" + type.kind.kind},
            {"parameters",
             core::JsonArray {
                 queryParameter("dryRun", "string"), queryParameter("fieldManager", "string"),
                 queryParameter("fieldValidation", "string"), queryParameter("force", "boolean")}},
            {"requestBody", core::JsonObject {{"content", std::move(content)}}},
            {"responses", core::JsonObject {{"200", std::move(answer)}}},
            {"x-kubernetes-action", "patch"},
            {"x-kubernetes-group-version-kind", kindObject(type.kind)}};
}

core::Json schemaOf(const ResourceType& type)
{
    core::JsonObject schema;
    if (type.custom && type.custom->schema && type.custom->schema->is_object())
        schema = type.custom->schema->get_object();
    schema["type"] = "object";
    if (!schema.contains("description"))
        schema["description"] = type.kind.kind + " (" + type.kind.apiVersion() + ")";
    core::Json& properties = schema["properties"];
    if (!properties.is_object())
        properties = core::JsonObject {};
    for (std::string_view name : {"apiVersion", "kind"})
        properties.get_object()[name] = core::JsonObject {{"type", "string"}};
    properties.get_object()["metadata"] = core::JsonObject {{"type", "object"}};
    schema["x-kubernetes-group-version-kind"] = core::JsonArray {kindObject(type.kind)};
    return schema;
}

std::string groupVersionPath(const std::string& group, const std::string& version)
{
    return group.empty() ? "api/" + version : "apis/" + group + "/" + version;
}

core::Json document(const ResourceRegistry& registry, const std::string& group,
                    const std::string& version)
{
    core::JsonObject paths;
    core::JsonObject schemas;
    for (const TypePtr& type : registry.resources(group, version)) {
        schemas[schemaName(*type)] = schemaOf(*type);
        if (!type->hasVerb("patch"))
            continue;
        const std::string path =
            fmt::format("/{}/{}{}/{{name}}", groupVersionPath(group, version),
                        type->namespaced ? "namespaces/{namespace}/" : "", type->plural);
        paths[path] = core::JsonObject {{"patch", patchOperation(*type)}};
    }
    return core::JsonObject {
        {"openapi", "3.0.0"},
        {"info", core::JsonObject {{"title", "Kubernetes"}, {"version", "v1.36.0"}}},
        {"paths", std::move(paths)},
        {"components", core::JsonObject {{"schemas", std::move(schemas)}}}};
}

core::Json index(const ResourceRegistry& registry)
{
    core::JsonObject paths;
    for (const std::string& group : registry.groups())
        for (const std::string& version : registry.versions(group)) {
            const std::string path = groupVersionPath(group, version);
            // The hash changes with every CRD, which is all that a client's cache needs.
            const std::string url =
                fmt::format("/openapi/v3/{}?hash={:016X}", path, registry.revision());
            paths[path] = core::JsonObject {{"serverRelativeURL", url}};
        }
    return core::JsonObject {{"paths", std::move(paths)}};
}

} // namespace

std::optional<core::HttpResponse> answerOpenApi(const ResourceRegistry& registry,
                                                const core::HttpRequest& request,
                                                const RequestTarget& target)
{
    const std::vector<std::string>& parts = target.segments;
    if (parts.size() < 2 || parts[0] != "openapi" || parts[1] != "v3")
        return std::nullopt;
    const std::string_view accept = core::header(request.headers, "Accept");
    const bool wantsJson = accept.empty() || accept.find("application/json") != accept.npos
        || accept.find("*/*") != accept.npos;
    if (!wantsJson)
        return textResponse(406, "only application/json is served");
    if (parts.size() == 2)
        return jsonResponse(200, index(registry));
    const bool isCore = parts.size() == 4 && parts[2] == "api";
    if (!isCore && (parts.size() != 5 || parts[2] != "apis"))
        return std::nullopt;
    const std::string group = isCore ? std::string() : parts[3];
    const std::string& version = parts.back();
    if (registry.resources(group, version).empty())
        return std::nullopt;
    return jsonResponse(200, document(registry, group, version));
}

} // namespace gitops::practice
