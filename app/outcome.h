// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <string>
#include <vector>

namespace app {

/// What a snapshot says about the applications that a command waits for. Pure.
struct Outcome
{
    enum class State
    {
        Waiting, ///< something still happens
        Settled, ///< all Synced and Healthy
        Failed, ///< an operation failed for good, or cannot begin
        NeedsPerson, ///< prunes wait for a yes
    } state = State::Waiting;
    std::vector<std::string> reasons; ///< one sentence each, of Failed and NeedsPerson
};

/// Of one sync: names are the roots; their children count with them. expected tells how many
/// applications were given.
Outcome outcomeOf(const core::Snapshot& snapshot, const std::vector<std::string>& roots);

/// What an application waits for when time is up, one sentence each; empty when all is settled.
std::vector<std::string> waitedFor(const core::Snapshot& snapshot,
                                   const std::vector<std::string>& roots);

/// All is done, Healthy and idle, something differs from Git all the same, and no automation will
/// look after it: time changes nothing.
bool isStandstill(const core::Snapshot& snapshot, const std::vector<std::string>& roots);

/// The operation of an application rests until a person says yes to a prune.
bool isHeldByPerson(const core::ApplicationState& state);

/// Why the server does not take our credentials, as a sentence; "" while it does, or is not known.
std::string refusedCredentials(const core::ClusterState& cluster);

/// The root and all that descend from it, parents first.
std::vector<std::string> familyOf(const core::Snapshot& snapshot, const std::string& root);

/// Every one of them was compared at least once, or has a condition that says why not.
bool isCompared(const core::Snapshot& snapshot, const std::vector<std::string>& roots);

} // namespace app
