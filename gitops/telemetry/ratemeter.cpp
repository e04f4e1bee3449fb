// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/ratemeter.h"

#include <cmath>

namespace gitops {

std::optional<RateMeter::Rate> RateMeter::add(core::WallTime at, double counter)
{
    if (!std::isfinite(counter) || counter < 0) {
        m_hasLast = false;
        m_isBroken = true;
        return std::nullopt;
    }
    const double seconds = std::chrono::duration<double>(at - m_at).count();
    const bool isUsable = m_hasLast && counter >= m_counter && seconds > 0;
    if (m_hasLast && at == m_at && counter >= m_counter)
        return std::nullopt; // the same look twice
    std::optional<Rate> rate;
    if (isUsable)
        rate = Rate {(counter - m_counter) / seconds, m_isBroken};
    m_isBroken = !isUsable;
    m_hasLast = true;
    m_at = at;
    m_counter = counter;
    return rate;
}

} // namespace gitops
