// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/model/diff.h"
#include "core/model/operation.h"
#include "core/model/sharedlist.h"
#include "core/model/status.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// One object of an application: declared in Git, or tracked to it, or a live child of such a one.
struct ResourceState
{
    ObjectKey key;
    std::string version; ///< API version of the kind: "v1beta2"
    std::string uid; ///< "" when it is not in the cluster
    bool declared = false; ///< Git has it
    bool requiresPrune = false;
    std::string hook; ///< hook types, "" for an ordinary object
    int wave = 0;
    SyncState sync = SyncState::Unknown; ///< of declared or tracked objects only
    std::optional<Health> health; ///< nullopt: the kind has no health
    std::string healthMessage;
    std::optional<ObjectKey> parent; ///< by owner reference, for the tree
    std::optional<WallTime> createdAt;
    bool deleting = false;
    std::vector<std::string> finalizers; ///< only while deleting: what it waits for
    std::string paused; ///< reason, "" when not paused
    Place origin; ///< in Git
    ResourceDiffPtr diff; ///< null when Same or not compared yet
};

struct CommitInfo
{
    std::string id; ///< 40 hex digits
    std::string author;
    std::string subject;
    WallTime when {};
    std::string shortId() const { return id.substr(0, 7); }
    bool operator==(const CommitInfo&) const = default;
};

/// Argo CD's condition types where one fits: ComparisonError, SyncError, InvalidSpecError,
/// SharedResourceWarning, RepeatedResourceWarning, ExcludedResourceWarning; ours: SourceStale
/// (the repository does not answer), SourceError (the revision is not in it any more), ReadOnly,
/// Paused.
struct Condition
{
    std::string type;
    std::string message;
    Place place;
    std::optional<WallTime> since;
    bool isError() const { return type.ends_with("Error"); }
    bool operator==(const Condition&) const = default;
};

/// A pause of an application or of one object, kept over restarts.
struct Pause
{
    std::optional<ObjectKey> key; ///< nullopt: the whole application
    std::string reason;
    std::optional<WallTime> until; ///< nullopt: until resumed
    bool operator==(const Pause&) const = default;
};

/// Everything known of one application. Immutable once published.
struct ApplicationState
{
    Application spec;
    SyncState sync = SyncState::Unknown;
    Health health = Health::Unknown;
    std::string healthMessage; ///< "Caused by …"
    std::optional<CommitInfo> revision; ///< last good commit: what is compared
    std::optional<WallTime> lastReconciled; ///< end of the last compare
    std::optional<WallTime> lastFetched; ///< last successful look at the repository
    std::string activity; ///< one line: "Rendering", "Waiting for wave 1", "" when idle
    std::vector<Condition> conditions;
    std::vector<Pause> pauses;
    std::vector<ObjectKey> awaitingConfirmation; ///< prunes that wait for a person
    std::string holder; ///< who reconciles it when that is not us: we only read
    std::optional<Operation> operation; ///< running, or the last one
    /// Sorted by wave, rank, key; children after all declared ones. Shared with the state before
    /// where nothing changed.
    SharedList<ResourceState> resources;
};

using ApplicationStatePtr = std::shared_ptr<const ApplicationState>;

/// The cluster as we see it now.
struct ClusterState
{
    enum class Connection
    {
        Connecting,
        Connected,
        Disconnected
    } connection = Connection::Connecting;
    std::string context; ///< kubeconfig context, or "practice"
    std::string server; ///< URL
    std::string version; ///< "v1.36.0"
    std::string message; ///< why not connected
    bool refused = false; ///< it does not take our credentials (401)
    bool practice = false; ///< a practice cluster: said wherever it is shown
    bool insecure = false; ///< TLS verification is off for it: marked in red
    bool operator==(const ClusterState&) const = default;
};

/// What the engine knows at one moment. Shares every ApplicationState that did not change with the
/// one before.
struct Snapshot
{
    std::uint64_t sequence = 0; ///< grows by one at each publication
    WallTime at {};
    ClusterState cluster;
    std::map<std::string, ApplicationStatePtr> applications; ///< by name
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

} // namespace core
