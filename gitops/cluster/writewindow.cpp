// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/writewindow.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr double kSmallest = 1;
constexpr double kLargest = 64;
constexpr double kSlowAnyway = 1.0; ///< seconds: below that nothing is called slow
constexpr double kSlowFactor = 5;
/// One decision a time: what was under way when the window shrank says nothing new.
constexpr std::chrono::milliseconds kPause {200};

} // namespace

void WriteWindow::succeeded(Time now, Duration latency)
{
    const double seconds = std::chrono::duration<double>(latency).count();
    if (m_best > 0 && seconds > kSlowAnyway && seconds > kSlowFactor * m_best) {
        shrink(now, 0.8);
    } else {
        m_limit = std::min(kLargest, m_limit + 1 / m_limit);
    }
    // Follows improvements at once and a lasting slowness by and by.
    m_best = m_best <= 0 || seconds < m_best ? seconds : m_best * 0.98 + seconds * 0.02;
}

void WriteWindow::overloaded(Time now)
{
    shrink(now, 0.5);
}

void WriteWindow::shrink(Time now, double factor)
{
    if (m_lastShrink != Time {} && now - m_lastShrink < kPause)
        return;
    m_lastShrink = now;
    m_limit = std::max(kSmallest, m_limit * factor);
}

} // namespace gitops
