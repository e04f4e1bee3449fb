// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectmeta.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>

namespace gitops::practice {

namespace {

bool isLowerAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isAlnum(char c)
{
    return isLowerAlnum(c) || (c >= 'A' && c <= 'Z');
}

/// The rules for path segments alone, which RBAC's names have to keep.
bool isPathSegment(std::string_view name)
{
    return name != "." && name != ".." && name.find_first_of("/%") == std::string_view::npos;
}

bool isNameRelaxed(const ResourceType& type)
{
    return type.kind.group == "rbac.authorization.k8s.io";
}

/// Kinds whose names are DNS labels, not subdomains.
bool isNameLabel(const ResourceType& type)
{
    return type.kind.group.empty()
        && (type.kind.kind == "Namespace" || type.kind.kind == "Service");
}

constexpr std::string_view kSubdomainRule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view kLabelRule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
    "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kLabelValueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
    "'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr std::string_view kQualifiedNameRule =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

void validateName(const ResourceType& type, std::string_view name, std::vector<Cause>& causes)
{
    if (isNameRelaxed(type)) {
        if (!isPathSegment(name))
            causes.push_back(fieldInvalidText("metadata.name", name,
                                              "may not be '.' or '..' or contain '/' or '%'"));
    } else if (isNameLabel(type)) {
        if (name.find('.') != name.npos)
            causes.push_back(fieldInvalidText("metadata.name", name, "must not contain dots"));
        else if (!isDnsLabel(name))
            causes.push_back(fieldInvalidText("metadata.name", name, kLabelRule));
    } else if (!isDnsSubdomain(name)) {
        causes.push_back(fieldInvalidText("metadata.name", name, kSubdomainRule));
    }
}

void validateLabels(const core::Json& metadata, std::vector<Cause>& causes)
{
    const core::Json* labels = core::find(metadata, "labels");
    if (!labels || !labels->is_object())
        return;
    for (const auto& [key, value] : labels->get_object()) {
        if (!isQualifiedName(key))
            causes.push_back(fieldInvalidText("metadata.labels", key, kQualifiedNameRule));
        if (value.is_string() && !isLabelValue(value.get_string()))
            causes.push_back(fieldInvalid("metadata.labels", value, kLabelValueRule));
    }
}

void validateAnnotations(const core::Json& metadata, std::vector<Cause>& causes)
{
    const core::Json* annotations = core::find(metadata, "annotations");
    if (!annotations || !annotations->is_object())
        return;
    std::size_t size = 0;
    for (const auto& [key, value] : annotations->get_object()) {
        if (!isQualifiedName(core::toLower(key)))
            causes.push_back(fieldInvalidText("metadata.annotations", key, kQualifiedNameRule));
        size += key.size() + (value.is_string() ? value.get_string().size() : 0);
    }
    if (size > kAnnotationsLimit)
        causes.push_back(
            {"FieldValueTooLong",
             "Too long: may not be more than " + std::to_string(kAnnotationsLimit) + " bytes",
             "metadata.annotations"});
}

void validateOwners(const core::Json& metadata, std::vector<Cause>& causes)
{
    const core::Json* owners = core::find(metadata, "ownerReferences");
    if (!owners || !owners->is_array())
        return;
    int controllers = 0;
    const std::string at = "metadata.ownerReferences";
    for (const core::Json& owner : owners->get_array()) {
        const std::string_view version = core::stringAt(owner, {"apiVersion"});
        if (version.empty() || std::ranges::count(version, '/') > 1)
            causes.push_back(
                fieldInvalidText(at + ".apiVersion", version, "version must not be empty"));
        for (std::string_view field : {"kind", "name", "uid"})
            if (core::stringAt(owner, {field}).empty())
                causes.push_back(
                    fieldInvalidText(at + "." + std::string(field), "", "must not be empty"));
        if (version == "v1" && core::stringAt(owner, {"kind"}) == "Event")
            causes.push_back(
                fieldInvalid(at, owner, "/v1, Kind=Event is disallowed from being an owner"));
        controllers += core::boolAt(owner, {"controller"});
    }
    if (controllers > 1)
        causes.push_back(fieldInvalid("metadata.ownerReferences", *owners,
                                      "Only one reference can have Controller set to true"));
}

} // namespace

core::JsonObject& metadataOf(core::Json& object)
{
    core::Json& metadata = object.as_object()["metadata"];
    if (!metadata.is_object())
        metadata = core::JsonObject(object.storage());
    return metadata.get_object();
}

void eraseMember(core::JsonObject& object, std::string_view key)
{
    if (const auto found = object.find(key); found != object.end())
        object.stable_erase(found);
}

void eraseMember(core::Json& object, std::string_view key)
{
    if (object.is_object())
        eraseMember(object.get_object(), key);
}

std::vector<std::string> finalizersOf(const core::Json& object)
{
    std::vector<std::string> out;
    if (const core::Json* list = core::findPath(object, {"metadata", "finalizers"});
        list && list->is_array())
        for (const core::Json& each : list->get_array())
            if (each.is_string())
                out.emplace_back(each.get_string());
    return out;
}

void setFinalizers(core::Json& object, const std::vector<std::string>& finalizers)
{
    core::JsonObject& metadata = metadataOf(object);
    if (finalizers.empty()) {
        eraseMember(metadata, "finalizers");
        return;
    }
    core::JsonArray list;
    for (const std::string& each : finalizers)
        list.emplace_back(each);
    metadata["finalizers"] = std::move(list);
}

std::vector<Cause> validateMetadata(const ResourceType& type, const core::Json& object)
{
    std::vector<Cause> causes;
    const core::Json& metadata = *core::find(object, "metadata");
    if (const std::string_view base = core::stringAt(metadata, {"generateName"}); !base.empty()) {
        std::vector<Cause> own;
        const std::string_view trimmed =
            base.ends_with('-') ? base.substr(0, base.size() - 1) : base;
        validateName(type, trimmed, own);
        for (Cause& cause : own) {
            cause = fieldInvalidText("metadata.generateName", base,
                                     cause.message.substr(cause.message.find("\": ") + 3));
            causes.push_back(std::move(cause));
        }
    }
    validateName(type, core::stringAt(metadata, {"name"}), causes);
    validateLabels(metadata, causes);
    validateAnnotations(metadata, causes);
    validateOwners(metadata, causes);
    std::size_t index = 0;
    for (const std::string& finalizer : finalizersOf(object)) {
        if (!isQualifiedName(finalizer))
            causes.push_back(
                fieldInvalidText("metadata.finalizers", finalizer, kQualifiedNameRule));
        const bool isStandard =
            finalizer == "kubernetes" || finalizer == "orphan" || finalizer == "foregroundDeletion";
        if (!isStandard && !type.custom && finalizer.find('/') == finalizer.npos
            && type.storage != "customresourcedefinitions.apiextensions.k8s.io")
            causes.push_back(fieldInvalidText(
                "metadata.finalizers[" + std::to_string(index) + "]", finalizer,
                "name is neither a standard finalizer name nor is it fully qualified"));
        ++index;
    }
    return causes;
}

std::vector<Cause> validateMetadataUpdate(const core::Json& old, const core::Json& object)
{
    if (core::stringAt(old, {"metadata", "deletionTimestamp"}).empty())
        return {};
    const std::vector<std::string> before = finalizersOf(old);
    core::JsonArray added;
    for (const std::string& each : finalizersOf(object))
        if (std::ranges::find(before, each) == before.end())
            added.emplace_back(each);
    if (added.empty())
        return {};
    std::string names;
    for (const core::Json& each : added)
        names += (names.empty() ? "" : ", ") + core::toText(each);
    return {fieldForbidden("metadata.finalizers",
                           "no new finalizers can be added if the object is being deleted, found "
                           "new finalizers []string{"
                               + names + "}")};
}

bool isDnsLabel(std::string_view text)
{
    if (text.empty() || text.size() > 63 || !isLowerAlnum(text.front())
        || !isLowerAlnum(text.back()))
        return false;
    return std::ranges::all_of(text, [](char c) { return isLowerAlnum(c) || c == '-'; });
}

bool isDnsSubdomain(std::string_view text)
{
    if (text.empty() || text.size() > 253)
        return false;
    for (std::string_view part : core::split(text, '.')) {
        if (part.empty() || !isLowerAlnum(part.front()) || !isLowerAlnum(part.back()))
            return false;
        if (!std::ranges::all_of(part, [](char c) { return isLowerAlnum(c) || c == '-'; }))
            return false;
    }
    return true;
}

bool isLabelValue(std::string_view text)
{
    if (text.empty())
        return true;
    return text.size() <= 63 && isAlnum(text.front()) && isAlnum(text.back())
        && std::ranges::all_of(
               text, [](char c) { return isAlnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool isQualifiedName(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return !text.empty() && isLabelValue(text);
    const std::string_view name = text.substr(slash + 1);
    return isDnsSubdomain(text.substr(0, slash)) && !name.empty() && isLabelValue(name);
}

void keepSystemMetadata(const core::Json& old, core::Json& object)
{
    static constexpr std::array<std::string_view, 7> kept {
        "uid",         "creationTimestamp", "generation",
        "namespace",   "deletionTimestamp", "deletionGracePeriodSeconds",
        "generateName"};
    const core::Json& before = *core::find(old, "metadata");
    core::JsonObject& metadata = metadataOf(object);
    for (std::string_view key : kept) {
        if (const core::Json* value = core::find(before, key))
            metadata[key] = *value;
        else
            eraseMember(metadata, key);
    }
    eraseMember(metadata, "selfLink");
}

} // namespace gitops::practice
