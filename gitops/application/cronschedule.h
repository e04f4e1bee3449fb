// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <bitset>
#include <chrono>
#include <optional>
#include <string_view>

namespace gitops {

/// A cron schedule of five fields (minute, hour, day of month, month, day of week), as Argo CD's
/// sync windows have it: *, ?, lists, ranges, steps, names of months and days, and @hourly, @daily,
/// @midnight, @weekly, @monthly, @yearly, @annually. Where both days are given either will do.
/// Times are minutes on some clock; which zone that clock shows is the caller's matter. A value.
class CronSchedule
{
public:
    using Time = std::chrono::sys_seconds;

    /// Invalid, and what is wrong with which field.
    static core::Result<CronSchedule> parse(std::string_view text);
    /// The first time after this one; nullopt when there is none in five years (30 February).
    std::optional<Time> next(Time after) const;

private:
    bool isDay(std::chrono::sys_days day) const;

    std::bitset<60> m_minutes;
    std::bitset<24> m_hours;
    std::bitset<32> m_days;
    std::bitset<13> m_months;
    std::bitset<7> m_weekdays;
    bool m_anyDay = false;
    bool m_anyWeekday = false;
};

} // namespace gitops
