// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/order.h"

#include "core/object/kindtable.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace gitops {

namespace {

/// Any text that names what an object is, or what it needs: "" for nothing.
using Word = std::function<std::string(const SyncTask&)>;

std::string definedNamespace(const SyncTask& task)
{
    const bool isNamespace = task.key.group.empty() && task.key.kind == "Namespace";
    return isNamespace && !task.isPrune() ? task.key.name : std::string();
}

std::string neededNamespace(const SyncTask& task)
{
    return task.isPrune() ? std::string() : task.key.namespaceName;
}

std::string definedKind(const SyncTask& task)
{
    return task.facts.defines ? task.facts.defines->text() : std::string();
}

std::string neededKind(const SyncTask& task)
{
    return task.isPrune() ? std::string() : task.key.groupKind().text();
}

/// Moves each task that defines something before the first that needs it.
void bubbleUp(std::vector<SyncTask>& tasks, const Word& defined, const Word& needed)
{
    std::map<std::string, std::size_t> firstUser;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const std::string definition = defined(tasks[i]);
        if (definition.empty()) {
            if (const std::string need = needed(tasks[i]); !need.empty())
                firstUser.try_emplace(need, i);
            continue;
        }
        const auto user = firstUser.find(definition);
        if (user == firstUser.end())
            continue;
        const std::size_t to = user->second;
        tasks[i].phase = tasks[to].phase;
        tasks[i].wave = tasks[to].wave;
        const auto begin = tasks.begin();
        std::rotate(begin + std::ptrdiff_t(to), begin + std::ptrdiff_t(i),
                    begin + std::ptrdiff_t(i) + 1);
        for (auto& [word, index] : firstUser)
            if (index >= to)
                ++index;
    }
}

bool isNamespace(const SyncTask& task)
{
    return task.key.group.empty() && task.key.kind == "Namespace";
}

bool isLast(const SyncTask& task)
{
    return task.live && hasSyncOption(task.live->annotations, "PruneLast=true");
}

} // namespace

std::optional<int> parseWave(std::string_view text)
{
    const bool wasSigned = text.starts_with('+');
    if (wasSigned)
        text.remove_prefix(1);
    if (text.starts_with("+") || (wasSigned && text.starts_with("-")))
        return std::nullopt;
    int wave = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, wave);
    if (text.empty() || error != std::errc() || stop != end)
        return std::nullopt;
    return wave;
}

void sortTasks(std::vector<SyncTask>& tasks)
{
    // Tasks are large: their places are sorted, and each task moves once.
    struct Place
    {
        int rank = 0;
        SyncTask* task = nullptr;
    };
    const auto sortKey = [](const Place& place) {
        const SyncTask& task = *place.task;
        return std::tuple<core::SyncPhase, int, int, const std::string&, const std::string&,
                          const std::string&, const std::string&>(
            task.phase, task.wave, place.rank, task.key.name, task.key.kind, task.key.group,
            task.key.namespaceName);
    };
    std::vector<Place> places;
    places.reserve(tasks.size());
    for (SyncTask& task : tasks) {
        const bool isAsBefore = !places.empty() && places.back().task->key.kind == task.key.kind;
        places.push_back({isAsBefore ? places.back().rank : core::applyRank(task.key.kind), &task});
    }
    std::ranges::stable_sort(
        places, [&](const Place& a, const Place& b) { return sortKey(a) < sortKey(b); });
    std::vector<SyncTask> sorted;
    sorted.reserve(tasks.size());
    for (const Place& place : places)
        sorted.push_back(std::move(*place.task));
    tasks = std::move(sorted);
    bubbleUp(tasks, definedNamespace, neededNamespace);
    bubbleUp(tasks, definedKind, neededKind);
}

void orderPrunes(std::vector<SyncTask>& prunes, const std::vector<SyncTask>& others,
                 bool allAreLast)
{
    std::set<int> waves;
    for (const SyncTask& task : prunes)
        waves.insert(task.wave);
    std::map<int, int> mirrored;
    auto high = waves.rbegin();
    for (const int low : waves)
        mirrored[low] = *high++;
    int last = 0;
    for (SyncTask& task : prunes) {
        task.wave = mirrored[task.wave];
        last = std::max(last, task.wave);
    }
    for (const SyncTask& task : others)
        if (task.phase == core::SyncPhase::Sync)
            last = std::max(last, task.wave);
    for (SyncTask& task : prunes)
        if (allAreLast || isLast(task))
            task.wave = last == INT32_MAX ? last : last + 1;
    std::optional<int> othersEnd;
    for (const SyncTask& task : prunes)
        if (!isNamespace(task))
            othersEnd = std::max(othersEnd.value_or(task.wave), task.wave);
    if (!othersEnd)
        return;
    // A wave of its own: it begins when what was deleted before is gone.
    const int after = std::max(last, *othersEnd);
    for (SyncTask& task : prunes)
        if (isNamespace(task))
            task.wave = after == INT32_MAX ? after : after + 1;
}

} // namespace gitops
