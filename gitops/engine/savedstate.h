// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/operation.h"
#include "core/model/snapshot.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// How the last full operation of an application ended.
struct Attempt
{
    std::string revision;
    std::string specDigest; ///< of what the application's spec asks for
    core::OperationPhase phase = core::OperationPhase::Succeeded;
    std::string message;
    bool retryable = false; ///< failed for reasons outside Git: worth another look later
    bool operator==(const Attempt&) const = default;
};

/// A write that was about to be sent, and whose answer is not known yet.
struct UnansweredWrite
{
    core::ObjectKey key;
    core::SyncPhase phase = core::SyncPhase::Sync;
    int wave = 0;
    std::string hook;
    bool isDelete = false;
    std::string uidBefore; ///< of the live object then, "" when there was none
    bool operator==(const UnansweredWrite&) const = default;
};

/// What is kept of one application over restarts. Everything else is seen again in Git and in the
/// cluster.
struct SavedState
{
    std::optional<core::CommitInfo> revision; ///< last good commit
    bool historyRewritten = false; ///< it did not descend from the one before: prunes are held
    std::optional<Attempt> attempt;
    std::optional<core::Operation> operation; ///< running, or the last one
    bool force = false; ///< of the running operation
    std::vector<UnansweredWrite> unanswered;
    std::vector<core::Pause> pauses;
    std::map<core::ObjectKey, std::string> confirmed; ///< prunes agreed to, with the uid meant
    std::map<core::ObjectKey, std::string> asked; ///< prunes that a person was asked about, by uid
    std::set<std::string> adopted; ///< uids
    std::map<std::string, std::string> children; ///< child applications in force: their manifests
    bool deleting = false; ///< removed by its parent, with the finalizer: it takes its objects down
    std::string origin; ///< of the application, as last reconciled here (ApplicationOrigin)
    std::string replacedOrigin; ///< of the record: a person agreed that ours takes its place
    bool operator==(const SavedState&) const = default;
};

/// Compact JSON with a version in it. A text of a newer version, or one that is damaged, is an
/// Error: then nothing of it is used.
std::string toText(const SavedState& state);
core::Result<SavedState> savedStateFromText(const std::string& text);

/// What Kubernetes names must look like made from an application's: lower case, digits and '-'.
std::string resourceNameFor(const std::string& application);

} // namespace gitops
