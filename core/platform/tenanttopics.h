// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/tenants.h"
#include "core/platform/topics.h"

#include <vector>

namespace core {

/// Fills permittedTopics and usedTopics of each tenant with ids of topics: used where a job or
/// service in one of its namespaces reads or writes, permitted where an ACL lets it.
void assignTopics(std::vector<TenantView>& tenants, const std::vector<Topic>& topics,
                  const LineageGraph& graph);

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
