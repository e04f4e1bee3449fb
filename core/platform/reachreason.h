// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/reachability.h"

#include <string>
#include <vector>

namespace core {

/// One end of a connection: what its NetworkPolicies say, and where they say it.
struct ReachReason
{
    bool outgoing = false; ///< out of the source, else into the target
    Reach reach = Reach::Allowed;
    bool decides = false; ///< the verdict on the connection is this end's
    std::string policy; ///< "NetworkPolicy kafka/allow-tenants"; "" when none selects the pods
    int rule = -1; ///< that allows it, counted from 0; -1: none
    std::string text; ///< one sentence
    Place place; ///< of the rule, else of the policy's list of rules
};

/// Both ends of a verdict: first what decides it. An allowed connection is decided by both.
std::vector<ReachReason> reachReasons(const PlatformInput& input, const NetworkVerdict& verdict);

} // namespace core
