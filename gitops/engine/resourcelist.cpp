// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/resourcelist.h"

#include <algorithm>
#include <string>

namespace gitops {

namespace {

std::string_view uidOf(const LiveObjectPtr& live)
{
    return live ? std::string_view(live->uid) : std::string_view();
}

/// The worst health of what is no hook, and who causes it.
struct HealthSum
{
    core::Health health = core::Health::Healthy;
    std::vector<const core::ResourceState*> causes;
    std::size_t alive = 0;
    std::size_t counted = 0;
    std::size_t unseen = 0;

    void add(const core::ResourceState& resource)
    {
        if (!resource.health && resource.uid.empty()) {
            ++unseen; // of what the engine alone would have, and has not taken up yet
            return;
        }
        ++counted;
        alive += resource.uid.empty() ? 0 : 1;
        if (!resource.health || *resource.health == core::Health::Missing)
            return;
        if (*resource.health != health
            && core::worse(health, *resource.health) == *resource.health) {
            health = *resource.health;
            causes.clear();
        }
        if (*resource.health == health && health != core::Health::Healthy)
            causes.push_back(&resource);
    }
    core::Health whole() const
    {
        if (counted == 0 && unseen > 0)
            return core::Health::Unknown;
        return counted > 0 && alive == 0 && health != core::Health::Unknown ? core::Health::Missing
                                                                            : health;
    }
    std::string message() const
    {
        if (causes.empty())
            return {};
        std::string text = "Caused by " + causes.front()->key.text();
        for (std::size_t i = 1; i < std::min<std::size_t>(3, causes.size()); ++i)
            text += ", " + causes[i]->key.text();
        if (causes.size() > 3)
            text += " and " + std::to_string(causes.size() - 3) + " more";
        return text;
    }
};

} // namespace

void ResourceList::begin()
{
    m_place = 0;
    m_rootsMoved = false;
}

bool ResourceList::isAsBefore(const Source& source,
                              const std::optional<core::ObjectKey>& parent) const
{
    return source.isAll && m_place < m_sources.size() && m_sources[m_place] == source
        && m_rows[m_place].parent == parent;
}

void ResourceList::change(Source source, core::ResourceState row)
{
    const bool isNew = m_place >= m_sources.size();
    m_rootsMoved = m_rootsMoved || isNew || uidOf(m_sources[m_place].live) != uidOf(source.live);
    if (isNew)
        m_sources.push_back(std::move(source));
    else
        m_sources[m_place] = std::move(source);
    m_changes.emplace_hint(m_changes.end(), m_place, std::move(row));
}

bool ResourceList::endRoots(std::uint64_t ownersVersion)
{
    const bool isAsBefore = !m_rootsMoved && m_place == m_roots && m_ownersVersion == ownersVersion;
    m_roots = m_place;
    m_ownersVersion = ownersVersion;
    if (isAsBefore)
        m_place = m_sources.size();
    return !isAsBefore;
}

void ResourceList::end()
{
    const auto before = m_rows;
    m_sources.resize(m_place);
    m_rows = m_rows.with(std::exchange(m_changes, {}), m_place);
    if (!m_rows.isSharedWith(before))
        sumUp();
}

void ResourceList::sumUp()
{
    HealthSum sum;
    m_summary.sync = core::SyncState::Synced;
    for (std::size_t place = 0; place < m_roots; ++place) {
        const core::ResourceState& row = m_rows[place];
        if (!row.hook.empty())
            continue;
        if (row.sync != core::SyncState::Synced && m_summary.sync != core::SyncState::Unknown)
            m_summary.sync = row.sync;
        sum.add(row);
    }
    m_summary.health = sum.whole();
    m_summary.healthMessage = sum.message();
}

} // namespace gitops
