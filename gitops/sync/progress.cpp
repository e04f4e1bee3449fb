// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/progress.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

using State = SyncTask::State;

namespace {

constexpr std::size_t kMaxLines = 20;
constexpr std::size_t kNamedReasons = 3;

std::string sentence(const std::string& reason, const TaskList& tasks, bool isDeletion)
{
    const auto hook = std::ranges::find_if(tasks, &SyncTask::isHook);
    const bool hasHooks = hook != tasks.end();
    const bool onlyHooks = std::ranges::all_of(tasks, &SyncTask::isHook);
    std::string text = "waiting for " + reason + (isDeletion && hasHooks ? " hook " : " ")
        + (hasHooks ? *hook : tasks.front())->text();
    if (tasks.size() > 1)
        text += " and " + std::to_string(tasks.size() - 1) + " more "
            + (onlyHooks ? "hooks" : "resources");
    return text;
}

bool isApplied(const SyncTask& task)
{
    return task.result && task.state != State::Pending && task.state != State::Held
        && task.result->code != core::ResultCode::SyncFailed;
}

bool isReady(const SyncTask& task, const Schedule& schedule)
{
    if (task.state == State::Succeeded)
        return schedule.isDryRun || !isLeaving(task);
    return task.state == State::Running && isObserved(task)
        && (!task.live->health.status || task.live->health.status == core::Health::Healthy);
}

std::string placeOf(const core::ObjectKey& key)
{
    return key.kind + " "
        + (key.namespaceName.empty() ? key.name : key.namespaceName + "/" + key.name);
}

std::string waitLine(const SyncTask& task)
{
    std::string line = placeOf(task.key) + ": ";
    if (isLeaving(task))
        return line + "being deleted";
    if (!task.live)
        return line + "not seen yet";
    if (!isObserved(task))
        return line + "waiting for its controller to see the change";
    line += core::toString(task.live->health.status.value_or(core::Health::Unknown));
    return task.live->health.message.empty() ? line : line + ", " + task.live->health.message;
}

bool holdsLane(const SyncTask& task, const Schedule& schedule)
{
    if (isLeaving(task))
        return schedule.awaitsLane(task.lane());
    return task.state == State::Running && schedule.awaits(task);
}

void count(core::WaveProgress& lane, const SyncTask& task, const Schedule& schedule)
{
    ++lane.total;
    lane.applied += isApplied(task) ? 1 : 0;
    lane.ready += isReady(task, schedule) ? 1 : 0;
    if (holdsLane(task, schedule) && lane.waitsFor.size() < kMaxLines)
        lane.waitsFor.push_back(waitLine(task));
}

core::WaveProgress::State stateOfLane(const TaskList& tasks, const Schedule& schedule,
                                      const SyncInput& input, bool isReached)
{
    using LaneState = core::WaveProgress::State;
    const auto any = [&](auto&& test) { return std::ranges::any_of(tasks, test); };
    if (any([](const SyncTask* task) { return task->state == State::Failed; }))
        return LaneState::Failed;
    const bool hasPending = any([](const SyncTask* task) { return task->state == State::Pending; });
    const bool hasBegun = any([&](const SyncTask* task) {
        return isApplied(*task) || input.inFlight.contains(task->key);
    });
    if (hasPending)
        return isReached || hasBegun ? LaneState::Applying : LaneState::Pending;
    if (any([&](const SyncTask* task) { return holdsLane(*task, schedule); }))
        return LaneState::Waiting;
    return LaneState::Done;
}

} // namespace

std::string waitingMessage(const TaskList& tasks)
{
    const bool hasHooks = std::ranges::any_of(tasks, &SyncTask::isHook);
    return sentence(hasHooks ? "completion of hook" : "healthy state of", tasks, false);
}

std::string deletionMessage(const TaskList& tasks)
{
    return sentence("deletion of", tasks, true);
}

std::string confirmationMessage(const TaskList& tasks)
{
    return sentence("pruning confirmation of", tasks, false);
}

std::string failureMessage(std::string message, const TaskList& failed)
{
    std::vector<std::string> reasons;
    std::size_t more = 0;
    for (const SyncTask* task : failed) {
        if (!task->result || task->result->message.empty())
            continue;
        const bool isByHealth = task->result->code != core::ResultCode::SyncFailed;
        const std::string reason = (isByHealth ? task->text() + ": " : "") + task->result->message;
        if (std::ranges::count(reasons, reason) > 0)
            continue;
        if (reasons.size() < kNamedReasons)
            reasons.push_back(reason);
        else
            ++more;
    }
    if (reasons.empty())
        return message;
    return message + ", reason: " + core::join(reasons, ",")
        + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::vector<core::WaveProgress> progressOf(const std::vector<SyncTask>& tasks,
                                           const Schedule& schedule, const SyncInput& input)
{
    std::vector<core::WaveProgress> lanes;
    std::vector<TaskList> members;
    const bool failing = std::ranges::any_of(tasks, [](const SyncTask& task) {
        return task.phase == core::SyncPhase::SyncFail && task.state != State::Pending;
    });
    for (const SyncTask& task : tasks) {
        if (isIdle(task) || (task.phase == core::SyncPhase::SyncFail && !failing))
            continue;
        if (lanes.empty() || lanes.back().phase != task.phase || lanes.back().wave != task.wave) {
            lanes.push_back({.phase = task.phase, .wave = task.wave});
            members.emplace_back();
        }
        count(lanes.back(), task, schedule);
        members.back().push_back(&task);
    }
    bool isReached = true; // the lanes before are done
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        lanes[i].state = stateOfLane(members[i], schedule, input, isReached);
        isReached = isReached && lanes[i].state == core::WaveProgress::State::Done;
    }
    return lanes;
}

} // namespace gitops
