// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/serieschart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double secondsOf(WallTime at)
{
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

std::string scaled(double value, double base, std::initializer_list<const char*> prefixes)
{
    const double size = std::abs(value);
    double unit = 1;
    const char* prefix = *prefixes.begin();
    for (const char* next : prefixes) {
        prefix = next;
        if (size < unit * base || next == *(prefixes.end() - 1))
            break;
        unit *= base;
    }
    const double shown = value / unit;
    std::string number = std::abs(shown) >= 100 ? fmt::format("{:.0f}", shown)
        : std::abs(shown) >= 10                 ? fmt::format("{:.1f}", shown)
                                                : fmt::format("{:.2f}", shown);
    if (number.find('.') != number.npos) {
        number.erase(number.find_last_not_of('0') + 1);
        if (number.back() == '.')
            number.pop_back();
    }
    if (number == "-0")
        number = "0";
    return *prefix ? number + " " + prefix : number;
}

} // namespace

ChartLine lineOf(const Series& series)
{
    ChartLine out;
    for (const Sample& sample : series.samples) {
        const double at = secondsOf(sample.at);
        if (sample.afterGap && !out.seconds.empty()) {
            out.seconds.push_back((out.seconds.back() + at) / 2);
            out.values.push_back(kNothing);
        }
        out.seconds.push_back(at);
        out.values.push_back(sample.value);
    }
    return out;
}

SeriesStatistics statisticsOf(const Series& series, WallTime from, WallTime to)
{
    SeriesStatistics out;
    double sum = 0;
    double time = 0;
    double plain = 0;
    const Sample* before = nullptr;
    for (const Sample& sample : series.samples) {
        if (sample.at < from || sample.at > to)
            continue;
        out.least = out.count == 0 ? sample.value : std::min(out.least, sample.value);
        out.most = out.count == 0 ? sample.value : std::max(out.most, sample.value);
        out.last = sample.value;
        plain += sample.value;
        ++out.count;
        if (before && !sample.afterGap) {
            const double span = secondsOf(sample.at) - secondsOf(before->at);
            sum += span * (before->value + sample.value) / 2;
            time += span;
        }
        before = &sample;
    }
    if (out.count > 0)
        out.mean = time > 0 ? sum / time : plain / double(out.count);
    return out;
}

std::optional<double> valueAt(const Series& series, WallTime at, WallTime::duration span)
{
    const auto after = std::ranges::upper_bound(series.samples, at, {}, &Sample::at);
    if (after == series.samples.begin())
        return std::nullopt;
    const Sample& sample = *(after - 1);
    const bool inGap = after != series.samples.end() && after->afterGap && sample.at != at;
    if (inGap || at - sample.at > span / 10)
        return std::nullopt;
    return sample.value;
}

std::string shortNumber(double value)
{
    return scaled(value, 1000, {"", "k", "M", "G", "T"});
}

std::string withUnit(double value, Measure measure)
{
    if (measure == Measure::BytesIn || measure == Measure::BytesOut)
        return scaled(value, 1024, {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"});
    if (measure == Measure::LagSeconds && value >= 60)
        return describeDuration(std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000)));
    const std::string unit(unitOf(measure));
    const std::string number = shortNumber(value);
    const bool hasPrefix = number.find(' ') != number.npos;
    return hasPrefix && measure == Measure::LagSeconds ? number + unit : number + " " + unit;
}

std::vector<double> sparkline(const Series& series, std::size_t points, WallTime from, WallTime to)
{
    std::vector<double> out(points, kNothing);
    if (points == 0 || to <= from)
        return out;
    std::vector<int> counts(points);
    const double start = secondsOf(from);
    const double span = secondsOf(to) - start;
    std::size_t last = points;
    for (const Sample& sample : series.samples) {
        const double share = (secondsOf(sample.at) - start) / span;
        if (share < 0 || share > 1)
            continue;
        const auto at = std::min(std::size_t(share * double(points)), points - 1);
        out[at] = counts[at]++ == 0 ? sample.value : out[at] + sample.value;
        // Between two samples that no gap parts the line goes on.
        for (std::size_t between = last + 1; last < points && !sample.afterGap && between < at;
             ++between)
            out[between] = -1;
        last = at;
    }
    double most = 0;
    for (std::size_t i = 0; i < points; ++i) {
        if (counts[i] > 0)
            out[i] /= counts[i];
        most = std::isnan(out[i]) ? most : std::max(most, out[i]);
    }
    for (std::size_t i = 0; i < points; ++i) {
        if (counts[i] == 0 && out[i] < 0)
            out[i] = i > 0 ? out[i - 1] : kNothing;
        else if (!std::isnan(out[i]))
            out[i] = most > 0 ? std::max(out[i], 0.0) / most : 0.0;
    }
    return out;
}

} // namespace core
