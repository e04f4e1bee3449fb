// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/targetfacts.h"

#include "core/base/strings.h"

#include <simdjson.h>

namespace gitops {

namespace {

using simdjson::dom::element;

std::string textAt(const element& parent, std::string_view pointer)
{
    std::string_view text;
    return parent.at_pointer(pointer).get_string().get(text) ? std::string() : std::string(text);
}

bool flagAt(const element& parent, std::string_view pointer)
{
    bool flag = false;
    return !parent.at_pointer(pointer).get_bool().get(flag) && flag;
}

bool hasField(const element& parent, std::string_view pointer)
{
    return parent.at_pointer(pointer).error() == simdjson::SUCCESS;
}

void readAnnotations(const element& root, std::map<std::string, std::string>& out)
{
    simdjson::dom::object annotations;
    if (root.at_pointer("/metadata/annotations").get_object().get(annotations))
        return;
    for (const auto [key, value] : annotations) {
        std::string_view text;
        if (!value.get_string().get(text))
            out.insert_or_assign(std::string(key), std::string(text));
    }
}

core::JsonObject* metadataOf(core::Json& object)
{
    core::Json* metadata = core::find(object, "metadata");
    return metadata && metadata->is_object() ? &metadata->get_object() : nullptr;
}

void renameTracking(core::JsonObject& metadata, const std::string& name)
{
    core::Json* annotations = metadata.if_contains("annotations");
    core::Json* tracking =
        annotations ? core::find(*annotations, core::kTrackingAnnotation) : nullptr;
    if (!tracking || !tracking->is_string())
        return;
    auto id = core::TrackingId::parse(std::string_view(tracking->get_string()));
    if (!id)
        return;
    id->key.name = name;
    *tracking = id->text();
}

} // namespace

TargetFacts factsOf(const core::Manifest& manifest)
{
    thread_local simdjson::dom::parser parser;
    TargetFacts facts;
    facts.name = manifest.key().name;
    element root;
    const std::string& text = manifest.text();
    if (parser.parse(text.data(), text.size()).get(root))
        return facts; // not possible: the text is our own writer's
    readAnnotations(root, facts.annotations);
    facts.generateName = textAt(root, "/metadata/generateName");
    facts.isSuspended = flagAt(root, "/spec/suspend") || flagAt(root, "/spec/paused");
    facts.vanishes =
        hasField(root, "/spec/ttlSecondsAfterFinished") || hasField(root, "/spec/ttlStrategy");
    if (manifest.key().groupKind()
        == core::GroupKind {"apiextensions.k8s.io", "CustomResourceDefinition"})
        facts.defines =
            core::GroupKind {textAt(root, "/spec/group"), textAt(root, "/spec/names/kind")};
    return facts;
}

core::Result<core::ManifestPtr> withName(const core::Manifest& manifest, const std::string& name)
{
    core::Json object = manifest.value();
    if (core::JsonObject* metadata = metadataOf(object)) {
        (*metadata)["name"] = name;
        renameTracking(*metadata, name);
    }
    return core::Manifest::make(object, {{"", manifest.origin()}});
}

core::Result<core::ManifestPtr> withFinalizer(const core::Manifest& manifest,
                                              std::string_view finalizer)
{
    core::Json object = manifest.value();
    if (core::JsonObject* metadata = metadataOf(object)) {
        core::Json& list = (*metadata)["finalizers"];
        if (!list.is_array())
            list = core::JsonArray {};
        bool has = false;
        for (const core::Json& each : list.get_array())
            has |= each.is_string() && std::string_view(each.get_string()) == finalizer;
        if (!has)
            list.get_array().emplace_back(finalizer);
    }
    return core::Manifest::make(object, {{"", manifest.origin()}});
}

bool hasSyncOption(const std::map<std::string, std::string>& annotations, std::string_view option)
{
    const auto found = annotations.find("argocd.argoproj.io/sync-options");
    if (found == annotations.end())
        return false;
    for (const std::string_view item : core::split(found->second, ','))
        if (core::trimmed(item) == option)
            return true;
    return false;
}

} // namespace gitops
