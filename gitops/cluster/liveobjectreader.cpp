// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/liveobjectreader.h"

#include "core/base/time.h"

namespace gitops {

namespace {

std::string_view textOf(const core::Json& value)
{
    return value.is_string() ? std::string_view(value.get_string()) : std::string_view();
}

void readOwners(const core::Json& references, LiveObject& out)
{
    if (!references.is_array())
        return;
    out.owners.reserve(references.get_array().size());
    for (const core::Json& reference : references.get_array()) {
        const core::GroupVersionKind kind = core::groupVersionKind(
            core::stringAt(reference, {"apiVersion"}), core::stringAt(reference, {"kind"}));
        out.owners.push_back({{kind.group, kind.kind},
                              std::string(core::stringAt(reference, {"name"})),
                              std::string(core::stringAt(reference, {"uid"})),
                              core::boolAt(reference, {"controller"})});
    }
}

void readAnnotations(const core::Json& annotations, LiveObject& out)
{
    if (!annotations.is_object())
        return;
    for (const auto& [name, value] : annotations.get_object()) {
        const std::string_view key = name;
        if (key == core::kTrackingAnnotation)
            out.tracking = textOf(value);
        else if (key == core::kArgoTrackingAnnotation)
            out.argoTracking = textOf(value);
        else if (key == core::kPreexistingAnnotation)
            out.preexisting = true;
    }
}

void readFinalizers(const core::Json& finalizers, LiveObject& out)
{
    if (!finalizers.is_array())
        return;
    for (const core::Json& finalizer : finalizers.get_array())
        out.finalizers.emplace_back(textOf(finalizer));
}

void readMetadata(const core::JsonObject& metadata, bool isNamespaced, LiveObject& out)
{
    for (const auto& [name, value] : metadata) {
        const std::string_view key = name;
        if (key == "name")
            out.key.name = textOf(value);
        else if (key == "namespace" && isNamespaced)
            out.key.namespaceName = textOf(value);
        else if (key == "uid")
            out.uid = textOf(value);
        else if (key == "resourceVersion")
            out.resourceVersion = textOf(value);
        else if (key == "generation")
            out.generation = value.is_int64() ? value.get_int64() : 0;
        else if (key == "creationTimestamp")
            out.createdAt = core::parseRfc3339(textOf(value)).value_or(core::WallTime {});
        else if (key == "deletionTimestamp")
            out.deleting = !value.is_null();
        else if (key == "annotations")
            readAnnotations(value, out);
        else if (key == "ownerReferences")
            readOwners(value, out);
        else if (key == "finalizers")
            readFinalizers(value, out);
    }
}

} // namespace

LiveObjectPtr readLiveObject(core::Json& object, const core::GroupVersionKind& kind,
                             bool isNamespaced, bool isWanted,
                             const LiveState::HealthFunction& health)
{
    if (!object.is_object())
        return {};
    object.get_object().emplace("apiVersion", kind.apiVersion()); // unless they are there
    object.get_object().emplace("kind", kind.kind);
    core::Json* metadata = core::find(object, "metadata");
    if (!metadata || !metadata->is_object())
        return {};
    const auto out = std::make_shared<LiveObject>();
    out->kind = kind;
    out->key.group = kind.group;
    out->key.kind = kind.kind;
    readMetadata(metadata->get_object(), isNamespaced, *out);
    if (out->key.name.empty())
        return {};
    if (health)
        out->health = health(object);
    if (isWanted || !out->tracking.empty() || !out->argoTracking.empty() || out->preexisting)
        out->manifest = std::make_shared<const std::string>(core::toText(object));
    // The order of keys is lost by this; the canonical text has its own.
    object.get_object().erase("status");
    for (const char* const name : {"managedFields", "resourceVersion", "generation"})
        metadata->get_object().erase(name);
    out->digest = core::sha256(core::toCanonicalText(object));
    return out;
}

LiveIdentity liveIdentityOf(const core::Json& object, const core::GroupVersionKind& kind,
                            bool isNamespaced)
{
    LiveIdentity out;
    out.key.group = kind.group;
    out.key.kind = kind.kind;
    out.key.name = core::stringAt(object, {"metadata", "name"});
    if (isNamespaced)
        out.key.namespaceName = core::stringAt(object, {"metadata", "namespace"});
    out.uid = core::stringAt(object, {"metadata", "uid"});
    out.resourceVersion = core::stringAt(object, {"metadata", "resourceVersion"});
    return out;
}

} // namespace gitops
