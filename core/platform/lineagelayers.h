// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagenodes.h"
#include "core/platform/lineagerules.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace core {

/// Gives a layer to each node that has none, by the first rule that fits. Rules that need other
/// layers (three lanes of a lambda architecture) count only where words name those: who has which
/// layer is counted, so that a node's change concerns others only where a layer comes or goes.
class LineageLayers
{
public:
    explicit LineageLayers(const LineageRules& rules)
        : m_rules(rules)
    {
    }
    /// Sets what is shown of the nodes that were touched. All that may be shown otherwise now.
    std::vector<LineageSlot> settle(LineageNodes& nodes, std::vector<LineageSlot> touched);

private:
    std::string byWords(const LineageNode& node) const;
    std::string byNeeds(const LineageNode& node) const;
    std::vector<bool> fulfilled() const;
    void count(const std::string& layer, int by);

    const LineageRules& m_rules;
    std::map<std::string, std::size_t> m_present; ///< nodes that have it by themselves or by words
    std::vector<bool> m_fulfilled; ///< whether a rule's needs are there
    std::vector<LineageNodePtr> m_known; ///< by slot, as they were counted
};

} // namespace core
