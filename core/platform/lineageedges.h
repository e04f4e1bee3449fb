// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagenodes.h"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace core {

using LineageProofPtr = std::shared_ptr<const LineageProof>;

/// What happens from one node to another.
struct LineageBetween
{
    LineageSlot from = kNoSlot;
    LineageSlot to = kNoSlot;
    LineageRelation relation = LineageRelation::Uses;
    bool operator==(const LineageBetween&) const = default;
};

/// All edges, each with everybody who tells of it: his proof goes when he is looked at again.
class LineageEdges
{
public:
    using Place = std::uint32_t;
    /// One that tells of an edge; the order is that of proofs.
    struct Telling
    {
        const void* owner = nullptr; ///< who takes it back
        std::uint8_t step = 0;
        const LineagePart* part = nullptr; ///< null: what follows from names alone
        std::uint32_t number = 0; ///< among those of the part in this step
        bool bothWays = false;
        LineageProofPtr proof;
    };
    struct Edge
    {
        LineageBetween between;
        std::vector<Telling> tellings;
        LineageProofs proofs; ///< empty: it is not there
        bool bothWays = false;
        bool isStale = false;
    };

    /// Adds the edge's place to those that takeBack() wants.
    void add(std::vector<Place>& places, const LineageBetween& between, Telling telling);
    void takeBack(const std::vector<Place>& places, const void* owner);

    /// Works out anew what was touched; those whose edge may be another now.
    std::vector<Place> settle();
    void sweep(const std::vector<Place>& touched);

    const Edge& operator[](Place place) const { return m_edges[place]; }
    std::size_t size() const { return m_edges.size(); }

private:
    struct Hash
    {
        std::size_t operator()(const LineageBetween& between) const
        {
            return std::hash<std::uint64_t>()((std::uint64_t(between.from) << 32 | between.to)
                                              * 0x9E3779B97F4A7C15U)
                + static_cast<std::size_t>(between.relation);
        }
    };
    void touch(Place place);

    std::vector<Edge> m_edges;
    std::unordered_map<LineageBetween, Place, Hash> m_places;
    std::vector<Place> m_free;
    std::vector<Place> m_stale;
};

} // namespace core
