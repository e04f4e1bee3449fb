// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageindex.h"
#include "core/platform/lineagejoin.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace core {

/// "//queue/x" (the vhost "/") as the management API writes it: "%2F/queue/x".
std::string rabbitName(std::string name);

/// Joins the facts of all objects into one graph: ends of flows become nodes (lineageends.cpp),
/// flows, patterns, mirrors and folders become edges (lineagejoin.cpp). For one join, on one
/// thread; parts and rules must outlive it.
class LineageJoiner
{
public:
    LineageJoiner(const std::vector<LineagePart>& parts, const LineageRules& rules)
        : m_parts(parts)
        , m_rules(rules)
        , m_index(parts)
        , m_selfNodes(parts.size())
    {
    }
    LineageGraph join();

private:
    using Index = LineageGraph::Index;
    struct Pending
    {
        std::size_t part = 0;
        const LineageFlow* flow = nullptr;
    };

    Index node(const std::string& namespaceName, const std::string& name, LineageNode&& fresh,
               std::optional<Index> container = {});
    Index self(std::size_t part);
    Index object(const ObjectKey& key, const std::string& note);
    Index unresolved(const LineageEnd& end, std::size_t part, const std::string& note);
    Index named(const LineageEnd& end, std::size_t part);
    std::optional<Index> sameDag(const LineageEnd& end);
    std::optional<Index> store(const std::string& host, const std::string& system, std::size_t part,
                               std::string& note);
    std::optional<Index> storeAt(const std::string& host, const std::string& system,
                                 std::size_t part, std::string& note);
    Index host(const LineageEnd& end, std::size_t part);
    Index data(const LineageEnd& end, std::size_t part);
    Index objectStoreData(const LineageEnd& end, std::size_t part);
    std::vector<Index> resolve(const LineageEnd& end, std::size_t part);
    std::optional<LineageEnd> withEnvironment(LineageEnd end, std::size_t part) const;
    std::string canonical(Index store) const;

    void addNodes(std::size_t part);
    void addFlows(std::size_t part, const LineageFacts& facts, bool observedOnly);
    void addEdge(Index from, Index to, const LineageFlow& flow);
    void addPattern(const Pending& pending);
    void addMirrors(std::size_t part);
    std::vector<Index> matching(const std::string& pattern, const std::string& system,
                                std::optional<Index> container, bool& valid);
    void connectFolders();
    LineageGraph sorted();

    const std::vector<LineagePart>& m_parts;
    const LineageRules& m_rules;
    LineageIndex m_index;
    std::vector<std::optional<Index>> m_selfNodes;
    std::vector<LineageNode> m_nodes;
    std::vector<Index> m_containers; ///< by node
    std::vector<std::string> m_addresses; ///< of stores, by node
    std::unordered_map<std::string, Index> m_byId;
    std::unordered_map<std::string, std::pair<std::optional<Index>, std::string>> m_stores;
    std::map<std::pair<std::string, std::string>, std::vector<Index>> m_declared; ///< system, name
    std::vector<LineageEdge> m_edges;
    std::unordered_map<std::uint64_t, std::size_t> m_edgeAt;
    std::vector<Pending> m_patterns;
    std::unordered_map<std::string, std::vector<Index>> m_dags; ///< of Airflow, by name
    bool m_areDagsKnown = false;
    bool m_areNodesAdded = false;
};

} // namespace core
