// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageedges.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxProofs = 50;

bool isBefore(const LineageEdges::Telling& a, const LineageEdges::Telling& b)
{
    if (a.step != b.step)
        return a.step < b.step;
    if (a.part != b.part && a.part && b.part)
        return LineagePartOrder()(a.part, b.part);
    return a.number < b.number;
}

} // namespace

void LineageEdges::touch(Place place)
{
    if (m_edges[place].isStale)
        return;
    m_edges[place].isStale = true;
    m_stale.push_back(place);
}

void LineageEdges::add(std::vector<Place>& places, const LineageBetween& between, Telling telling)
{
    if (between.from == between.to)
        return;
    const auto [found, isNew] = m_places.try_emplace(between, Place(0));
    if (isNew && m_free.empty()) {
        found->second = static_cast<Place>(m_edges.size());
        m_edges.emplace_back();
    } else if (isNew) {
        found->second = m_free.back();
        m_free.pop_back();
    }
    Edge& edge = m_edges[found->second];
    edge.between = between;
    edge.tellings.push_back(std::move(telling));
    touch(found->second);
    places.push_back(found->second);
}

void LineageEdges::takeBack(const std::vector<Place>& places, const void* owner)
{
    for (const Place place : places) {
        std::erase_if(m_edges[place].tellings,
                      [&](const Telling& telling) { return telling.owner == owner; });
        touch(place);
    }
}

std::vector<LineageEdges::Place> LineageEdges::settle()
{
    for (const Place place : m_stale) {
        Edge& edge = m_edges[place];
        edge.isStale = false;
        std::ranges::stable_sort(edge.tellings, isBefore);
        bool bothWays = true;
        std::vector<LineageProof> proofs;
        for (const Telling& telling : edge.tellings) {
            bothWays = bothWays && telling.bothWays;
            if (proofs.size() < kMaxProofs
                && std::ranges::find(proofs, *telling.proof) == proofs.end())
                proofs.push_back(*telling.proof);
        }
        edge.bothWays = bothWays;
        if (edge.proofs.items() != proofs)
            edge.proofs = LineageProofs(std::move(proofs));
    }
    return std::exchange(m_stale, {});
}

void LineageEdges::sweep(const std::vector<Place>& touched)
{
    for (const Place place : touched) {
        Edge& edge = m_edges[place];
        if (!edge.tellings.empty() || edge.between.from == kNoSlot)
            continue;
        m_places.erase(edge.between);
        edge = {};
        m_free.push_back(place);
    }
}

} // namespace core
