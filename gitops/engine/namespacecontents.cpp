// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/namespacecontents.h"

#include "core/object/kindtable.h"
#include "gitops/engine/ownership.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace gitops {

namespace {

constexpr std::size_t kNamed = 5;

/// Made by the cluster in every namespace, or of what is in it.
bool isClusters(const core::ObjectKey& key)
{
    static const std::set<core::GroupKind> kinds {
        {"", "Event"},
        {"events.k8s.io", "Event"},
        {"coordination.k8s.io", "Lease"},
        {"discovery.k8s.io", "EndpointSlice"},
        {"", "Endpoints"},
        {"metrics.k8s.io", "PodMetrics"},
    };
    return kinds.contains(key.groupKind())
        || (key.group.empty() && key.kind == "ConfigMap" && key.name == "kube-root-ca.crt")
        || (key.group.empty() && key.kind == "ServiceAccount" && key.name == "default");
}

} // namespace

const std::set<core::GroupKind>& askedContents()
{
    static const std::set<core::GroupKind> kinds {
        {"", "ConfigMap"},     {"", "Secret"},          {"", "Service"},
        {"", "Pod"},           {"apps", "Deployment"},  {"", "PersistentVolumeClaim"},
        {"apps", "DaemonSet"}, {"apps", "StatefulSet"}, {"apps", "ReplicaSet"},
        {"batch", "Job"},      {"batch", "CronJob"},
    };
    return kinds;
}

bool takesOthers(const core::ObjectKey& key)
{
    return (key.kind == "Namespace" && key.group.empty())
        || (key.kind == "CustomResourceDefinition" && key.group == "apiextensions.k8s.io");
}

std::string describeContents(const LiveState& live, const std::string& namespaceName,
                             const std::string& application)
{
    std::vector<core::ObjectKey> foreign;
    for (const LiveObjectPtr& object : live.all()) {
        const core::ObjectKey& key = object->key;
        const bool isOwned = std::ranges::any_of(object->owners, [&](const auto& owner) {
            return live.findByUid(owner.uid) != nullptr;
        });
        if (key.namespaceName == namespaceName && !isOwned && !isClusters(key)
            && !tracksItself(object->tracking, application, key))
            foreign.push_back(key);
    }
    std::ranges::sort(foreign, [](const core::ObjectKey& a, const core::ObjectKey& b) {
        // Workloads before what they use: the first ones are named.
        const auto place = [](const core::ObjectKey& key) {
            return std::tuple(-core::applyRank(key.kind), key);
        };
        return place(a) < place(b);
    });
    const std::string text = "Namespace " + namespaceName + ", with ";
    if (foreign.empty())
        return text + "no objects of others that are seen";
    std::string named;
    for (std::size_t i = 0; i < std::min(foreign.size(), kNamed); ++i)
        named += (i ? ", " : "") + foreign[i].kind + " " + foreign[i].name;
    return text + std::to_string(foreign.size())
        + (foreign.size() == 1 ? " object that is not ours: " : " objects that are not ours: ")
        + named + (foreign.size() > kNamed ? ", …" : "");
}

} // namespace gitops
