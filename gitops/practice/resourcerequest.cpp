// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/resourcerequest.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/practice/protobuf.h"

#include <algorithm>

namespace gitops::practice {

namespace {

constexpr std::size_t kBodyLimit = 3u << 20;

/// Without fieldManager the first word of the User-Agent counts.
std::string managerFromAgent(std::string_view agent)
{
    const std::string_view name = agent.substr(0, agent.find('/'));
    return name.empty() ? "unknown" : std::string(name.substr(0, 128));
}

bool isPrintable(std::string_view text)
{
    return core::isValidUtf8(text)
        && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out += '"';
}

/// How the API server calls the options of a write.
std::string optionsKind(std::string_view method)
{
    return method == "PUT" ? "UpdateOptions" : method == "PATCH" ? "PatchOptions" : "CreateOptions";
}

void addWarnings(core::HttpResponse& response, const std::vector<std::string>& warnings)
{
    for (const std::string& warning : warnings)
        response.headers.emplace_back("Warning", "299 - " + quoted(warning));
}

} // namespace

std::string ResourceRequest::keyPrefix() const
{
    return type->namespaced && !path.namespaceName.empty() ? path.namespaceName + "/" : "";
}

ApiResult<WriteOptions> writeOptions(const ResourceRequest& request,
                                     std::vector<std::string>* warnings)
{
    WriteOptions options;
    options.warnings = warnings;
    const std::string kind = optionsKind(request.http.method);
    options.subresource = request.path.subresource;
    if (const std::string_view dry = request.target.parameter("dryRun"); !dry.empty()) {
        if (dry != "All")
            return invalid("meta.k8s.io", kind, "", {unsupportedDryRun(dry)});
        options.dryRun = true;
    }
    options.fieldManager = request.target.parameter("fieldManager");
    if (options.fieldManager.size() > 128)
        return invalid(
            "meta.k8s.io", kind, "",
            {{"FieldValueTooLong", "Too long: may not be more than 128 bytes", "fieldManager"}});
    if (!isPrintable(options.fieldManager))
        return invalid("meta.k8s.io", kind, "",
                       {fieldInvalidText("fieldManager", options.fieldManager,
                                         "should only contain printable characters")});
    if (options.fieldManager.empty())
        options.fieldManager = managerFromAgent(core::header(request.http.headers, "User-Agent"));
    const std::string_view validation = request.target.parameter("fieldValidation");
    if (validation == "Strict")
        options.fieldValidation = FieldValidation::Strict;
    else if (validation == "Ignore")
        options.fieldValidation = FieldValidation::Ignore;
    else if (!validation.empty() && validation != "Warn")
        return invalid(
            "meta.k8s.io", kind, "",
            {fieldUnsupported("fieldValidation", validation, {"", "Ignore", "Strict", "Warn"})});
    return options;
}

std::string contentType(const core::HttpRequest& request)
{
    const std::string_view header = core::header(request.headers, "Content-Type");
    const std::string type = core::toLower(core::trimmed(header.substr(0, header.find(';'))));
    return type.empty() ? "application/json" : type;
}

ApiResult<core::Json> bodyOf(const core::HttpRequest& request, bool yamlAllowed)
{
    if (request.body.size() > kBodyLimit) {
        ApiError error;
        error.code = 413;
        error.reason = "RequestEntityTooLarge";
        error.message = "limit is 3145728";
        return std::unexpected(std::move(error));
    }
    const std::string type = contentType(request);
    if (type == "application/vnd.kubernetes.protobuf")
        return jsonFromProtobuf(request.body);
    if (yamlAllowed || type == "application/yaml") {
        if (core::trimmed(request.body).starts_with('{'))
            if (auto json = core::parseJson(request.body))
                return std::move(*json);
        auto yaml = core::parseYaml(request.body, "");
        if (!yaml)
            return badRequest("error converting YAML to JSON: " + yaml.error().text());
        return std::move(*yaml);
    }
    if (type != "application/json" && !type.ends_with("+json"))
        return unsupportedMediaType("the body of the request was in an unknown format - accepted "
                                    "media types include: application/json, application/yaml, "
                                    "application/vnd.kubernetes.protobuf");
    auto json = core::parseJson(request.body);
    if (!json)
        return badRequest("the object provided is unrecognized (must be of type JSON): "
                          + json.error().message);
    return std::move(*json);
}

std::string deprecationWarning(const ResourceType& type)
{
    std::string text = type.custom ? type.custom->deprecation : std::string();
    if (!type.custom && type.storage == "endpoints")
        text = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
    return text.empty() ? text : "299 - " + quoted(text);
}

core::HttpResponse objectResponse(const ResourceRequest& request, int status,
                                  const StoredObject& object,
                                  const std::vector<std::string>& warnings)
{
    core::HttpResponse response {status,
                                 {{"Content-Type", "application/json"}},
                                 presentObject(*request.type, object, request.form, request.now)
                                     + "\n"};
    addWarnings(response, warnings);
    return response;
}

core::HttpResponse valueResponse(int status, const core::Json& value,
                                 const std::vector<std::string>& warnings)
{
    core::HttpResponse response = jsonResponse(status, value);
    addWarnings(response, warnings);
    return response;
}

} // namespace gitops::practice
