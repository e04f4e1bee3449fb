// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// Points of a line: NaN breaks it.
struct ChartLine
{
    std::vector<double> seconds; ///< since 1970
    std::vector<double> values;
};

/// Samples as a line, with gaps as gaps: a NaN half-way before each sample after one.
ChartLine lineOf(const Series& series);

/// What a line says in words.
struct SeriesStatistics
{
    std::size_t count = 0;
    double last = 0;
    double least = 0;
    double most = 0;
    double mean = 0; ///< by time, without gaps; of the samples where there is one only
};
SeriesStatistics statisticsOf(const Series& series, WallTime from, WallTime to);

/// The sample at a moment: the newest not after it, unless a gap or more than a tenth of the span
/// lies between.
std::optional<double> valueAt(const Series& series, WallTime at, WallTime::duration span);

/// "12.4", "1.2 k", "3.4 M": three digits that count, for axes and tables.
std::string shortNumber(double value);
/// With its unit: "12.4 records/s", "1.2 KiB/s", "3 min 5 s".
std::string withUnit(double value, Measure measure);

/// The newest values for a sparkline, at most so many, each from 0 to 1 of the greatest; NaN at
/// gaps.
std::vector<double> sparkline(const Series& series, std::size_t points, WallTime from, WallTime to);

} // namespace core
