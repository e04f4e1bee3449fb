// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/tasks.h"

#include "gitops/sync/order.h"
#include "gitops/sync/prunerules.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace gitops {

using core::OperationPhase;
using core::ResultCode;
using core::SyncPhase;

namespace {

using ResultKey = std::pair<core::ObjectKey, SyncPhase>;

struct ResultKeyHash
{
    std::size_t operator()(const ResultKey& key) const
    {
        return core::ObjectKeyHash()(key.first) * 31 + std::size_t(key.second);
    }
};

std::string annotationIn(const std::map<std::string, std::string>& annotations, const char* key)
{
    const auto found = annotations.find(key);
    return found == annotations.end() ? std::string() : found->second;
}

/// The objects of a partial sync; one without a namespace stands for those of every namespace.
class Selection
{
public:
    explicit Selection(const std::vector<core::ObjectKey>& only)
        : m_only(only.begin(), only.end())
    {
    }
    bool contains(const core::ObjectKey& key) const
    {
        return m_only.empty() || m_only.contains(key)
            || m_only.contains({key.group, key.kind, "", key.name});
    }

private:
    std::unordered_set<core::ObjectKey, core::ObjectKeyHash> m_only;
};

class TaskBuilder
{
public:
    explicit TaskBuilder(const SyncInput& input)
        : m_input(input)
        , m_selection(input.options.only)
    {
        m_results.reserve(input.results.size());
        for (const core::ResourceResult& result : input.results)
            m_results[{result.key, result.phase}] = &result;
        m_index.reserve(input.desired.size());
        m_tasks.reserve(input.desired.size());
    }

    std::vector<SyncTask> build();

private:
    void addTarget(const core::ManifestPtr& manifest);
    bool goesInto(const std::string& namespaceName) const;
    void addNamespace();
    void addSavedPrunes();
    void add(SyncTask task);
    bool isLeftOut(const SyncTask& task) const;
    const core::ResourceResult* result(const core::ObjectKey& key, SyncPhase phase) const;
    bool hasAnyResult(const core::ObjectKey& key) const;
    const LiveView* live(const core::ObjectKey& key) const;
    std::string whyForbidden(const core::ObjectKey& key) const;

    const SyncInput& m_input;
    Selection m_selection;
    std::unordered_map<ResultKey, const core::ResourceResult*, ResultKeyHash> m_results;
    std::unordered_map<ResultKey, std::size_t, ResultKeyHash> m_index;
    std::vector<SyncTask> m_tasks;
};

const core::ResourceResult* TaskBuilder::result(const core::ObjectKey& key, SyncPhase phase) const
{
    const auto found = m_results.find({key, phase});
    return found == m_results.end() ? nullptr : found->second;
}

bool TaskBuilder::hasAnyResult(const core::ObjectKey& key) const
{
    return std::ranges::any_of(
        std::array {SyncPhase::PreSync, SyncPhase::Sync, SyncPhase::PostSync, SyncPhase::SyncFail},
        [&](SyncPhase phase) { return result(key, phase) != nullptr; });
}

const LiveView* TaskBuilder::live(const core::ObjectKey& key) const
{
    const auto found = m_input.live.find(key);
    return found == m_input.live.end() ? nullptr : &found->second;
}

std::string TaskBuilder::whyForbidden(const core::ObjectKey& key) const
{
    const auto found = m_input.forbidden.find(key);
    return found == m_input.forbidden.end() ? std::string() : found->second;
}

/// The last of two that say the same name wins, as in Argo CD.
void TaskBuilder::add(SyncTask task)
{
    task.live = live(task.key);
    const auto [at, isNew] = m_index.try_emplace({task.key, task.phase}, m_tasks.size());
    if (isNew)
        m_tasks.push_back(std::move(task));
    else
        m_tasks[at->second] = std::move(task);
}

/// Not part of this operation.
bool TaskBuilder::isLeftOut(const SyncTask& task) const
{
    if (!m_selection.contains(task.key) || m_input.withheld.contains(task.key))
        return true;
    if (task.isHook())
        return !m_input.options.only.empty();
    return m_input.options.applyOutOfSyncOnly && live(task.key)
        && !m_input.options.outOfSync.contains(task.key) && !hasAnyResult(task.key);
}

void TaskBuilder::addTarget(const core::ManifestPtr& manifest)
{
    SyncTask task;
    task.target = manifest;
    task.key = manifest->key();
    task.facts = factsOf(*manifest);
    task.hook = hookOf(task.facts.annotations);
    task.wave = waveOf(task.facts.annotations);
    if (task.hook.isSkipped || isLeftOut(task))
        return;
    task.invalid = whyForbidden(task.key);
    if (!task.isHook()) {
        if (task.facts.name.empty() && task.invalid.empty())
            task.invalid = "only a hook may have a generateName instead of a name";
        return add(std::move(task));
    }
    for (const SyncPhase phase : task.hook.phases) {
        SyncTask hook = task;
        hook.phase = phase;
        if (task.facts.name.empty())
            hook.key.name =
                hookName(task.facts.generateName, m_input.revision, phase, m_input.startedAt);
        add(std::move(hook));
    }
}

/// A sync of some objects has nothing to do with a namespace that they are not in.
bool TaskBuilder::goesInto(const std::string& namespaceName) const
{
    return m_input.options.only.empty() || std::ranges::any_of(m_tasks, [&](const SyncTask& task) {
               return !task.isPrune() && task.key.namespaceName == namespaceName;
           });
}

void TaskBuilder::addNamespace()
{
    const std::string& name = m_input.destinationNamespace;
    if (!m_input.options.createNamespace || name.empty() || !goesInto(name))
        return;
    SyncTask task {.type = SyncTask::Type::CreateNamespace, .phase = SyncPhase::PreSync};
    task.key = {"", "Namespace", "", name};
    task.invalid = whyForbidden(task.key);
    const bool isDeclared = std::ranges::any_of(
        m_input.desired, [&](const core::ManifestPtr& each) { return each->key() == task.key; });
    if (isDeclared)
        return;
    const bool hasBegun = std::ranges::any_of(m_results, [&](const auto& each) {
        return each.first.first == task.key && each.second->code != ResultCode::PruneSkipped
            && each.second->code != ResultCode::Pruned;
    });
    // One that somebody tracks has an owner who says what its labels are.
    const bool isManaged = m_input.options.managesNamespace && live(task.key)
        && annotationIn(live(task.key)->annotations, core::kTrackingAnnotation.data()).empty();
    if (!live(task.key) || live(task.key)->deleting || hasBegun || isManaged)
        add(std::move(task));
}

/// The prunes that the first step decided on.
void TaskBuilder::addSavedPrunes()
{
    for (const core::ResourceResult& saved : m_input.results) {
        if (saved.phase != SyncPhase::Sync || m_index.contains({saved.key, saved.phase})
            || !saved.hook.empty())
            continue;
        const bool isDeclared = std::ranges::any_of(
            m_input.desired, [&](const core::ManifestPtr& m) { return m->key() == saved.key; });
        const bool isNamespaceTask = m_index.contains({saved.key, SyncPhase::PreSync});
        if (isDeclared || isNamespaceTask)
            continue;
        SyncTask task {.type = SyncTask::Type::Prune, .key = saved.key, .wave = saved.wave};
        add(std::move(task));
    }
}

std::vector<SyncTask> TaskBuilder::build()
{
    for (const core::ManifestPtr& manifest : m_input.desired)
        addTarget(manifest);
    addNamespace();
    if (m_input.results.empty() && m_input.inFlight.empty()) {
        for (SyncTask& task : decidePrunes(m_input, m_tasks))
            add(std::move(task));
    } else {
        addSavedPrunes();
    }
    sortTasks(m_tasks);
    for (SyncTask& task : m_tasks) {
        if (const core::ResourceResult* saved = result(task.key, task.phase))
            task.result = *saved;
        task.state = stateOf(task, m_input);
    }
    return std::move(m_tasks);
}

} // namespace

core::ResourceResult SyncTask::blankResult() const
{
    core::ResourceResult blank;
    if (result)
        blank = *result;
    blank.key = key;
    blank.phase = phase;
    blank.wave = wave;
    blank.hook = hook.text;
    return blank;
}

std::vector<SyncTask> buildTasks(const SyncInput& input)
{
    return TaskBuilder(input).build();
}

SyncTask::State stateOf(const SyncTask& task, const SyncInput& input)
{
    using State = SyncTask::State;
    if (!task.result)
        return State::Pending;
    const core::ResourceResult& result = *task.result;
    if (result.code == ResultCode::PruneSkipped) {
        if (!result.hookPhase)
            return State::Pending;
        if (*result.hookPhase == OperationPhase::Running)
            return input.options.confirmed.contains(task.key) ? State::Pending : State::Held;
        return State::Succeeded;
    }
    if (result.hookPhase && *result.hookPhase == OperationPhase::Succeeded)
        return State::Succeeded;
    if (result.hookPhase && core::isCompleted(*result.hookPhase))
        return State::Failed;
    if (result.code == ResultCode::SyncFailed)
        return State::Failed;
    return result.code == ResultCode::Pruned ? State::Succeeded : State::Running;
}

int waveOf(const std::map<std::string, std::string>& annotations)
{
    for (const char* name : {"argocd.argoproj.io/sync-wave", "helm.sh/hook-weight"})
        if (const auto wave = parseWave(annotationIn(annotations, name)))
            return *wave;
    return 0;
}

} // namespace gitops
