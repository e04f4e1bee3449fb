// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findinglist.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kFew = 100; ///< changes that are searched for one by one

bool isInOrder(const Finding* a, const Finding* b)
{
    return isBefore(*a, *b);
}

} // namespace

void FindingList::replace(std::vector<Finding>& slot, std::vector<Finding> now)
{
    if (slot == now)
        return;
    if (!slot.empty())
        m_gone.push_back(std::move(slot));
    slot = std::move(now);
    for (const Finding& finding : slot)
        m_fresh.push_back(&finding);
}

void FindingList::mark(std::size_t at)
{
    if (at < m_rows.size())
        m_rows[at].isDouble = at > 0 && isDouble(*m_rows[at - 1].finding, *m_rows[at].finding);
}

void FindingList::takeOut(const Finding* finding)
{
    auto at = std::ranges::lower_bound(m_rows, finding, isInOrder, &Row::finding);
    while (at->finding != finding)
        ++at;
    mark(std::size_t(m_rows.erase(at) - m_rows.begin()));
}

void FindingList::putIn(const Finding* finding)
{
    const auto at = m_rows.insert(
        std::ranges::upper_bound(m_rows, finding, isInOrder, &Row::finding), {finding});
    mark(std::size_t(at - m_rows.begin()));
    mark(std::size_t(at - m_rows.begin()) + 1);
}

void FindingList::sortAnew()
{
    std::ranges::sort(m_fresh, isInOrder);
    const auto middle = std::ptrdiff_t(m_rows.size());
    for (const Finding* finding : m_fresh)
        m_rows.push_back({finding});
    std::ranges::inplace_merge(m_rows, m_rows.begin() + middle, isInOrder, &Row::finding);
    for (std::size_t at = 0; at < m_rows.size(); ++at)
        mark(at);
}

const std::vector<const Finding*>& FindingList::settle()
{
    if (m_gone.empty() && m_fresh.empty())
        return m_shown;
    ++m_revision;
    // What came and went again before it was ever shown is in no row.
    std::unordered_set<const Finding*> gone;
    for (const std::vector<Finding>& slot : m_gone)
        for (const Finding& finding : slot)
            gone.insert(&finding);
    std::erase_if(m_fresh, [&](const Finding* each) { return gone.erase(each) != 0; });
    if (gone.size() + m_fresh.size() <= kFew) {
        std::ranges::for_each(gone, [this](const Finding* each) { takeOut(each); });
        std::ranges::for_each(m_fresh, [this](const Finding* each) { putIn(each); });
    } else {
        std::erase_if(m_rows, [&](const Row& row) { return gone.contains(row.finding); });
        sortAnew();
    }
    m_gone.clear();
    m_fresh.clear();
    m_shown.clear();
    for (const Row& row : m_rows)
        if (!row.isDouble)
            m_shown.push_back(row.finding);
    return m_shown;
}

} // namespace core
