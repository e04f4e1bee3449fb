// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <string>
#include <variant>
#include <vector>

namespace core {

/// The engine's one stream: history, log, command line, desktop and tests are consumers of it.
/// Texts are safe to show: no secret, no control characters.
namespace event {

struct RevisionFound
{
    std::string application;
    CommitInfo commit;
};
struct OperationStarted
{
    std::string application;
    Operation operation;
};
struct OperationProgressed
{
    std::string application;
    std::string operationId;
    WaveProgress wave;
};
struct OperationFinished
{
    std::string application;
    Operation operation;
};
struct ResourceApplied
{
    std::string application;
    ResourceResult result;
};
struct HealthChanged
{
    std::string application;
    ObjectKey key; ///< kind "" when it is the application's own
    std::optional<Health> from;
    std::optional<Health> to;
    std::string message;
};
struct SyncStateChanged
{
    std::string application;
    SyncState from = SyncState::Unknown;
    SyncState to = SyncState::Unknown;
};
struct DriftFound
{
    std::string application;
    ResourceDiff diff;
};
struct DriftHealed
{
    std::string application;
    ObjectKey key;
    std::chrono::microseconds took {}; ///< from the event's arrival to the acknowledged write
};
struct ConditionRaised
{
    std::string application;
    Condition condition;
};
struct ConditionCleared
{
    std::string application;
    std::string type;
};
struct ConfirmationNeeded
{
    std::string application;
    std::vector<ObjectKey> keys;
    std::string reason;
};
struct ConnectionChanged
{
    ClusterState cluster;
};
/// A new snapshot() is there. At most 20 a second.
struct SnapshotPublished
{
    SnapshotPtr snapshot;
};

} // namespace event

/// One happening, with when and a running number. Order is the order in which the engine saw them.
struct Event
{
    std::uint64_t number = 0;
    WallTime at {};
    std::variant<event::RevisionFound, event::OperationStarted, event::OperationProgressed,
                 event::OperationFinished, event::ResourceApplied, event::HealthChanged,
                 event::SyncStateChanged, event::DriftFound, event::DriftHealed,
                 event::ConditionRaised, event::ConditionCleared, event::ConfirmationNeeded,
                 event::ConnectionChanged, event::SnapshotPublished>
        what;
};

/// One line for a log: "event-driven-kafka: Deployment kafka/web drifted: spec.replicas is 5, Git
/// says 3 (kubectl-scale, 12:03:04)".
std::string describe(const Event& event);
/// The application it is about, or "".
std::string_view applicationOf(const Event& event);
/// For -o json: one object with "type", "time", "application" and the members of the event.
Json toJson(const Event& event);
Json toJson(const ApplicationState& state);
Json toJson(const Operation& operation);
Json toJson(const ResourceDiff& diff);
Json toJson(const ResourceState& resource);

} // namespace core
