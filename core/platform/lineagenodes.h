// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagejoin.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace core {

/// The place of a node while it is there, whatever its place in the graph.
using LineageSlot = std::uint32_t;
constexpr LineageSlot kNoSlot = std::numeric_limits<LineageSlot>::max();

/// When a node was named: later steps see only what earlier ones named.
enum class LineageStep : std::uint8_t
{
    Part, ///< by a part's own facts
    Mirror, ///< as the copy of a topic
    Pattern, ///< because a pattern matched, or did not
    Aside, ///< only as what may hold another one: it is there while it does
};

/// What somebody who names a node says of it.
struct LineageSaid
{
    LineageNodeType type = LineageNodeType::Unresolved;
    std::string system;
    std::string label;
    std::string note;
    std::string kubernetesNamespace;
    LineageSlot container = kNoSlot;
    bool operator==(const LineageSaid&) const = default;
};

/// One statement of somebody about a node, to be taken back when he is looked at again.
struct LineageClaim
{
    enum class Type : std::uint8_t
    {
        Said,
        Self, ///< it is the node of a part
        Fact, ///< a part declares it
        Note, ///< the Service selects nothing that is known
        Named, ///< nothing new: it is only named
    } type = Type::Said;
    LineageStep step = LineageStep::Part;
    LineageSlot slot = kNoSlot;
    LineageSlot container = kNoSlot; ///< of a fact
    const void* what = nullptr; ///< LineageSaid or LineageNodeFact
    const LineagePart* part = nullptr;
};

/// All nodes that parts name, each with everything that is said of it. What a node is follows from
/// that alone, not from the order in which it was said.
class LineageNodes
{
public:
    struct Node
    {
        std::string namespaceName;
        std::string name;
        std::vector<std::pair<std::shared_ptr<const LineageSaid>, std::uint32_t>> said;
        std::map<const LineagePart*, std::uint32_t, LineagePartOrder> selves;
        std::vector<LineageClaim> facts; ///< in the order of parts and of their facts
        std::array<std::uint32_t, 3> named {}; ///< how often, by step
        std::uint32_t held = 0; ///< nodes that it holds
        std::uint32_t notes = 0;
        std::vector<const void*> mirrors; ///< that copy a topic to it
        // What follows.
        LineageNodePtr plain; ///< without the layer of rules; null: it is not there
        LineageNodePtr shown; ///< with it
        LineageSlot container = kNoSlot;
        std::string wordLayer; ///< that it has whatever others have
        bool isStale = false;
        bool isUsed = true; ///< false: the slot is free
        bool isThere() const { return plain != nullptr; }
        bool isInFirst() const { return plain && (named[0] != 0 || held != 0); }
    };

    LineageSlot slot(const std::string& namespaceName, const std::string& name);
    void say(std::vector<LineageClaim>& claims, LineageSlot slot, LineageSaid said,
             LineageStep step);
    void claim(std::vector<LineageClaim>& claims, LineageClaim claim);
    void takeBack(const std::vector<LineageClaim>& claims);
    void touch(LineageSlot slot);
    void touchIfThere(const std::string& namespaceName, const std::string& name);

    /// Works out anew what was touched; the slots whose node may be another now.
    std::vector<LineageSlot> settle();
    /// Frees slots of which nothing is said any more.
    void sweep(const std::vector<LineageSlot>& touched);

    const Node& operator[](LineageSlot slot) const { return m_nodes[slot]; }
    Node& at(LineageSlot slot) { return m_nodes[slot]; }
    std::size_t size() const { return m_nodes.size(); }

private:
    LineageNodePtr made(LineageSlot slot, LineageSlot& container) const;
    const LineageSaid* best(const Node& node) const;
    bool isBetter(const LineageSaid& a, const LineageSaid& b) const;
    void hold(LineageSlot slot, LineageSlot container);

    std::vector<Node> m_nodes;
    std::unordered_map<std::string, LineageSlot> m_byId;
    std::vector<LineageSlot> m_free;
    std::vector<LineageSlot> m_stale;
};

} // namespace core
