// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/wallclock.h"

namespace widgets {

WallClock::WallClock(std::optional<core::WallTime> fixed, QObject* parent)
    : QObject(parent)
    , m_fixed(fixed)
{
    connect(&m_timer, &QTimer::timeout, this, &WallClock::ticked);
    if (!m_fixed)
        m_timer.start(1000);
}

core::WallTime WallClock::now() const
{
    return m_fixed.value_or(std::chrono::system_clock::now());
}

} // namespace widgets
