// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace core {

using WallTime = std::chrono::system_clock::time_point;

/// "2026-08-22T10:15:00Z" (metav1.Time) or, with microseconds, "2026-08-22T10:15:00.000123Z"
/// (metav1.MicroTime).
std::string formatRfc3339(WallTime time, bool microseconds = false);
/// RFC 3339 with Z or an offset; fractions are kept. nullopt when it is not that.
std::optional<WallTime> parseRfc3339(std::string_view text);

/// Go's duration syntax: "3m", "1h30m", "500ms", "-2s". nullopt when it is not that.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);
/// For people: "850 ms", "12 s", "3 min 5 s", "2 h 4 min", "3 d".
std::string describeDuration(std::chrono::milliseconds duration);
/// As kubectl prints ages: "5s", "2m", "3h10m", "12d".
std::string describeAge(std::chrono::seconds age);

} // namespace core
