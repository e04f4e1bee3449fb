// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/event.h"
#include "gitops/history/statefolder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

struct JournalLimits
{
    std::uint64_t fileBytes = 8u << 20; ///< of one file, then the next is begun
    int files = 4; ///< the oldest goes
    std::size_t lineBytes = 256u << 10; ///< a longer event is kept without its details
    std::size_t waiting = 10'000; ///< events not written yet; beyond, they are counted only
};

/// What to read of the journal.
struct JournalQuery
{
    std::string application; ///< "": of all
    std::string type; ///< "": all; else as in the event's JSON
    std::optional<core::WallTime> since;
    std::size_t limit = 1000; ///< the newest so many
};

/// The engine's events as JSON lines in the state folder, for `history`. Bounded in size; a line
/// cut by a kill is left out. Written on the pool, in batches; what the disk refuses waits for room
/// as long as it can. Any thread.
class Journal
{
public:
    /// pool must outlive us.
    Journal(StateFolderPtr folder, core::WorkPool& pool, JournalLimits limits = {});
    ~Journal(); ///< writes what waits
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Returns at once. Snapshots and the steps of an operation are not kept.
    void add(const core::Event& event);

    /// Oldest first. Reads beside a writer.
    static core::Result<std::vector<core::Json>> read(const StateFolder& folder,
                                                      const JournalQuery& query);

private:
    struct Shared;
    const std::shared_ptr<Shared> m_shared; ///< with tasks on the pool
};

} // namespace gitops
