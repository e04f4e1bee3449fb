// SPDX-License-Identifier: GPL-3.0-or-later
// The order of the output (Kustomize's SortOrderTransformer).
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>
#include <unordered_map>

namespace gitops::kustomize {

namespace {

const SortOptions& defaultOrder()
{
    static const SortOptions kDefault {
        .orderFirst = {"Namespace",
                       "ResourceQuota",
                       "StorageClass",
                       "CustomResourceDefinition",
                       "ServiceAccount",
                       "PodSecurityPolicy",
                       "Role",
                       "ClusterRole",
                       "RoleBinding",
                       "ClusterRoleBinding",
                       "ConfigMap",
                       "Secret",
                       "Endpoints",
                       "Service",
                       "LimitRange",
                       "PriorityClass",
                       "PersistentVolume",
                       "PersistentVolumeClaim",
                       "Deployment",
                       "StatefulSet",
                       "CronJob",
                       "PodDisruptionBudget"},
        .orderLast = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}};
    return kDefault;
}

struct SortKey
{
    int rank = 0;
    std::string type;
    std::string name;
    bool isNamespaceKind = false;
    bool isCore = false;
};

bool isBefore(const SortKey& a, const SortKey& b)
{
    if (a.rank != b.rank)
        return a.rank < b.rank;
    if (a.type == b.type)
        return a.name < b.name;
    // Of two kinds called Namespace the core one comes first.
    if (a.isNamespaceKind && b.isNamespaceKind && (a.isCore || b.isCore))
        return a.type > b.type;
    return a.type < b.type;
}

std::string orElse(const std::string& text, const char* placeholder)
{
    return text.empty() ? placeholder : text;
}

} // namespace

void sortResources(ResourceMap& resources, const std::optional<SortOptions>& options)
{
    if (options && !options->isLegacy)
        return;
    const SortOptions& order = options && options->hasLists ? *options : defaultOrder();
    std::unordered_map<std::string, int> ranks;
    for (std::size_t i = 0; i < order.orderFirst.size(); ++i)
        ranks[order.orderFirst[i]] = int(i) - int(order.orderFirst.size());
    for (std::size_t i = 0; i < order.orderLast.size(); ++i)
        ranks[order.orderLast[i]] = 1 + int(i);
    std::vector<std::pair<SortKey, ResourcePtr>> keyed;
    keyed.reserve(resources.all().size());
    for (const ResourcePtr& resource : resources.all()) {
        const ResourceId& id = resource->id();
        const auto rank = ranks.find(id.gvk.kind);
        keyed.emplace_back(
            SortKey {.rank = rank == ranks.end() ? 0 : rank->second,
                     .type = orElse(id.gvk.group, "~G") + '_' + orElse(id.gvk.version, "~V") + '_'
                         + orElse(id.gvk.kind, "~K"),
                     .name = orElse(id.namespaceName, "~X") + '|' + orElse(id.name, "~N"),
                     .isNamespaceKind = id.gvk.kind == "Namespace",
                     .isCore = id.gvk.group.empty()},
            resource);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return isBefore(a.first, b.first); });
    std::vector<ResourcePtr> sorted;
    sorted.reserve(keyed.size());
    for (auto& [key, resource] : keyed)
        sorted.push_back(std::move(resource));
    resources.setAll(std::move(sorted));
}

} // namespace gitops::kustomize
