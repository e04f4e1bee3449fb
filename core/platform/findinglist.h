// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findings.h"

#include <cstdint>
#include <vector>

namespace core {

/// The findings of many places (slots), kept in the order of sortFindings() while slots change: a
/// few changes cost a few searches. Slots belong to others, and have to stay until they are emptied
/// here; their vectors may be moved.
class FindingList
{
public:
    /// Puts other findings into a slot; nothing happens where they are the same.
    void replace(std::vector<Finding>& slot, std::vector<Finding> now);
    void clear(std::vector<Finding>& slot) { replace(slot, {}); }

    /// All of them, without doubles; they stay until the next call of replace().
    const std::vector<const Finding*>& settle();
    /// Another number after each settle() that told something else.
    std::uint64_t revision() const { return m_revision; }

private:
    struct Row
    {
        const Finding* finding = nullptr;
        bool isDouble = false; ///< of the one before it
    };
    void takeOut(const Finding* finding);
    void putIn(const Finding* finding);
    void mark(std::size_t at);
    void sortAnew();

    std::vector<Row> m_rows;
    std::vector<std::vector<Finding>> m_gone; ///< what m_rows still points into
    std::vector<const Finding*> m_fresh; ///< not yet in m_rows
    std::vector<const Finding*> m_shown;
    std::uint64_t m_revision = 0;
};

} // namespace core
