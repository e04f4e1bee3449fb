// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/model/sharedlist.h"
#include "core/object/identity.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Argo CD's sync phases, in order (gitops-engine pkg/sync/sync_tasks.go).
enum class SyncPhase
{
    PreSync,
    Sync,
    PostSync,
    SyncFail
};
enum class OperationPhase
{
    Running,
    Terminating,
    Failed,
    Error,
    Succeeded
};
/// Argo CD's per-resource codes.
enum class ResultCode
{
    Synced,
    SyncFailed,
    Pruned,
    PruneSkipped
};

std::string_view toString(SyncPhase phase);
std::string_view toString(OperationPhase phase);
std::string_view toString(ResultCode code);
inline bool isCompleted(OperationPhase phase)
{
    return phase == OperationPhase::Failed || phase == OperationPhase::Error
        || phase == OperationPhase::Succeeded;
}

/// What became of one object in an operation. Saved between steps and over restarts.
struct ResourceResult
{
    ObjectKey key;
    SyncPhase phase = SyncPhase::Sync;
    int wave = 0;
    std::string hook; ///< "" for an ordinary object, else its hook types
    ResultCode code = ResultCode::Synced;
    /// Of a hook, or a resource whose wave waits for it; nullopt: not yet decided.
    std::optional<OperationPhase> hookPhase;
    std::string message;
    std::string uid; ///< of the live object after the write
    std::int64_t generation = 0; ///< that our write produced: health counts from there on
    bool operator==(const ResourceResult&) const = default;
};

/// One lane on screen: a wave of a phase.
struct WaveProgress
{
    enum class State
    {
        Pending,
        Applying,
        Waiting,
        Done,
        Failed
    } state = State::Pending;
    SyncPhase phase = SyncPhase::Sync;
    int wave = 0;
    int total = 0; ///< objects in it, prunes counted
    int applied = 0;
    int ready = 0; ///< of total: healthy, or without health
    std::vector<std::string>
        waitsFor; ///< "Kafka kafka/event-cluster: Progressing, Waiting for …", at most 20
    bool operator==(const WaveProgress&) const = default;
};

std::string_view toString(WaveProgress::State state);

/// A sync or heal of one application, running or ended.
struct Operation
{
    enum class Trigger
    {
        Manual,
        Automated,
        SelfHeal
    } trigger = Trigger::Manual;
    std::string id; ///< unique in the state folder
    std::string revision; ///< full commit id
    OperationPhase phase = OperationPhase::Running;
    std::string message;
    WallTime startedAt {};
    std::optional<WallTime> finishedAt;
    bool dryRun = false;
    bool prune = false;
    std::vector<ObjectKey> only; ///< a partial sync when not empty
    int attempt = 0; ///< retries so far
    std::string lastFailure; ///< why the attempt before this one failed; empty in the first
    std::optional<WallTime> nextRetryAt;
    bool heldByPerson = false; ///< it rests until a person says yes to a prune
    std::vector<WaveProgress> waves;
    SharedList<ResourceResult> results;
    bool operator==(const Operation&) const = default;
};

std::string_view toString(Operation::Trigger trigger);

} // namespace core
