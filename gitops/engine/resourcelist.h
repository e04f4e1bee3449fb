// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/object/manifest.h"
#include "gitops/cluster/livestate.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// The rows that an application publishes of its objects. Each remembers what it was made from: as
/// long as that is the same, so is the row, and it is shared with the list before. It looks at all
/// sources each time, so that nobody has to tell it what changed. On the engine's strand.
class ResourceList
{
public:
    /// What a row says comes from these, and from who owns it.
    struct Source
    {
        core::ManifestPtr declared; ///< null: Git does not declare it
        LiveObjectPtr live; ///< null: not in the cluster
        core::ResourceDiffPtr diff;
        core::SyncState sync = core::SyncState::Unknown;
        bool isAll = true; ///< false: it says more than these, and is made anew each time
        bool operator==(const Source&) const = default;
    };

    /// The application as a whole, by what is declared or tracked.
    struct Summary
    {
        core::SyncState sync = core::SyncState::Synced;
        core::Health health = core::Health::Healthy;
        std::string healthMessage; ///< "Caused by …"
    };

    void begin();
    /// The next row: made by make() unless it is as before.
    template<class Make>
    void add(Source source, const std::optional<core::ObjectKey>& parent, Make make)
    {
        if (!isAsBefore(source, parent))
            change(std::move(source), make());
        ++m_place;
    }
    /// All that is declared or tracked has been added. True: what they own has to be added again;
    /// false: it is as before, and is kept. ownersVersion: of the live state.
    bool endRoots(std::uint64_t ownersVersion);
    /// Calls add with each live object that has been added, so that it adds what that owns.
    template<class Add>
    void addOwned(Add add)
    {
        for (std::size_t place = 0; place < m_roots; ++place)
            if (const LiveObjectPtr live = m_sources[place].live)
                add(*live);
    }
    void end();

    const core::SharedList<core::ResourceState>& rows() const { return m_rows; }
    const Summary& summary() const { return m_summary; }

private:
    bool isAsBefore(const Source& source, const std::optional<core::ObjectKey>& parent) const;
    void change(Source source, core::ResourceState row);
    void sumUp();

    core::SharedList<core::ResourceState> m_rows;
    std::vector<Source> m_sources; ///< of m_rows, place by place
    std::map<std::size_t, core::ResourceState> m_changes;
    Summary m_summary;
    std::size_t m_place = 0;
    std::size_t m_roots = 0; ///< what is declared or tracked comes first
    bool m_rootsMoved = false; ///< another object, or one that was made anew
    std::optional<std::uint64_t> m_ownersVersion;
};

} // namespace gitops
