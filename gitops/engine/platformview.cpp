// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/platformview.h"

#include "core/base/strings.h"

#include <array>

namespace gitops {

namespace {

const std::array<core::GroupKind, 13> kPlatformKinds {{
    {"", "Namespace"},
    {"", "ResourceQuota"},
    {"", "LimitRange"},
    {"", "Service"},
    {"", "ServiceAccount"},
    {"apps", "Deployment"},
    {"apps", "StatefulSet"},
    {"apps", "DaemonSet"},
    {"networking.k8s.io", "NetworkPolicy"},
    {"rbac.authorization.k8s.io", "Role"},
    {"rbac.authorization.k8s.io", "RoleBinding"},
    {"rbac.authorization.k8s.io", "ClusterRole"},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding"},
}};
const core::GroupKind kCapsuleTenant {"capsule.clastix.io", "Tenant"};

/// Not an application's name: no object can be called so.
constexpr const char* kAsker = "platform views/";

/// The part of the cluster that stands in for the whole, where there is one.
std::string seenOnlyIn(const ClusterKnowledge& cluster, const LiveState& live,
                       const core::GroupKind& kind)
{
    std::vector<std::string> seen;
    for (const std::string& place : live.standIns(kind))
        if (cluster.isComplete(kind, place))
            seen.push_back(place);
    return seen.empty() ? std::string() : " (seen only in " + core::join(seen, ", ") + ")";
}

std::string applicationIn(const std::string& trackingId)
{
    return trackingId.substr(0, std::min(trackingId.find(':'), trackingId.size()));
}

} // namespace

std::shared_ptr<const core::LiveRecord> liveRecordOf(const LiveObject& object)
{
    auto record = std::make_shared<core::LiveRecord>();
    record->version = object.kind->version;
    record->uid = object.uid;
    for (const LiveObject::Owner& owner : object.owners)
        record->owners.push_back({owner.kind, owner.name, owner.uid});
    record->application =
        applicationIn(object.tracking.empty() ? object.argoTracking : object.tracking);
    record->createdAt = object.createdAt;
    record->deleting = object.deleting;
    record->health = object.health;
    record->text = object.manifest;
    return record;
}

void declareAll(const DesiredState& desired, const std::string& application,
                core::PlatformInputBuilder& out)
{
    for (const auto& [key, object] : desired.objects)
        out.declare({object.manifest, application, object.wave, object.hook});
}

void watchPlatform(ClusterKnowledge& cluster, LiveState& live,
                   const std::vector<core::GroupKind>& alsoKinds)
{
    KindPlaces kinds; // wherever an application is looked at
    for (const core::GroupKind& kind : kPlatformKinds) {
        live.keepKind(kind);
        kinds[kind];
    }
    live.keepKind(kCapsuleTenant);
    for (const core::GroupKind& kind : alsoKinds)
        if (cluster.resource(kind)) // what is not served would be looked for again and again
            kinds[kind];
    if (cluster.resource(kCapsuleTenant))
        kinds[kCapsuleTenant];
    cluster.want(kAsker, std::move(kinds));
}

void addLive(const ClusterKnowledge& cluster, const LiveState& live,
             const std::vector<core::GroupKind>& alsoKinds, core::PlatformInputBuilder& out)
{
    core::PlatformInput& input = out.input();
    input.hasLive = true;
    input.practice = cluster.state().practice;
    input.cluster = cluster.state().context;
    for (const LiveObjectPtr& object : live.all())
        out.live(object->key, liveRecordOf(*object));
    std::set<core::GroupKind> asked(kPlatformKinds.begin(), kPlatformKinds.end());
    asked.insert(alsoKinds.begin(), alsoKinds.end());
    asked.merge(live.watchedKinds());
    for (const core::GroupKind& kind : asked)
        if (!cluster.isComplete(kind))
            input.unknownKinds[kind] =
                cluster.whyIncomplete(kind) + seenOnlyIn(cluster, live, kind);
}

} // namespace gitops
