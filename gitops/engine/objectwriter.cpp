// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/objectwriter.h"

#include "gitops/diff/differ.h"
#include "gitops/engine/managerhandover.h"
#include "gitops/engine/ownership.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gitops {

namespace {

constexpr int kAttempts = 5;
constexpr int kHandOvers = 3; ///< somebody else may write the object meanwhile
constexpr std::chrono::milliseconds kFirstDelay {200};

Written outcomeOf(const core::Json& object, const ApiObject& answer)
{
    Written outcome;
    outcome.uid = core::stringAt(object, {"metadata", "uid"});
    outcome.resourceVersion = core::stringAt(object, {"metadata", "resourceVersion"});
    outcome.generation = core::integerAt(object, {"metadata", "generation"}, 0);
    if (const core::Json* status = core::find(object, "status"))
        outcome.status = core::sha256(core::toCanonicalText(*status));
    outcome.created = answer.created;
    outcome.warnings = answer.warnings;
    const core::Json* entries = core::findPath(object, {"metadata", "managedFields"});
    if (entries && entries->is_array())
        for (const core::Json& entry : entries->as_array())
            if (core::stringAt(entry, {"manager"}) != core::kFieldManager
                && core::stringAt(entry, {"subresource"}).empty())
                outcome.preexisting = true;
    return outcome;
}

bool isSurelyNotDone(core::ErrorCode code)
{
    return code == core::ErrorCode::Network || code == core::ErrorCode::TooManyRequests;
}

} // namespace

struct ObjectWriter::Job
{
    WriteRequest request;
    Done done;
    int attempt = 0;
    bool sent = false; ///< at least once, with an unknown outcome
    int handOvers = 0;
    std::optional<core::Json> seen; ///< newer than what is live here

    std::chrono::milliseconds delay() const { return kFirstDelay * (1 << std::min(attempt, 6)); }
};

ObjectWriter::ObjectWriter(ApiClient& api, LiveState& live, ClusterKnowledge& cluster,
                           core::Executor& executor, std::size_t parallel)
    : m_api(api)
    , m_live(live)
    , m_cluster(cluster)
    , m_executor(executor)
    , m_parallel(std::max<std::size_t>(1, parallel))
{
}

ObjectWriter::~ObjectWriter() = default;

void ObjectWriter::write(WriteRequest request, Done done)
{
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    job->done = std::move(done);
    std::deque<JobPtr>& waiting = m_lanes[job->request.application].waiting;
    if (job->request.urgent)
        waiting.push_front(std::move(job));
    else
        waiting.push_back(std::move(job));
    pump();
}

void ObjectWriter::dropRefused()
{
    std::vector<std::pair<JobPtr, core::Error>> refused;
    const auto isRefused = [&](const JobPtr& job) {
        auto error = job->request.refusal ? job->request.refusal() : std::nullopt;
        if (!error || error->isRetryable() || job->request.readFirst)
            return false;
        refused.emplace_back(job, std::move(*error));
        return true;
    };
    for (auto& [application, lane] : m_lanes)
        std::erase_if(lane.waiting, isRefused);
    std::erase_if(m_lanes, [](const auto& lane) {
        return lane.second.underWay == 0 && lane.second.waiting.empty();
    });
    std::erase_if(m_pausing, isRefused);
    for (auto& [job, error] : refused)
        answer(job, std::unexpected(std::move(error)));
}

/// Beyond twice the number of one application each still has a place or two.
bool ObjectWriter::hasPlace(const Lane& lane) const
{
    constexpr std::size_t always = 2;
    return lane.underWay < m_parallel && (m_underWay < 2 * m_parallel || lane.underWay < always);
}

void ObjectWriter::pump()
{
    if (std::exchange(m_isPumping, true))
        return; // the turn below goes on
    for (bool isMoving = true; isMoving;) {
        isMoving = false;
        for (auto& [application, lane] : m_lanes) {
            if (lane.waiting.empty() || !hasPlace(lane))
                continue;
            const JobPtr job = std::move(lane.waiting.front());
            lane.waiting.pop_front();
            ++m_underWay;
            ++lane.underWay;
            isMoving = true;
            begin(job);
            break; // the lanes may be others now
        }
    }
    m_isPumping = false;
}

void ObjectWriter::begin(const JobPtr& job)
{
    if (job->request.readFirst && !job->request.dryRun && job->attempt == 0)
        readBack(job);
    else
        send(job);
}

/// Gives the job's place back.
void ObjectWriter::leave(const JobPtr& job)
{
    --m_underWay;
    const auto lane = m_lanes.find(job->request.application);
    if (--lane->second.underWay == 0 && lane->second.waiting.empty())
        m_lanes.erase(lane);
}

void ObjectWriter::send(const JobPtr& job)
{
    const WriteRequest& request = job->request;
    if (auto refused = request.refusal ? request.refusal() : std::nullopt) {
        if (refused->isRetryable() && ++job->attempt < kAttempts)
            sendLater(job, job->delay());
        else
            finish(job, std::unexpected(std::move(*refused)));
        return;
    }
    const core::GroupVersionKind kind = request.manifest ? request.manifest->kind() : request.kind;
    const ApiResource* resource = m_cluster.resource(kind);
    if (!resource && !request.manifest)
        resource = m_cluster.resource(request.key.groupKind());
    if (!resource) {
        finish(
            job,
            core::failure(core::ErrorCode::NotFound,
                          "The server does not serve " + kind.apiVersion() + " " + kind.kind + ".",
                          {.object = request.key.text()}, core::Fault::Cluster));
        return;
    }
    const auto done = m_alive.guard(
        [this, job](core::Result<ApiObject> answer) { answered(job, std::move(answer)); });
    const std::string& space = request.key.namespaceName;
    switch (request.type) {
    case WriteRequest::Type::Apply:
        sendApply(job, *resource);
        break;
    case WriteRequest::Type::Replace: {
        core::Json body = request.manifest->value();
        const LiveObjectPtr live = m_live.find(request.key);
        if (core::Json* metadata = core::find(body, "metadata");
            live && metadata && metadata->is_object())
            metadata->as_object()["resourceVersion"] = live->resourceVersion;
        m_api.replace(*resource, space, request.key.name, core::toText(body), request.dryRun, done);
        break;
    }
    case WriteRequest::Type::Delete:
        sendDelete(job, *resource);
        break;
    case WriteRequest::Type::Release:
        sendRelease(job, *resource);
        break;
    }
}

void ObjectWriter::sendApply(const JobPtr& job, const ApiResource& resource)
{
    const WriteRequest& request = job->request;
    if (!request.replaces.empty() && !request.dryRun && job->handOvers < kHandOvers) {
        const LiveObjectPtr live = m_live.find(request.key);
        std::string patch;
        if (job->seen)
            patch = handOverPatch(*job->seen, request.replaces);
        else if (live)
            patch = handOverPatch(*live, request.replaces);
        if (!patch.empty()) {
            handOver(job, resource, std::move(patch));
            return;
        }
    }
    m_api.apply(resource, request.key.namespaceName, request.key.name, request.manifest->text(),
                {.force = request.force, .dryRun = request.dryRun},
                m_alive.guard([this, job](core::Result<ApiObject> answer) {
                    answered(job, std::move(answer));
                }));
}

void ObjectWriter::handOver(const JobPtr& job, const ApiResource& resource, std::string patch)
{
    ++job->handOvers;
    m_api.patch(resource, job->request.key.namespaceName, job->request.key.name,
                "application/json-patch+json", std::move(patch), "",
                m_alive.guard([this, job, resource](core::Result<ApiObject> answer) {
                    handedOver(job, resource, std::move(answer));
                }));
}

/// Where it was refused for another reason than another writer's, the apply goes without it.
void ObjectWriter::handedOver(const JobPtr& job, const ApiResource& resource,
                              core::Result<ApiObject> answer)
{
    if (answer) {
        m_live.observeWrite(answer->object);
        job->handOvers = kHandOvers;
        send(job);
    } else if (answer.error().code == core::ErrorCode::Conflict) {
        m_api.get(resource, job->request.key.namespaceName, job->request.key.name,
                  m_alive.guard([this, job](core::Result<ApiObject> current) {
                      if (current)
                          job->seen = std::move(current->object);
                      else
                          job->handOvers = kHandOvers;
                      send(job);
                  }));
    } else if (answer.error().isRetryable()
               || answer.error().code == core::ErrorCode::UnknownOutcome) {
        --job->handOvers;
        if (++job->attempt < kAttempts)
            sendLater(job, job->delay());
        else
            finish(job, std::unexpected(std::move(answer.error())));
    } else {
        job->handOvers = kHandOvers;
        send(job);
    }
}

/// A merge patch never creates an object, and the server refuses one with another uid.
void ObjectWriter::sendRelease(const JobPtr& job, const ApiResource& resource)
{
    const WriteRequest& request = job->request;
    core::JsonArray finalizers;
    for (const std::string& each : request.finalizers)
        finalizers.emplace_back(each);
    const core::Json patch = core::JsonObject {
        {"metadata",
         core::JsonObject {{"uid", request.uid}, {"finalizers", std::move(finalizers)}}}};
    m_api.patch(resource, request.key.namespaceName, request.key.name,
                "application/merge-patch+json", core::toText(patch), "",
                m_alive.guard([this, job](core::Result<ApiObject> answer) {
                    answered(job, std::move(answer));
                }));
}

void ObjectWriter::sendDelete(const JobPtr& job, const ApiResource& resource)
{
    const WriteRequest& request = job->request;
    if (request.uid.empty()) {
        finish(job,
               core::failure(core::ErrorCode::Internal, "A delete needs the uid of what it means.",
                             {.object = request.key.text()}));
        return;
    }
    m_api.remove(resource, request.key.namespaceName, request.key.name,
                 {.uid = request.uid,
                  .propagationPolicy = request.propagationPolicy,
                  .dryRun = request.dryRun},
                 m_alive.guard([this, job](core::Result<void> answer) {
                     // Gone, or another object by now: what was meant is not there.
                     if (answer || answer.error().code == core::ErrorCode::NotFound
                         || answer.error().code == core::ErrorCode::Conflict)
                         finish(job, Written {.uid = job->request.uid});
                     else
                         failed(job, std::move(answer.error()));
                 }));
}

void ObjectWriter::answered(const JobPtr& job, core::Result<ApiObject> answer)
{
    if (!answer) {
        failed(job, std::move(answer.error()));
        return;
    }
    Written outcome = outcomeOf(answer->object, *answer);
    if (!job->request.dryRun)
        m_live.observeWrite(answer->object);
    finish(job, std::move(outcome));
}

void ObjectWriter::failed(const JobPtr& job, core::Error error)
{
    if (error.code == core::ErrorCode::Unauthorized)
        m_cluster.distrust(error);
    const bool unknown = error.code == core::ErrorCode::UnknownOutcome
        || error.code == core::ErrorCode::Timeout || error.code == core::ErrorCode::Unavailable;
    const bool retryable = unknown || isSurelyNotDone(error.code);
    if (!retryable || ++job->attempt >= kAttempts) {
        finish(job, std::unexpected(std::move(error)));
        return;
    }
    const auto delay = std::max(job->delay(), error.retryAfter.value_or(job->delay()));
    if (unknown && !job->request.dryRun) {
        job->sent = true;
        readBackLater(job, kFirstDelay / 4);
    } else {
        sendLater(job, delay);
    }
}

/// It goes before what waits for its first time.
void ObjectWriter::sendLater(const JobPtr& job, std::chrono::milliseconds delay)
{
    m_pausing.insert(job);
    m_executor.postAt(m_executor.clock().steadyNow() + delay, m_alive.guard([this, job] {
        if (m_pausing.erase(job) == 0)
            return;
        m_lanes[job->request.application].waiting.push_front(job);
        pump();
    }));
    leave(job);
    pump();
}

void ObjectWriter::readBackLater(const JobPtr& job, std::chrono::milliseconds delay)
{
    m_executor.postAt(m_executor.clock().steadyNow() + delay,
                      m_alive.guard([this, job] { readBack(job); }));
}

void ObjectWriter::readBack(const JobPtr& job)
{
    const WriteRequest& request = job->request;
    const core::GroupVersionKind kind = request.manifest ? request.manifest->kind() : request.kind;
    const ApiResource* resource = m_cluster.resource(kind);
    if (!resource) {
        send(job); // which says what is wrong
        return;
    }
    m_api.get(*resource, request.key.namespaceName, request.key.name,
              m_alive.guard(
                  [this, job](core::Result<ApiObject> answer) { judge(job, std::move(answer)); }));
}

void ObjectWriter::judge(const JobPtr& job, core::Result<ApiObject> answer)
{
    const WriteRequest& request = job->request;
    if (!answer && answer.error().code == core::ErrorCode::NotFound) {
        if (request.type == WriteRequest::Type::Delete)
            finish(job, Written {.uid = request.uid});
        else
            send(job);
        return;
    }
    if (!answer) {
        if (answer.error().code == core::ErrorCode::Unauthorized)
            m_cluster.distrust(answer.error());
        if (++job->attempt >= kAttempts)
            finish(
                job,
                std::unexpected(
                    std::move(answer.error()).within("It is not known whether the write arrived")));
        else
            readBackLater(job, job->delay());
        return;
    }
    const core::Json& object = answer->object;
    bool happened = false;
    if (request.type == WriteRequest::Type::Delete) {
        happened = core::stringAt(object, {"metadata", "uid"}) != request.uid
            || !core::stringAt(object, {"metadata", "deletionTimestamp"}).empty();
    } else if (request.manifest) { // a release may be sent twice
        const Comparison comparison = compare(*request.manifest, &object);
        happened =
            !comparison.needsDryRun && comparison.diff.verdict == core::ResourceDiff::Verdict::Same;
    }
    if (!happened) {
        send(job);
        return;
    }
    m_live.observeWrite(object);
    finish(job, outcomeOf(object, *answer));
}

void ObjectWriter::finish(const JobPtr& job, core::Result<Written> outcome)
{
    leave(job);
    answer(job, std::move(outcome));
    pump();
}

void ObjectWriter::answer(const JobPtr& job, core::Result<Written> outcome)
{
    auto done = std::move(job->done);
    job->done = nullptr;
    if (done)
        done(std::move(outcome));
}

} // namespace gitops
