// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs run pods to their end; CronJobs make Jobs by the clock.
#include "gitops/practice/controllers.h"
#include "gitops/practice/cronschedule.h"

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kJob {"batch", "Job"};

using Wait = std::optional<std::chrono::milliseconds>;

bool isJobFinished(const core::Json& job)
{
    return hasTrueCondition(job, "Complete") || hasTrueCondition(job, "Failed");
}

class JobController : public Controller
{
public:
    core::GroupKind kind() const override { return kJob; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kPod}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    static Wait expire(const core::Json& job, ControllerContext& context);
    static core::JsonObject statusOf(const core::Json& job, std::int64_t active, std::int64_t ready,
                                     std::int64_t succeeded, ControllerContext& context);
};

/// ttlSecondsAfterFinished.
Wait JobController::expire(const core::Json& job, ControllerContext& context)
{
    const std::int64_t seconds = core::integerAt(job, {"spec", "ttlSecondsAfterFinished"}, -1);
    const auto done = since(context.now, core::stringAt(job, {"status", "completionTime"}));
    if (seconds < 0 || !done)
        return std::nullopt;
    const auto left = std::chrono::seconds(seconds) - *done;
    if (left.count() > 0)
        return left;
    context.client.remove(job, false);
    return std::nullopt;
}

core::JsonObject JobController::statusOf(const core::Json& job, std::int64_t active,
                                         std::int64_t ready, std::int64_t succeeded,
                                         ControllerContext& context)
{
    core::JsonObject status;
    const std::int64_t wanted = core::integerAt(job, {"spec", "completions"},
                                                core::integerAt(job, {"spec", "parallelism"}, 1));
    std::string started(core::stringAt(job, {"status", "startTime"}));
    if (started.empty())
        started = context.nowText();
    status["startTime"] = started;
    status["ready"] = ready;
    status["terminating"] = 0;
    status["uncountedTerminatedPods"] = core::JsonObject {};
    if (active > 0)
        status["active"] = active;
    if (succeeded > 0)
        status["succeeded"] = succeeded;
    if (succeeded >= wanted) {
        const std::string_view reason = "CompletionsReached";
        const std::string_view text = "Reached expected number of succeeded pods";
        status["completionTime"] = context.nowText();
        core::JsonArray conditions;
        for (std::string_view type : {"SuccessCriteriaMet", "Complete"}) {
            core::Json condition = makeCondition(type, true, reason, text, context.now);
            condition.as_object()["lastProbeTime"] = context.nowText();
            conditions.push_back(std::move(condition));
        }
        status["conditions"] = std::move(conditions);
    }
    return status;
}

Wait JobController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr job = context.client.get(kind(), key.namespaceName, key.name);
    if (!job || isTerminating(*job))
        return std::nullopt;
    if (isJobFinished(*job))
        return expire(*job, context);
    if (core::boolAt(*job, {"spec", "suspend"})) {
        core::JsonObject status;
        status["conditions"] = core::JsonArray {
            makeCondition("Suspended", true, "JobSuspended", "Job suspended", context.now)};
        setStatus(context, *job, std::move(status));
        return std::nullopt;
    }
    std::int64_t active = 0;
    std::int64_t ready = 0;
    std::int64_t succeeded = 0;
    for (const ObjectPtr& pod : controlledBy(context, kPod, *job)) {
        const std::string_view phase = core::stringAt(*pod, {"status", "phase"});
        succeeded += phase == "Succeeded";
        active += phase != "Succeeded" && phase != "Failed" && !isTerminating(*pod);
        ready += isPodReady(*pod);
    }
    const std::int64_t parallel = core::integerAt(*job, {"spec", "parallelism"}, 1);
    const std::int64_t wanted = core::integerAt(*job, {"spec", "completions"}, parallel);
    std::optional<ApiError> refused;
    while (active < parallel && active + succeeded < wanted && !refused) {
        context.client.create(podFromTemplate(*job, *core::findPath(*job, {"spec", "template"}),
                                              key.name + "-", true),
                              [&](const ApiError& error) { refused = error; });
        active += !refused;
    }
    if (const ObjectPtr latest = context.client.get(kind(), key.namespaceName, key.name))
        setStatus(context, *latest, statusOf(*latest, active, ready, succeeded, context));
    return refused ? Wait(std::chrono::seconds(5)) : std::nullopt;
}

class CronJobController : public Controller
{
public:
    core::GroupKind kind() const override { return {"batch", "CronJob"}; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kJob}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    static void startJob(const core::Json& cron, core::WallTime when, ControllerContext& context);
    static void trim(const core::Json& cron, std::vector<ObjectPtr> jobs,
                     ControllerContext& context);
};

void CronJobController::startJob(const core::Json& cron, core::WallTime when,
                                 ControllerContext& context)
{
    const auto minutes =
        std::chrono::duration_cast<std::chrono::minutes>(when.time_since_epoch()).count();
    const core::Json* job = core::findPath(cron, {"spec", "jobTemplate"});
    core::JsonObject metadata {
        {"name",
         std::string(core::stringAt(cron, {"metadata", "name"})) + "-" + std::to_string(minutes)},
        {"namespace", core::stringAt(cron, {"metadata", "namespace"})},
        {"ownerReferences", core::JsonArray {controllerReference(cron)}}};
    for (std::string_view key : {"labels", "annotations"})
        if (const core::Json* value = core::findPath(*job, {"metadata", key}))
            metadata[key] = *value;
    context.client.create(core::JsonObject {{"apiVersion", "batch/v1"},
                                            {"kind", "Job"},
                                            {"metadata", std::move(metadata)},
                                            {"spec", *core::find(*job, "spec")}});
}

/// Finished Jobs beyond the history limits go, oldest first.
void CronJobController::trim(const core::Json& cron, std::vector<ObjectPtr> jobs,
                             ControllerContext& context)
{
    std::erase_if(jobs, [](const ObjectPtr& job) { return !hasTrueCondition(*job, "Complete"); });
    std::ranges::sort(jobs, {}, [](const ObjectPtr& job) {
        return std::string(core::stringAt(*job, {"metadata", "name"}));
    });
    const std::int64_t limit = core::integerAt(cron, {"spec", "successfulJobsHistoryLimit"}, 3);
    for (std::size_t i = 0; i + std::size_t(std::max<std::int64_t>(limit, 0)) < jobs.size(); ++i)
        context.client.remove(*jobs[i], false);
}

Wait CronJobController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr cron = context.client.get(kind(), key.namespaceName, key.name);
    if (!cron || isTerminating(*cron))
        return std::nullopt;
    const auto schedule = CronSchedule::parse(core::stringAt(*cron, {"spec", "schedule"}));
    std::vector<ObjectPtr> jobs = controlledBy(context, kJob, *cron);
    trim(*cron, jobs, context);
    std::string last(core::stringAt(*cron, {"status", "lastScheduleTime"}));
    const auto from =
        core::parseRfc3339(last.empty() ? core::stringAt(*cron, {"metadata", "creationTimestamp"})
                                        : std::string_view(last));
    auto due = schedule && from ? schedule->next(*from) : std::nullopt;
    const bool suspended = core::boolAt(*cron, {"spec", "suspend"});
    const bool busy =
        std::ranges::any_of(jobs, [](const ObjectPtr& job) { return !isJobFinished(*job); });
    const bool forbidden = busy && core::stringAt(*cron, {"spec", "concurrencyPolicy"}) == "Forbid";
    if (due && *due <= context.now && !suspended && !forbidden) {
        // Times that were missed are made up for once, not each.
        for (auto later = schedule->next(*due); later && *later <= context.now;
             later = schedule->next(*later))
            due = later;
        startJob(*cron, *due, context);
        last = core::formatRfc3339(*due);
        due = schedule->next(*due);
        jobs = controlledBy(context, kJob, *cron);
    }
    core::JsonObject status;
    core::JsonArray active;
    for (const ObjectPtr& job : jobs)
        if (!isJobFinished(*job))
            active.push_back(core::JsonObject {{"kind", "Job"},
                                               {"apiVersion", "batch/v1"},
                                               {"namespace", key.namespaceName},
                                               {"name", core::stringAt(*job, {"metadata", "name"})},
                                               {"uid", core::stringAt(*job, {"metadata", "uid"})}});
    if (!active.empty())
        status["active"] = std::move(active);
    if (!last.empty())
        status["lastScheduleTime"] = last;
    if (const ObjectPtr latest = context.client.get(kind(), key.namespaceName, key.name))
        setStatus(context, *latest, std::move(status));
    if (!due || suspended)
        return std::nullopt;
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(*due - context.now),
                    std::chrono::milliseconds(1000));
}

} // namespace

std::unique_ptr<Controller> makeJobController()
{
    return std::make_unique<JobController>();
}

std::unique_ptr<Controller> makeCronJobController()
{
    return std::make_unique<CronJobController>();
}

} // namespace gitops::practice
