// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <optional>

namespace gitops {

/// Makes a rate of what a counter shows from time to time. A counter that falls was reset: what was
/// before says nothing of what comes after. So does a break in the looking.
class RateMeter
{
public:
    struct Rate
    {
        double perSecond = 0;
        bool afterGap = false; ///< the time before the value that this one began at is not known
    };
    /// nullopt for the first value, after a reset, for what is no finite number from zero up, and
    /// when no time has passed.
    std::optional<Rate> add(core::WallTime at, double counter);
    /// Nothing was seen: the next rate begins with the next value.
    void interrupt() { m_hasLast = false; }

private:
    core::WallTime m_at {};
    double m_counter = 0;
    bool m_hasLast = false;
    bool m_isBroken = false; ///< no rate since the last break
};

} // namespace gitops
