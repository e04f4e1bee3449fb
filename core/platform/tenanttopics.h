// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/tenants.h"
#include "core/platform/topics.h"

#include <string>
#include <vector>

namespace core {

/// What a tenant does with a topic.
struct TopicUse
{
    bool writes = false;
    bool reads = false;
    bool mayWrite = false;
    bool mayRead = false;
    std::vector<std::string> users; ///< ids of its nodes that do
    bool isUsed() const { return writes || reads || !users.empty(); }
};
TopicUse topicUse(const TenantView& tenant, const Topic& topic, const LineageGraph& graph);

} // namespace core
