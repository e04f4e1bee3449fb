// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/ownership.h"

#include "gitops/cluster/objectfacts.h"

namespace gitops {

namespace {

void setAnnotation(core::JsonObject& metadata, std::string_view name, std::string_view value)
{
    core::Json* annotations = metadata.if_contains("annotations");
    if (!annotations || !annotations->is_object())
        annotations = &(metadata["annotations"] = core::JsonObject());
    annotations->as_object()[name] = value;
}

} // namespace

LiveFacts readFacts(const LiveObject& object, const std::string& application)
{
    LiveFacts facts;
    LiveView& view = facts.view;
    view.uid = object.uid;
    view.kind = object.kind;
    view.deleting = object.deleting;
    view.finalizers = object.finalizers;
    view.preexisting = object.preexisting;
    view.health = object.health;
    view.generation = object.generation;
    if (!object.manifest)
        return facts;
    auto said = readObjectFacts(*object.manifest);
    if (!said)
        return facts;
    view.annotations = std::move(said->annotations);
    view.wave = waveOf(view.annotations);
    facts.hasApplyEntry = said->hasApplyEntry;
    facts.observedGeneration = said->observedGeneration;
    facts.status = said->status;
    // A Service is judged by its own words alone, unless a load balancer has to answer.
    facts.isJudgedBySpec =
        object.key.kind == "Service" && object.key.group.empty() && said->type != "LoadBalancer";
    view.ours = facts.hasApplyEntry && object.owners.empty()
        && tracksItself(object.tracking, application, object.key);
    return facts;
}

std::string trackedApplication(const std::string& tracking, const core::ObjectKey& key)
{
    if (tracking.empty())
        return {};
    auto id = core::TrackingId::parse(tracking);
    if (!id)
        return {};
    if (key.namespaceName.empty())
        id->key.namespaceName.clear();
    return id->key == key ? id->application : std::string();
}

bool tracksItself(const std::string& tracking, const std::string& application,
                  const core::ObjectKey& key)
{
    return !application.empty() && trackedApplication(tracking, key) == application;
}

core::Result<core::ManifestPtr> withOwnership(const core::Manifest& manifest,
                                              const std::string& application,
                                              const std::string& namespaceName, bool preexisting)
{
    core::Json object = manifest.value();
    core::Json* metadata = core::find(object, "metadata");
    if (!metadata || !metadata->is_object())
        return core::failure(core::ErrorCode::Invalid, "It has no metadata.", manifest.origin(),
                             core::Fault::Repository);
    core::JsonObject& members = metadata->as_object();
    if (namespaceName.empty()) {
        if (auto found = members.find("namespace"); found != members.end())
            members.stable_erase(found);
    } else {
        members["namespace"] = namespaceName;
    }
    core::ObjectKey key = manifest.key();
    key.namespaceName = namespaceName;
    setAnnotation(members, core::kTrackingAnnotation, core::TrackingId {application, key}.text());
    if (preexisting)
        setAnnotation(members, core::kPreexistingAnnotation, "true");
    return core::Manifest::make(object, manifest.origins());
}

bool isPreexisting(const LiveFacts& facts, const LiveObject& object,
                   const std::set<std::string>& adopted)
{
    if (adopted.contains(object.uid))
        return false;
    return object.preexisting || (!facts.hasApplyEntry && object.tracking.empty());
}

} // namespace gitops
