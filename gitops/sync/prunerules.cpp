// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/prunerules.h"

#include "gitops/sync/order.h"
#include "gitops/sync/waits.h"

#include <algorithm>
#include <array>
#include <set>

namespace gitops {

using core::OperationPhase;
using core::ResultCode;

namespace {

constexpr std::size_t kLargePrune = 5; ///< more than these, and more than a quarter
constexpr std::size_t kLargeShare = 4;

std::string optionOf(const std::map<std::string, std::string>& annotations, const std::string& name,
                     const std::string& byDefault)
{
    for (const char* value : {"false", "confirm", "true"})
        if (hasSyncOption(annotations, name + "=" + value))
            return value;
    return byDefault;
}

std::string pruneOption(const LiveView& live, const SyncOptions& options)
{
    return options.removal ? optionOf(live.annotations, "Delete", options.deleteOption)
                           : optionOf(live.annotations, "Prune", options.pruneOption);
}

bool isNamespaceInUse(const core::ObjectKey& key, const SyncInput& input)
{
    if (key.kind != "Namespace" || !key.group.empty())
        return false;
    // An application that declares nothing any more needs its destination no longer.
    return (key.name == input.destinationNamespace && !input.desired.empty())
        || std::ranges::any_of(input.desired, [&](const core::ManifestPtr& manifest) {
               return manifest->key().namespaceName == key.name;
           });
}

/// Tracked to this application, and neither declared by it nor somebody's child or hook.
bool isCandidate(const core::ObjectKey& key, const LiveView& live, const SyncInput& input,
                 const std::set<core::ObjectKey>& declared)
{
    if (!live.ours || declared.contains(key) || input.withheld.contains(key)
        || hookOf(live.annotations).isHook)
        return false;
    const auto& only = input.options.only;
    return only.empty() || std::ranges::find(only, key) != only.end();
}

void decide(SyncTask& task, const SyncInput& input, bool isLarge)
{
    core::ResourceResult result = task.blankResult();
    result.code = ResultCode::PruneSkipped;
    result.uid = task.live->uid;
    result.message = whyNotPruned(task.key, *task.live, input);
    if (!result.message.empty()) {
        result.hookPhase = OperationPhase::Succeeded;
    } else if (waitsForPerson(task.key, *task.live, input)
               || (isLarge && !input.options.pruneUnattended)) {
        result.hookPhase = OperationPhase::Running;
        result.message = "waiting for pruning confirmation";
    } else {
        result.message = "not reached yet";
    }
    task.result = std::move(result);
}

} // namespace

bool isProtectedKind(const core::GroupKind& kind)
{
    static const std::set<core::GroupKind> kinds {
        {"", "Namespace"},
        {"", "PersistentVolume"},
        {"", "PersistentVolumeClaim"},
        {"apiextensions.k8s.io", "CustomResourceDefinition"},
        {"apps", "StatefulSet"},
        {"kafka.strimzi.io", "Kafka"},
        {"kafka.strimzi.io", "KafkaTopic"},
        {"rabbitmq.com", "RabbitmqCluster"},
        {"rabbitmq.com", "Queue"},
    };
    return kinds.contains(kind);
}

bool staysOnRemoval(const std::map<std::string, std::string>& annotations,
                    const std::string& deleteOption)
{
    const auto policy = annotations.find("helm.sh/resource-policy");
    return (policy != annotations.end() && policy->second == "keep")
        || optionOf(annotations, "Delete", deleteOption) == "false";
}

bool isProtectedNamespace(std::string_view name)
{
    return name == "default" || name.starts_with("kube-");
}

std::string whyNotPruned(const core::ObjectKey& key, const LiveView& live, const SyncInput& input)
{
    if (!live.ours)
        return "does not prove itself ours";
    if (!input.options.prune)
        return "ignored (requires pruning)";
    if (!input.pruneHeldBecause.empty())
        return input.pruneHeldBecause;
    if (input.options.removal && staysOnRemoval(live.annotations, input.options.deleteOption))
        return "stays when the application goes";
    if (pruneOption(live, input.options) == "false")
        return "ignored (no prune)";
    if (live.preexisting)
        return "existed before Wavewright first applied it; adopt it to let it be pruned";
    if (key.group.empty() && key.kind == "Namespace" && isProtectedNamespace(key.name))
        return "namespace " + key.name + " is never pruned";
    if (isNamespaceInUse(key, input))
        return "objects of the application live in this namespace";
    if (availabilityOf(key.groupKind(), input) != KindAvailability::Served)
        return "the cluster could not tell everything about " + key.groupKind().text();
    return {};
}

bool isNeverPruned(const core::ObjectKey& key, const LiveView& live, const SyncOptions& options)
{
    return live.preexisting
        || (options.removal && staysOnRemoval(live.annotations, options.deleteOption))
        || pruneOption(live, options) == "false"
        || (key.group.empty() && key.kind == "Namespace" && isProtectedNamespace(key.name));
}

std::string whyNamespaceStays(const core::ObjectKey& key, const SyncInput& input)
{
    if (key.kind != "Namespace" || !key.group.empty())
        return {};
    std::size_t count = 0;
    const core::ObjectKey* first = nullptr;
    for (const auto& [other, live] : input.live) {
        if (other.namespaceName != key.name || !live.ours || live.deleting
            || hookOf(live.annotations).isHook)
            continue;
        ++count;
        first = first ? first : &other;
    }
    if (!first)
        return {};
    return "stays while " + std::to_string(count) + (count == 1 ? " object" : " objects")
        + " of the application in it " + (count == 1 ? "is" : "are") + " not pruned (" + first->kind
        + " " + first->name + (count == 1 ? ")" : ", …)");
}

bool waitsForPerson(const core::ObjectKey& key, const LiveView& live, const SyncInput& input)
{
    return stopsWave(live, input) || input.options.asked.contains(key)
        || (isProtectedKind(key.groupKind()) && !input.options.pruneUnattended);
}

bool stopsWave(const LiveView& live, const SyncInput& input)
{
    return pruneOption(live, input.options) == "confirm";
}

std::vector<SyncTask> decidePrunes(const SyncInput& input, const std::vector<SyncTask>& others)
{
    std::set<core::ObjectKey> declared;
    for (const core::ManifestPtr& manifest : input.desired)
        declared.insert(manifest->key());
    std::vector<SyncTask> prunes;
    std::size_t total = 0;
    std::size_t going = 0;
    for (const auto& [key, live] : input.live) {
        const bool isOurs = isCandidate(key, live, input, declared);
        total += isOurs || (declared.contains(key) && !input.withheld.contains(key)) ? 1 : 0;
        if (!isOurs)
            continue;
        going += whyNotPruned(key, live, input).empty() ? 1 : 0;
        prunes.push_back(
            {.type = SyncTask::Type::Prune, .key = key, .wave = live.wave, .live = &live});
    }
    orderPrunes(prunes, others, input.options.pruneLast);
    for (SyncTask& task : prunes)
        decide(task, input, going > kLargePrune && going * kLargeShare > total);
    return prunes;
}

} // namespace gitops
