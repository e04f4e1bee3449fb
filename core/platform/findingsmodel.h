// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace core {

/// Keeps findings from one state of a model to the next: a namespace is judged again when it, one
/// that its texts name, or the cluster's scope has changed; flows when the graph is another one.
/// The answer is that of findings() with the same arguments. Not safe for two threads at once.
class FindingsModel
{
public:
    explicit FindingsModel(TenantRules rules = {});
    ~FindingsModel();

    /// model: always the same one. graph: nullptr leaves flows of data out.
    /// In the order of sortFindings(); they stay until the next update.
    const std::vector<const Finding*>& update(const PlatformModel& model,
                                              const LineageGraphPtr& graph = nullptr);

    struct Statistics
    {
        std::size_t judged = 0; ///< namespaces that the last update looked at again
        bool flows = false; ///< whether it looked at the graph again
    };
    const Statistics& statistics() const { return m_statistics; }

private:
    struct Entry;
    bool isFresh(const PlatformModel& model, const Entry& entry) const;
    void judge(const PlatformModel& model, const std::string& name, Entry& entry) const;
    void judgeTenants(const PlatformModel& model);
    void judgeListeners(const PlatformModel& model, std::vector<Finding>& out) const;
    void judgeAll(const PlatformModel& model, const LineageGraphPtr& graph);
    void merge(std::vector<const Finding*> fresh);

    TenantRules m_rules;
    const PlatformInput* m_input = nullptr;
    std::map<std::string, std::unique_ptr<Entry>> m_entries; ///< by namespace
    std::vector<TenantSpaces> m_tenants;
    std::set<std::string> m_tenantNamespaces;
    std::map<std::string, std::string> m_tenantOf; ///< by namespace
    std::uint64_t m_clusterVersion = 0;
    std::size_t m_namespaceCount = 0;
    LineageGraphPtr m_graph;
    std::vector<Finding> m_flows;
    std::vector<Finding> m_shared; ///< over all namespaces
    std::vector<const Finding*> m_sorted;
    std::vector<std::vector<Finding>> m_stale; ///< what m_sorted may still point into
    Statistics m_statistics;
};

} // namespace core
