// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/platform/podfacts.h"

#include <map>
#include <string>
#include <vector>

namespace core {

/// A ResourceQuota: what is allowed, and what its controller counted.
struct QuotaFacts
{
    ResourceList hard; ///< of spec
    ResourceList used; ///< of status; empty in Git
    std::vector<std::string> scopes; ///< also of a scopeSelector: "Terminating", "PriorityClass"
    static QuotaFacts read(const Json& quota);
};

/// The defaults and bounds of a LimitRange's type Container.
struct LimitRangeFacts
{
    ResourceList defaults; ///< limits of a container that has none
    ResourceList defaultRequests;
    ResourceList max;
    ResourceList min;
    static LimitRangeFacts read(const Json& limitRange);
    bool operator==(const LimitRangeFacts&) const = default;
};

/// A container's own figures with what the API server and the namespace's LimitRanges fill in, and
/// which of them were filled in ("requests.cpu").
struct ContainerNeed
{
    ResourceList requests;
    ResourceList limits;
    std::vector<std::string> defaulted;
};
ContainerNeed withDefaults(const ContainerFacts& container,
                           const std::vector<const LimitRangeFacts*>& limits);

/// What one pod needs as a quota counts it: the sum of its containers, or its greatest init
/// container where that is more. Keys as in a quota: "requests.cpu", "limits.memory", "pods".
ResourceList podNeed(const PodFacts& pod, const std::vector<const LimitRangeFacts*>& limits);

/// Adds so many times one need to another.
void addNeed(ResourceList& to, const ResourceList& need, std::int64_t times = 1);

/// The name under which a quota counts a resource: "cpu" is "requests.cpu", "count/pods" is "pods".
std::string quotaName(const std::string& written);

/// need as far as a quota has a word for it.
Quantity needFor(const ResourceList& need, const std::string& written);

} // namespace core
