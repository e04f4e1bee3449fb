// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace gitops {

/// How many writes may be under way at once: grows by one a round while the server keeps up, halves
/// when it says that it does not (429, 5xx, time-outs) or becomes much slower than it was. The
/// server's own fairness does the rest; there is no limit by rate.
class WriteWindow
{
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    int limit() const { return int(m_limit); }
    void succeeded(Time now, Duration latency);
    void overloaded(Time now);

private:
    void shrink(Time now, double factor);

    double m_limit = 16;
    double m_best = 0; ///< seconds: what a write takes when all is well
    Time m_lastShrink {};
};

} // namespace gitops
