// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/value/quantity.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace core {

/// On an object of metrics.k8s.io, "true": its figures were made up by a practice cluster.
inline constexpr std::string_view kSimulatedAnnotation = "wavewright.dev/simulated";

/// What pods use at this moment.
struct ResourceUse
{
    Quantity cpu;
    Quantity memory;
    int pods = 0; ///< that were measured
    bool operator==(const ResourceUse&) const = default;
};

/// What the pods of each namespace use, as metrics.k8s.io tells it. Immutable once made; any
/// thread.
struct MeasuredUse
{
    enum class State
    {
        Waiting, ///< asked, no answer yet
        Known,
        NotServed, ///< the cluster has no metrics-server
        Refused, ///< we may not list pods.metrics.k8s.io
        Failed, ///< no answer, or one that is too old to be told
    } state = State::Waiting;
    std::string why = "asked, no answer yet"; ///< of every state but Known: one sentence
    WallTime at {}; ///< of the newest measurement
    bool simulated = false; ///< by a practice cluster: said next to every figure
    std::map<std::string, ResourceUse> namespaces; ///< of Known; without pods: not in here

    const ResourceUse* of(const std::string& namespaceName) const
    {
        const auto found = namespaces.find(namespaceName);
        return found == namespaces.end() ? nullptr : &found->second;
    }
    bool operator==(const MeasuredUse&) const = default;
};
using MeasuredUsePtr = std::shared_ptr<const MeasuredUse>;

std::string_view toString(MeasuredUse::State state); ///< "notServed"
/// As kubectl top prints them, rounded up: "26m", "118Mi".
std::string cpuText(const Quantity& cpu);
std::string memoryText(const Quantity& memory);

} // namespace core
