// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace gitops {

/// Where the partitions of a cluster ended at which time: so the age of an unread record can be
/// told without asking the brokers. Two minutes in full, two hours with a look a minute.
class OffsetHistory
{
public:
    /// offsets has one for each partition, negative where it is not known.
    void add(core::SteadyTime at, std::vector<std::int64_t> offsets);
    /// The partitions are others now: from[i] is where the new i stood before, or -1.
    void renumber(const std::vector<std::ptrdiff_t>& from);
    /// When the record of that offset was written, between two looks; nullopt when it is older than
    /// what is kept, or not written yet.
    std::optional<core::SteadyTime> writtenAt(std::size_t partition, std::int64_t offset) const;
    std::size_t size() const { return m_looks.size(); }

private:
    struct Look
    {
        core::SteadyTime at;
        std::vector<std::int64_t> offsets;
    };
    void thin(core::SteadyTime now);

    std::deque<Look> m_looks; ///< oldest first
};

} // namespace gitops
