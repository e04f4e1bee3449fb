// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/customresource.h"

#include "core/base/strings.h"
#include "gitops/practice/resourceregistry.h"

namespace gitops::practice {

namespace {

std::vector<std::string> stringsAt(const core::Json& value,
                                   std::initializer_list<std::string_view> path)
{
    std::vector<std::string> out;
    if (const core::Json* list = core::findPath(value, path); list && list->is_array())
        for (const core::Json& each : list->get_array())
            if (each.is_string())
                out.emplace_back(each.get_string());
    return out;
}

std::vector<PrinterColumn> printerColumns(const core::Json& version)
{
    std::vector<PrinterColumn> columns;
    const core::Json* list = core::find(version, "additionalPrinterColumns");
    if (!list || !list->is_array())
        return columns;
    for (const core::Json& each : list->get_array())
        columns.push_back({std::string(core::stringAt(each, {"name"})),
                           std::string(core::stringAt(each, {"type"})),
                           std::string(core::stringAt(each, {"format"})),
                           std::string(core::stringAt(each, {"description"})),
                           std::string(core::stringAt(each, {"jsonPath"})),
                           int(core::integerAt(each, {"priority"}, 0))});
    return columns;
}

std::string storageVersionOf(const core::Json& versions)
{
    for (const core::Json& version : versions.get_array())
        if (core::boolAt(version, {"storage"}))
            return std::string(core::stringAt(version, {"name"}));
    return {};
}

/// "example.org/v1beta1 Widget is deprecated; use example.org/v1 Widget", or the CRD's own words.
std::string deprecationOf(const core::Json& crd, const core::Json& version)
{
    if (!core::boolAt(version, {"deprecated"}))
        return {};
    if (const std::string_view own = core::stringAt(version, {"deprecationWarning"}); !own.empty())
        return std::string(own);
    const std::string group(core::stringAt(crd, {"spec", "group"}));
    const std::string kind(core::stringAt(crd, {"spec", "names", "kind"}));
    const auto named = [&](std::string_view name) {
        return group + "/" + std::string(name) + " " + kind;
    };
    std::string text = named(core::stringAt(version, {"name"})) + " is deprecated";
    std::string newest;
    for (const core::Json& each : core::findPath(crd, {"spec", "versions"})->get_array()) {
        const std::string name(core::stringAt(each, {"name"}));
        if (core::boolAt(each, {"served"}) && !core::boolAt(each, {"deprecated"})
            && (newest.empty() || versionComesBefore(name, newest)))
            newest = name;
    }
    return newest.empty() ? text : text + "; use " + named(newest);
}

std::shared_ptr<const CustomVersion> customVersion(const core::Json& crd, const core::Json& version,
                                                   const std::string& storageVersion)
{
    auto custom = std::make_shared<CustomVersion>();
    custom->crdName = core::stringAt(crd, {"metadata", "name"});
    custom->storageVersion = storageVersion;
    if (const core::Json* schema = core::findPath(version, {"schema", "openAPIV3Schema"}))
        custom->schema = std::make_shared<const core::Json>(*schema);
    custom->deprecation = deprecationOf(crd, version);
    custom->preserveUnknownFields = core::boolAt(crd, {"spec", "preserveUnknownFields"});
    custom->columns = printerColumns(version);
    if (const core::Json* fields = core::find(version, "selectableFields");
        fields && fields->is_array())
        for (const core::Json& each : fields->get_array())
            custom->selectableFields.emplace_back(core::stringAt(each, {"jsonPath"}));
    if (const core::Json* scale = core::findPath(version, {"subresources", "scale"})) {
        custom->specReplicasPath = core::stringAt(*scale, {"specReplicasPath"});
        custom->statusReplicasPath = core::stringAt(*scale, {"statusReplicasPath"});
        custom->labelSelectorPath = core::stringAt(*scale, {"labelSelectorPath"});
    }
    return custom;
}

TypePtr customType(const core::Json& crd, const core::Json& version,
                   const std::string& storageVersion)
{
    auto type = std::make_shared<ResourceType>();
    type->kind = {std::string(core::stringAt(crd, {"spec", "group"})),
                  std::string(core::stringAt(version, {"name"})),
                  std::string(core::stringAt(crd, {"spec", "names", "kind"}))};
    type->plural = core::stringAt(crd, {"spec", "names", "plural"});
    type->singular = core::stringAt(crd, {"spec", "names", "singular"});
    if (type->singular.empty())
        type->singular = core::toLower(type->kind.kind);
    type->listKind = core::stringAt(crd, {"spec", "names", "listKind"});
    if (type->listKind.empty())
        type->listKind = type->kind.kind + "List";
    type->namespaced = core::stringAt(crd, {"spec", "scope"}) != "Cluster";
    type->verbs = {"delete", "deletecollection", "get",    "list",
                   "patch",  "create",           "update", "watch"};
    type->shortNames = stringsAt(crd, {"spec", "names", "shortNames"});
    type->categories = stringsAt(crd, {"spec", "names", "categories"});
    if (const core::Json* sub = core::find(version, "subresources"); sub && sub->is_object())
        for (const auto& [name, value] : sub->get_object())
            type->subresources.emplace(name);
    type->storage = groupResource(type->plural, type->kind.group);
    auto custom = customVersion(crd, version, storageVersion);
    type->typeSchema = std::make_shared<core::CrdTypeSchema>(
        custom->schema ? custom->schema : std::make_shared<const core::Json>(core::JsonObject {}));
    type->custom = std::move(custom);
    return type;
}

} // namespace

std::vector<TypePtr> customTypes(const core::Json& crd)
{
    std::vector<TypePtr> types;
    const core::Json* versions = core::findPath(crd, {"spec", "versions"});
    if (!versions || !versions->is_array())
        return types;
    const std::string storageVersion = storageVersionOf(*versions);
    for (const core::Json& version : versions->get_array())
        if (core::boolAt(version, {"served"}))
            types.push_back(customType(crd, version, storageVersion));
    return types;
}

} // namespace gitops::practice
