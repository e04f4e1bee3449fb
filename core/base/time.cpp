// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace core {

namespace {

using namespace std::chrono;

bool number(std::string_view text, int& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc {} && end == text.data() + text.size();
}

/// "Z", "+02:00", "-0330": the offset, or nullopt.
std::optional<minutes> parseOffset(std::string_view text)
{
    if (text == "Z" || text == "z")
        return minutes {0};
    int h = 0;
    int m = 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':'
        || !number(text.substr(1, 2), h) || !number(text.substr(4, 2), m))
        return std::nullopt;
    const minutes offset = hours {h} + minutes {m};
    return text[0] == '-' ? -offset : offset;
}

std::optional<double> unitInMilliseconds(std::string_view unit)
{
    if (unit == "ns")
        return 1e-6;
    if (unit == "us" || unit == "µs")
        return 1e-3;
    if (unit == "ms")
        return 1;
    if (unit == "s")
        return 1e3;
    if (unit == "m")
        return 6e4;
    return unit == "h" ? std::optional(3.6e6) : std::nullopt;
}

} // namespace

std::string formatRfc3339(WallTime time, bool withMicroseconds)
{
    const auto day = floor<days>(time);
    const year_month_day date {day};
    const hh_mm_ss clock {floor<microseconds>(time - day)};
    std::string out =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
                    unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                    clock.seconds().count());
    if (withMicroseconds)
        out += fmt::format(".{:06}", clock.subseconds().count());
    return out + "Z";
}

std::optional<WallTime> parseRfc3339(std::string_view text)
{
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't')
        || text[13] != ':' || text[16] != ':' || !number(text.substr(0, 4), y)
        || !number(text.substr(5, 2), mo) || !number(text.substr(8, 2), d)
        || !number(text.substr(11, 2), h) || !number(text.substr(14, 2), mi)
        || !number(text.substr(17, 2), s))
        return std::nullopt;
    const year_month_day date {year {y}, month {unsigned(mo)}, day {unsigned(d)}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    if (y < 1678 || y > 2261)
        return std::nullopt; // beyond what the clock's nanoseconds can count
    text.remove_prefix(19);
    nanoseconds fraction {0};
    if (text[0] == '.') {
        std::size_t end = 1;
        std::int64_t scale = 100'000'000;
        for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end, scale /= 10)
            fraction += nanoseconds {(text[end] - '0') * scale};
        text.remove_prefix(end);
    }
    const auto offset = parseOffset(text);
    if (!offset)
        return std::nullopt;
    return time_point_cast<system_clock::duration>(sys_days {date} + hours {h} + minutes {mi}
                                                   + seconds {s} - *offset + fraction);
}

std::optional<milliseconds> parseDuration(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    if (text == "0")
        return milliseconds {0};
    double total = 0;
    if (text.empty())
        return std::nullopt;
    while (!text.empty()) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value,
                                                  std::chars_format::fixed);
        if (error != std::errc {} || value < 0)
            return std::nullopt;
        text.remove_prefix(std::size_t(end - text.data()));
        const std::size_t next = text.find_first_of("0123456789.");
        const auto unit = unitInMilliseconds(text.substr(0, next));
        if (!unit)
            return std::nullopt;
        total += value * *unit;
        text.remove_prefix(std::min(next, text.size()));
    }
    if (!(total <= 9e15)) // also what is not a number
        return std::nullopt;
    return milliseconds {std::int64_t(negative ? -total : total)};
}

std::string describeDuration(milliseconds duration)
{
    const auto ms = duration.count();
    if (ms < 1000)
        return fmt::format("{} ms", ms);
    const auto s = ms / 1000;
    if (s < 60)
        return fmt::format("{} s", s);
    if (s < 3600)
        return s % 60 == 0 ? fmt::format("{} min", s / 60)
                           : fmt::format("{} min {} s", s / 60, s % 60);
    if (s < 86400)
        return s / 60 % 60 == 0 ? fmt::format("{} h", s / 3600)
                                : fmt::format("{} h {} min", s / 3600, s / 60 % 60);
    return fmt::format("{} d", s / 86400);
}

std::string describeAge(seconds age)
{
    const auto s = age.count();
    if (s < 0)
        return "0s";
    if (s < 120)
        return fmt::format("{}s", s);
    if (s < 600)
        return s % 60 == 0 ? fmt::format("{}m", s / 60) : fmt::format("{}m{}s", s / 60, s % 60);
    if (s < 3 * 3600)
        return fmt::format("{}m", s / 60);
    if (s < 8 * 3600)
        return s / 60 % 60 == 0 ? fmt::format("{}h", s / 3600)
                                : fmt::format("{}h{}m", s / 3600, s / 60 % 60);
    if (s < 48 * 3600)
        return fmt::format("{}h", s / 3600);
    return fmt::format("{}d", s / 86400);
}

} // namespace core
