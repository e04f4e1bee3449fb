// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findinglist.h"
#include "core/platform/lineagedifference.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace core {

struct FindingGround; // findingsspace.h

/// What is found of a node of the lineage rests on the node, its edges, its neighbours, its
/// container, and on this.
struct FlowGround
{
    std::map<std::string, std::string> tenantOf; ///< by namespace
    std::map<std::string, int> unresolved; ///< ends, by system
    std::vector<std::uint8_t> holdsDeclared; ///< by node: something in it is an object's
    std::vector<std::uint8_t> leadsToBatch; ///< by node: its data come to the batch layer
};

/// All findings about one node.
void findFlowsAt(const PlatformModel& model, const LineageGraph& graph, const FlowGround& ground,
                 LineageGraph::Index node, std::vector<Finding>& out);
/// Whether findFlowsAt asks where a node's data come to.
bool isReadBySpeed(const LineageGraph& graph, LineageGraph::Index node);

/// The findings of a graph, by node. With another graph only nodes round what differs are judged
/// again.
class FlowFindings
{
public:
    /// graph: nullptr for none. objects: those that changed in the model since the last time;
    /// nullptr: all of them may have, or what all findings rest on. Returns how many nodes it
    /// looked at.
    std::size_t update(const PlatformModel& model, const LineageGraphPtr& graph,
                       const FindingGround& ground, const std::vector<ObjectKey>* objects,
                       FindingList& list);

private:
    using Index = LineageGraph::Index;
    void leave(FindingList& list);
    void takeWhole(const LineageGraph& graph, const FindingGround& ground);
    void takeOther(const LineageGraph& before, const LineageGraph& now, FindingList& list);
    void countUnresolved(const LineageGraph& before, const LineageGraph& now,
                         const LineageDifference& difference);
    void lookInto(const LineageGraph& graph, std::vector<Index> containers);
    void followBatch(const LineageGraph& graph);
    void touch(Index node);
    void touchRound(const LineageGraph& graph, Index node);
    void touchObject(const LineageGraph& graph, Index node);
    void touchUsers(const LineageGraph& graph, Index dataset);

    LineageGraphPtr m_graph;
    FlowGround m_ground;
    std::vector<std::uint8_t> m_isBatch; ///< by node
    std::vector<std::vector<Finding>> m_found; ///< by node
    std::vector<Finding> m_layers; ///< of the layer below
    std::vector<std::uint8_t> m_isTouched; ///< by node
    std::vector<Index> m_touched;
};

} // namespace core
