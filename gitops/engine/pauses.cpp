// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/pauses.h"

#include <algorithm>

namespace gitops {

Pauses::Pauses(core::Executor& executor, std::vector<core::Pause> saved,
               std::function<void()> changed)
    : m_executor(executor)
    , m_pauses(std::move(saved))
    , m_changed(std::move(changed))
{
    m_executor.post(m_alive.guard([this] { expire(); }));
}

Pauses::~Pauses()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

const core::Pause* Pauses::find(const std::optional<core::ObjectKey>& key) const
{
    const auto now = m_executor.clock().wallNow();
    for (const core::Pause& pause : m_pauses)
        if (pause.key == key && (!pause.until || *pause.until > now))
            return &pause;
    return nullptr;
}

void Pauses::set(core::Pause pause)
{
    std::erase_if(m_pauses, [&](const core::Pause& other) { return other.key == pause.key; });
    m_pauses.push_back(std::move(pause));
    expire();
    m_changed();
}

bool Pauses::resume(const std::optional<core::ObjectKey>& key)
{
    if (!std::erase_if(m_pauses, [&](const core::Pause& pause) { return pause.key == key; }))
        return false;
    m_changed();
    return true;
}

void Pauses::expire()
{
    if (m_timer)
        m_executor.cancel(std::exchange(m_timer, 0));
    const auto now = m_executor.clock().wallNow();
    const bool ended = std::erase_if(
        m_pauses, [&](const core::Pause& pause) { return pause.until && *pause.until <= now; });
    std::optional<core::WallTime> next;
    for (const core::Pause& pause : m_pauses)
        if (pause.until)
            next = std::min(next.value_or(*pause.until), *pause.until);
    if (next) {
        // The wall clock may be set meanwhile: look again at least every minute.
        const auto wait = std::min<core::WallTime::duration>(*next - now, std::chrono::minutes(1));
        m_timer = m_executor.postAt(m_executor.clock().steadyNow() + wait, m_alive.guard([this] {
            m_timer = 0;
            expire();
        }));
    }
    if (ended)
        m_changed();
}

} // namespace gitops
