// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusanswer.h"

#include "core/base/strings.h"
#include "core/value/json.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace gitops {

namespace {

using core::Json;

std::unexpected<core::Error> notPrometheus(std::string why)
{
    return core::failure(core::ErrorCode::Invalid, "this is no answer of a Prometheus: " + why);
}

/// Data of the envelope; or its error.
core::Result<Json> dataOf(std::string_view text, const PrometheusLimits& limits)
{
    auto value = core::parseJson(text, {.bytes = limits.bytes, .depth = 20});
    if (!value)
        return value.error().code == core::ErrorCode::LimitExceeded
            ? core::Result<Json>(std::unexpected(std::move(value.error())))
            : core::Result<Json>(notPrometheus("it is no JSON"));
    const std::string_view status = core::stringAt(*value, {"status"});
    if (status == "error")
        return core::failure(
            core::ErrorCode::Invalid,
            core::sanitised(std::string(core::stringAt(*value, {"errorType"})) + ": "
                            + std::string(core::stringAt(*value, {"error"})).substr(0, 500)));
    if (status != "success" || !core::find(*value, "data"))
        return notPrometheus("it has no status or no data");
    return value;
}

std::optional<double> numberOf(const Json& value)
{
    if (value.is_double())
        return value.get_double();
    if (value.is_int64())
        return double(value.get_int64());
    if (value.is_uint64())
        return double(value.get_uint64());
    return std::nullopt;
}

/// "1.5", "NaN", "+Inf": numbers come as text.
std::optional<double> valueOf(const Json& value)
{
    if (!value.is_string())
        return std::nullopt;
    std::string_view text = value.get_string();
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double out = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (code != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

bool addPoint(const Json& pair, PrometheusSeries& to)
{
    if (!pair.is_array() || pair.get_array().size() != 2)
        return false;
    const auto at = numberOf(pair.get_array()[0]);
    const auto value = valueOf(pair.get_array()[1]);
    constexpr double kFarAway = 4e9; // seconds: a century and more
    if (!at || !value || !(std::abs(*at) < kFarAway))
        return false;
    to.points.emplace_back(core::WallTime()
                               + std::chrono::duration_cast<core::WallTime::duration>(
                                   std::chrono::duration<double>(*at)),
                           *value);
    return true;
}

void takeLabels(const Json* from, std::map<std::string, std::string>& to)
{
    if (!from || !from->is_object())
        return;
    for (const auto& [name, value] : from->get_object())
        if (value.is_string())
            to.emplace(std::string(name), std::string(value.get_string()));
}

std::chrono::milliseconds durationAt(const Json& value, std::string_view key)
{
    return core::parseDuration(core::stringAt(value, {key})).value_or(std::chrono::milliseconds(0));
}

} // namespace

std::string_view PrometheusSeries::label(const std::string& name) const
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

core::Result<PrometheusAnswer> readPrometheusAnswer(std::string_view text,
                                                    const PrometheusLimits& limits)
{
    const auto value = dataOf(text, limits);
    if (!value)
        return std::unexpected(value.error());
    PrometheusAnswer out;
    if (const Json* warnings = core::find(*value, "warnings"); warnings && warnings->is_array())
        for (const Json& each : warnings->get_array())
            if (each.is_string() && out.warnings.size() < 20)
                out.warnings.push_back(
                    core::sanitised(std::string_view(each.get_string()).substr(0, 300)));
    const std::string_view type = core::stringAt(*value, {"data", "resultType"});
    const Json* result = core::findPath(*value, {"data", "result"});
    if ((type != "vector" && type != "matrix") || !result || !result->is_array())
        return notPrometheus("its result is neither a vector nor a matrix");
    const auto& all = result->get_array();
    if (all.size() > limits.series)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "the answer has " + std::to_string(all.size())
                                 + " series, more than the " + std::to_string(limits.series)
                                 + " that are read; a filter of topics in the configuration "
                                   "(telemetry.prometheus.topics) makes it smaller");
    std::size_t points = 0;
    out.series.reserve(all.size());
    for (const Json& each : all) {
        PrometheusSeries& series = out.series.emplace_back();
        takeLabels(core::find(each, "metric"), series.labels);
        bool isGood = true;
        if (const Json* one = core::find(each, "value"))
            isGood = addPoint(*one, series);
        if (const Json* many = core::find(each, "values"); many && many->is_array()) {
            points += many->get_array().size();
            if (points > limits.points)
                return core::failure(core::ErrorCode::LimitExceeded,
                                     "the answer has more than " + std::to_string(limits.points)
                                         + " points");
            for (const Json& pair : many->get_array())
                isGood = addPoint(pair, series) && isGood;
        }
        if (!isGood)
            return notPrometheus("a point of a series is none");
    }
    return out;
}

core::Result<std::vector<PrometheusTarget>> readPrometheusTargets(std::string_view text,
                                                                  const PrometheusLimits& limits)
{
    const auto value = dataOf(text, limits);
    if (!value)
        return std::unexpected(value.error());
    const Json* active = core::findPath(*value, {"data", "activeTargets"});
    if (!active || !active->is_array())
        return notPrometheus("it has no targets");
    std::vector<PrometheusTarget> out;
    for (const Json& each : active->get_array()) {
        if (out.size() == limits.series)
            break;
        PrometheusTarget& target = out.emplace_back();
        takeLabels(core::find(each, "labels"), target.labels);
        target.job = target.labels["job"];
        target.instance = target.labels["instance"];
        const std::string_view health = core::stringAt(each, {"health"});
        target.isUp = health == "up";
        target.isUnknown = health == "unknown";
        target.lastError =
            core::sanitised(std::string(core::stringAt(each, {"lastError"})).substr(0, 300));
        target.interval = durationAt(each, "scrapeInterval");
    }
    return out;
}

} // namespace gitops
