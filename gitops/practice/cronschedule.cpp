// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/cronschedule.h"

#include "core/base/strings.h"

#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace gitops::practice {

namespace {

constexpr std::array<std::string_view, 12> kMonths {"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays {"sun", "mon", "tue", "wed",
                                                     "thu", "fri", "sat"};

std::string_view expandMacro(std::string_view text)
{
    if (text == "@yearly" || text == "@annually")
        return "0 0 1 1 *";
    if (text == "@monthly")
        return "0 0 1 * *";
    if (text == "@weekly")
        return "0 0 * * 0";
    if (text == "@daily" || text == "@midnight")
        return "0 0 * * *";
    return text == "@hourly" ? "0 * * * *" : text;
}

std::optional<int> numberOf(std::string_view text)
{
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if (core::equalsIgnoringCase(text, kMonths[i]))
            return int(i) + 1;
    for (std::size_t i = 0; i < kWeekdays.size(); ++i)
        if (core::equalsIgnoringCase(text, kWeekdays[i]))
            return int(i);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// "1-5", "*/15", "3,7": sets the bits; false when it is none of these.
template<std::size_t Size>
bool readField(std::string_view text, int low, int high, std::bitset<Size>& bits)
{
    for (std::string_view part : core::split(text, ',')) {
        const std::size_t slash = part.find('/');
        const auto step =
            slash == std::string_view::npos ? std::optional(1) : numberOf(part.substr(slash + 1));
        const std::string_view range = part.substr(0, slash);
        const std::size_t dash = range.find('-');
        const bool any = range == "*" || range == "?";
        const auto first = any ? std::optional(low) : numberOf(range.substr(0, dash));
        auto last = any ? std::optional(high)
            : dash == std::string_view::npos
            ? (slash == std::string_view::npos ? first : std::optional(high))
            : numberOf(range.substr(dash + 1));
        if (!step || !first || !last || *step < 1 || *first < low || *last > high || *first > *last)
            return false;
        for (int value = *first; value <= *last; value += *step)
            bits.set(std::size_t(value) % Size);
    }
    return true;
}

} // namespace

std::optional<CronSchedule> CronSchedule::parse(std::string_view text)
{
    std::vector<std::string_view> fields;
    for (std::string_view field : core::split(expandMacro(core::trimmed(text)), ' '))
        if (!field.empty())
            fields.push_back(field);
    if (fields.size() != 5)
        return std::nullopt;
    CronSchedule schedule;
    std::bitset<7> weekdays;
    const bool fine = readField(fields[0], 0, 59, schedule.m_minutes)
        && readField(fields[1], 0, 23, schedule.m_hours)
        && readField(fields[2], 1, 31, schedule.m_days)
        && readField(fields[3], 1, 12, schedule.m_months)
        && readField(fields[4], 0, 7, weekdays); // 7 is Sunday too
    if (!fine)
        return std::nullopt;
    schedule.m_weekdays = weekdays;
    schedule.m_anyDay = fields[2].starts_with('*') || fields[2].starts_with('?');
    schedule.m_anyWeekday = fields[4].starts_with('*') || fields[4].starts_with('?');
    return schedule;
}

std::optional<core::WallTime> CronSchedule::next(core::WallTime after) const
{
    using namespace std::chrono;
    auto time = floor<minutes>(after) + minutes(1);
    const auto limit = time + days(5 * 366);
    while (time < limit) {
        const auto day = floor<days>(time);
        const year_month_day date(day);
        const bool dayFits = m_days.test(unsigned(date.day()));
        const bool weekdayFits = m_weekdays.test(weekday(day).c_encoding());
        // With both given either will do, as cron has it.
        const bool fits =
            m_anyDay || m_anyWeekday ? dayFits && weekdayFits : dayFits || weekdayFits;
        if (!fits || !m_months.test(unsigned(date.month()))) {
            time = day + days(1);
            continue;
        }
        const auto hour = floor<hours>(time);
        if (!m_hours.test(std::size_t((hour - day).count()))) {
            time = hour + hours(1);
            continue;
        }
        if (m_minutes.test(std::size_t((time - hour).count())))
            return time;
        time += minutes(1);
    }
    return std::nullopt;
}

} // namespace gitops::practice
