// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/tenanttopics.h"

#include <algorithm>

namespace core {

TopicUse topicUse(const TenantView& tenant, const Topic& topic, const LineageGraph& graph)
{
    const auto isTenants = [&](const std::string& id) {
        const auto index = graph.find(id);
        return index
            && std::ranges::find(tenant.namespaces, graph.node(*index).kubernetesNamespace)
            != tenant.namespaces.end();
    };
    TopicUse use;
    const auto take = [&](const std::vector<std::string>& ids, bool& flag) {
        for (const std::string& id : ids)
            if (isTenants(id)) {
                flag = true;
                if (std::ranges::find(use.users, id) == use.users.end())
                    use.users.push_back(id);
            }
    };
    bool either = false;
    take(topic.producers, use.writes);
    take(topic.consumers, use.reads);
    take(topic.users, either);
    use.mayWrite = std::ranges::any_of(topic.permittedProducers, isTenants);
    use.mayRead = std::ranges::any_of(topic.permittedConsumers, isTenants);
    return use;
}

} // namespace core
