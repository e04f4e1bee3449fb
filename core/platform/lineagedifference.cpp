// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagedifference.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <tuple>

namespace core {

namespace {

using Index = LineageGraph::Index;
constexpr Index kNone = LineageGraph::kNone;

auto idOf(const LineageNode& node)
{
    return std::tie(node.namespaceName, node.name);
}

class Comparer
{
public:
    Comparer(const LineageGraph& before, const LineageGraph& now)
        : m_before(before)
        , m_now(now)
    {
    }

    LineageDifference compare()
    {
        m_out.numbers.resize(m_before.nodes().size());
        if (m_before.nodes().isSharedWith(m_now.nodes()))
            std::iota(m_out.numbers.begin(), m_out.numbers.end(), Index(0));
        else
            compareNodes();
        if (!m_before.hasShapeOf(m_now)) {
            compareContainers();
            compareEdges();
        }
        for (const LineageDifference::Pair& each : m_out.nodes)
            noteContainers(each.before, each.now);
        return std::move(m_out);
    }

private:
    void compareNodes()
    {
        const LineageGraph::Nodes& a = m_before.nodes();
        const LineageGraph::Nodes& b = m_now.nodes();
        Index i = 0;
        Index j = 0;
        while (i < a.size() || j < b.size()) {
            const bool areBoth = i < a.size() && j < b.size();
            const auto order = areBoth && a.shared(i) == b.shared(j) ? std::strong_ordering::equal
                : areBoth      ? std::strong_ordering(idOf(a[i]) <=> idOf(b[j]))
                : i < a.size() ? std::strong_ordering::less
                               : std::strong_ordering::greater;
            m_out.areNumbersOther = m_out.areNumbersOther || order != 0;
            if (order < 0) {
                m_out.numbers[i] = kNone;
                m_out.nodes.push_back({i++, kNone});
            } else if (order > 0) {
                m_out.nodes.push_back({kNone, j++});
            } else {
                if (a.shared(i) != b.shared(j))
                    m_out.nodes.push_back({i, j});
                m_out.numbers[i++] = j++;
            }
        }
    }

    Index numberOf(Index before) const { return before == kNone ? kNone : m_out.numbers[before]; }

    void noteContainers(Index before, Index now)
    {
        const Index was = before == kNone ? kNone : numberOf(m_before.containers()[before]);
        const Index is = now == kNone ? kNone : m_now.containers()[now];
        for (const Index container : {was, is})
            if (container != kNone)
                m_out.containers.push_back(container);
    }

    void compareContainers()
    {
        for (Index i = 0; i < m_out.numbers.size(); ++i) {
            const Index now = m_out.numbers[i];
            if (now == kNone)
                continue;
            const Index was = m_before.containers()[i];
            const bool isGone = was != kNone && numberOf(was) == kNone; // another one than none
            if (!isGone && numberOf(was) == m_now.containers()[now])
                continue;
            m_out.moved.push_back(now);
            noteContainers(i, now);
        }
    }

    /// Both lists are by from, to and relation, and so are they by the numbers of now.
    void compareEdges()
    {
        const auto& a = m_before.edges();
        const auto& b = m_now.edges();
        const auto before = [&](std::size_t i) {
            return std::tuple(m_out.numbers[a[i].from], m_out.numbers[a[i].to], a[i].relation);
        };
        const auto now = [&](std::size_t i) {
            return std::tuple(b[i].from, b[i].to, b[i].relation);
        };
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size()
                && (m_out.numbers[a[i].from] == kNone || m_out.numbers[a[i].to] == kNone)) {
                end(m_out.numbers[a[i].from]);
                end(m_out.numbers[a[i++].to]);
            } else if (j == b.size() || (i < a.size() && before(i) < now(j))) {
                end(m_out.numbers[a[i].from]);
                end(m_out.numbers[a[i++].to]);
            } else if (i == a.size() || now(j) < before(i)) {
                end(b[j].from);
                end(b[j++].to);
            } else {
                if (a[i].bothWays != b[j].bothWays || !a[i].proofs.areSharedWith(b[j].proofs)) {
                    end(b[j].from);
                    end(b[j].to);
                }
                ++i;
                ++j;
            }
        }
    }

    void end(Index node)
    {
        if (node != kNone)
            m_out.ends.push_back(node);
    }

    const LineageGraph& m_before;
    const LineageGraph& m_now;
    LineageDifference m_out;
};

} // namespace

LineageDifference lineageDifference(const LineageGraph& before, const LineageGraph& now)
{
    return Comparer(before, now).compare();
}

} // namespace core
