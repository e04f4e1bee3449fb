// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <bitset>
#include <optional>
#include <string_view>

namespace gitops::practice {

/// A CronJob's schedule in UTC: five fields with *, lists, ranges and steps, or @hourly and its
/// like.
class CronSchedule
{
public:
    static std::optional<CronSchedule> parse(std::string_view text);
    /// The first minute after a time that fits; nullopt when none does within five years.
    std::optional<core::WallTime> next(core::WallTime after) const;

private:
    std::bitset<60> m_minutes;
    std::bitset<24> m_hours;
    std::bitset<32> m_days;
    std::bitset<13> m_months;
    std::bitset<7> m_weekdays;
    bool m_anyDay = false;
    bool m_anyWeekday = false;
};

} // namespace gitops::practice
