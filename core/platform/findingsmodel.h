// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findinglist.h"
#include "core/platform/findings.h"
#include "core/platform/findingsparts.h"
#include "core/platform/findingsspace.h"
#include "core/platform/flowfindings.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// Keeps findings from one state of a model to the next: of an object only those rules are asked
/// again whose grounds changed (ModelAspect), of the graph only the nodes round a change
/// (FlowFindings). The answer is that of findings() with the same arguments. Not safe for two
/// threads at once.
class FindingsModel
{
public:
    explicit FindingsModel(TenantRules rules = {});
    ~FindingsModel();

    /// model: always the same one. graph: nullptr leaves flows of data out.
    /// In the order of sortFindings(); they stay until the next update.
    const std::vector<const Finding*>& update(const PlatformModel& model,
                                              const LineageGraphPtr& graph = nullptr);

    /// Another number after each update() that told something else.
    std::uint64_t revision() const { return m_list.revision(); }

    struct Statistics
    {
        std::size_t objects = 0; ///< that the last update looked at again
        std::size_t nodes = 0; ///< of the graph
    };
    const Statistics& statistics() const { return m_statistics; }

private:
    struct Changes;
    Changes changesOf(const PlatformModel& model);
    void judgeTenants(const PlatformModel& model, Changes& changes);
    void matchSpaces(const PlatformModel& model, Changes& changes);
    void readClaims(const PlatformModel& model, Changes& changes);
    void judgeSpaces(const PlatformModel& model, const Changes& changes);
    void judgeShared(const PlatformModel& model, const Changes& changes);
    void judgeListeners(const PlatformModel& model, const Changes& changes,
                        std::vector<Finding>& out);

    /// Who reaches a plain listener, as far as it was asked.
    using Reached = std::map<std::string, bool>; ///< by namespace

    TenantRules m_rules;
    PlatformInputPtr m_input; ///< whose circumstances were seen; null at first
    std::uint64_t m_count = 0; ///< of the model's changes, as far as they were seen
    FindingGround m_ground;
    std::vector<TenantSpaces> m_tenants;
    std::map<std::string, SpaceFindings> m_spaces; ///< by namespace
    std::map<std::pair<ObjectKey, std::string>, Reached> m_reaches; ///< by listener
    std::vector<Finding> m_shared; ///< over all namespaces
    FlowFindings m_flows;
    FindingList m_list;
    Statistics m_statistics;
};

} // namespace core
