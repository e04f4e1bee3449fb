// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/cronschedule.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

namespace {

constexpr std::size_t kLongest = 200;
constexpr int kDaysAhead = 5 * 366;

constexpr std::array kMonths = std::to_array<std::string_view>(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
constexpr std::array kWeekdays =
    std::to_array<std::string_view>({"sun", "mon", "tue", "wed", "thu", "fri", "sat"});
constexpr std::array kShort = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"@annually", "0 0 1 1 *"},
    {"@daily", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
    {"@midnight", "0 0 * * *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@yearly", "0 0 1 1 *"},
});

std::optional<int> numberOf(std::string_view text)
{
    int value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || text.front() == '-' || error != std::errc() || at != end)
        return {};
    return value;
}

/// One field: its bounds and the names that stand for numbers.
template<std::size_t Size>
class Field
{
public:
    Field(const char* what, int first, int last)
        : m_what(what)
        , m_first(first)
        , m_last(last)
    {
    }
    template<std::size_t Count>
    Field& named(const std::array<std::string_view, Count>& names)
    {
        m_names.assign(names.begin(), names.end());
        return *this;
    }

    core::Result<void> read(std::string_view text)
    {
        for (const std::string_view part : core::split(text, ','))
            if (!readPart(part))
                return core::failure(core::ErrorCode::Invalid,
                                     "\"" + core::sanitised(part) + "\" is no " + m_what
                                         + " of a cron schedule",
                                     {}, core::Fault::Repository);
        return {};
    }

    std::bitset<Size> set;
    bool isAny = false; ///< a star without a step: says nothing

private:
    std::optional<int> valueOf(std::string_view text) const
    {
        for (std::size_t i = 0; i < m_names.size(); ++i)
            if (core::equalsIgnoringCase(text, m_names[i]))
                return m_first + int(i);
        const auto number = numberOf(text);
        return number && *number >= m_first && *number <= m_last ? number : std::nullopt;
    }

    bool readPart(std::string_view part)
    {
        const std::size_t slash = part.find('/');
        const std::string_view range = part.substr(0, slash);
        const bool hasStep = slash != std::string_view::npos;
        const auto step = hasStep ? numberOf(part.substr(slash + 1)) : std::optional(1);
        if (!step || *step < 1)
            return false;
        std::optional<int> from, to;
        if (range == "*" || range == "?") {
            from = m_first;
            to = m_last;
            isAny = isAny || *step == 1;
        } else if (const std::size_t dash = range.find('-'); dash != std::string_view::npos) {
            from = valueOf(range.substr(0, dash));
            to = valueOf(range.substr(dash + 1));
        } else {
            from = valueOf(range);
            to = hasStep ? std::optional(m_last) : from; // "5/10" goes on to the end
        }
        if (!from || !to || *from > *to)
            return false;
        for (int value = *from; value <= *to; value += std::min(*step, 100))
            set.set(std::size_t(value));
        return true;
    }

    const std::string m_what;
    const int m_first;
    const int m_last;
    std::vector<std::string_view> m_names;
};

template<std::size_t Size>
std::optional<int> firstFrom(const std::bitset<Size>& set, int from)
{
    for (std::size_t i = std::size_t(from); i < Size; ++i)
        if (set.test(i))
            return int(i);
    return {};
}

} // namespace

core::Result<CronSchedule> CronSchedule::parse(std::string_view text)
{
    text = core::trimmed(text);
    for (const auto& [name, meaning] : kShort)
        if (text == name)
            text = meaning;
    const std::string_view whole = text;
    std::vector<std::string_view> parts;
    while (text.size() <= kLongest && !text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
        parts.push_back(text.substr(0, end));
        text = core::trimmed(text.substr(end));
    }
    if (parts.size() != 5)
        return core::failure(core::ErrorCode::Invalid,
                             "\"" + core::sanitised(whole.substr(0, kLongest))
                                 + "\" is no cron schedule of five fields",
                             {}, core::Fault::Repository);
    Field<60> minutes("minute", 0, 59);
    Field<24> hours("hour", 0, 23);
    Field<32> days("day of the month", 1, 31);
    Field<13> months("month", 1, 12);
    Field<7> weekdays("day of the week", 0, 6);
    months.named(kMonths);
    weekdays.named(kWeekdays);
    for (const core::Result<void>& read :
         {minutes.read(parts[0]), hours.read(parts[1]), days.read(parts[2]), months.read(parts[3]),
          weekdays.read(parts[4])})
        if (!read)
            return std::unexpected(read.error());
    CronSchedule schedule;
    schedule.m_minutes = minutes.set;
    schedule.m_hours = hours.set;
    schedule.m_days = days.set;
    schedule.m_months = months.set;
    schedule.m_weekdays = weekdays.set;
    schedule.m_anyDay = days.isAny;
    schedule.m_anyWeekday = weekdays.isAny;
    return schedule;
}

bool CronSchedule::isDay(std::chrono::sys_days day) const
{
    const std::chrono::year_month_day date(day);
    if (!m_months.test(unsigned(date.month())))
        return false;
    const bool isDayOfMonth = m_days.test(unsigned(date.day()));
    const bool isWeekday = m_weekdays.test(std::chrono::weekday(day).c_encoding());
    return m_anyDay || m_anyWeekday ? isDayOfMonth && isWeekday : isDayOfMonth || isWeekday;
}

std::optional<CronSchedule::Time> CronSchedule::next(Time after) const
{
    using namespace std::chrono;
    const auto start = floor<minutes>(after) + minutes(1);
    const sys_days today = floor<days>(start);
    for (int ahead = 0; ahead <= kDaysAhead; ++ahead) {
        const sys_days day = today + days(ahead);
        if (!isDay(day))
            continue;
        const auto from = ahead == 0 ? hh_mm_ss(start - today) : hh_mm_ss(minutes(0));
        for (auto hour = firstFrom(m_hours, int(from.hours().count())); hour;
             hour = firstFrom(m_hours, *hour + 1)) {
            const bool isFirst = *hour == from.hours().count();
            const auto minute = firstFrom(m_minutes, isFirst ? int(from.minutes().count()) : 0);
            if (minute)
                return day + hours(*hour) + minutes(*minute);
        }
    }
    return {};
}

} // namespace gitops
