// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figuretext.h"

#include "core/base/time.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>

namespace app {

namespace {

std::string numberText(double value)
{
    char text[64];
    const bool isWhole = std::abs(value) >= 100 || value == std::floor(value);
    std::snprintf(text, sizeof text, isWhole ? "%.0f" : "%.1f", value);
    return text;
}

std::string marked(std::string text, bool simulated)
{
    return simulated ? text + " simulated" : text;
}

std::string rateCell(const core::LiveFigure& figure)
{
    return figure.value ? rateText(*figure.value, figure.simulated) : "-";
}

/// "40", "40 (2 s)".
std::string lagCell(const core::Topic& topic)
{
    if (topic.type == core::Topic::Type::Queue)
        return topic.depth.value ? marked(numberText(*topic.depth.value), topic.depth.simulated)
                                 : "-";
    if (!topic.lag.value)
        return "-";
    std::string out = numberText(*topic.lag.value);
    if (topic.lagSeconds.value)
        out += " ("
            + core::describeDuration(
                   std::chrono::milliseconds(std::int64_t(*topic.lagSeconds.value * 1000)))
            + ")";
    return marked(out, topic.lag.simulated);
}

std::string sourceLine(const core::TelemetrySource& source)
{
    std::string out = "# " + source.name + ": " + std::string(toString(source.state));
    if (!source.message.empty())
        out += ", " + source.message;
    return out + "\n";
}

} // namespace

std::string rateText(double value, bool simulated)
{
    return marked(numberText(value) + "/s", simulated);
}

std::vector<std::string> figureCells(const core::Topic& topic)
{
    return {rateCell(topic.recordsIn), rateCell(topic.recordsOut), lagCell(topic)};
}

std::string sourceLines(const std::vector<core::Topic>& topics, const core::Telemetry& telemetry)
{
    std::string out;
    for (const core::TelemetrySource& source : telemetry.sources)
        out += sourceLine(source);
    std::map<std::string, std::string> names; // by reason
    for (const core::Topic& topic : topics)
        if (!topic.recordsIn.value) {
            std::string& list = names[topic.recordsIn.reason];
            list += (list.empty() ? "" : ", ") + topic.name;
        }
    for (const auto& [reason, list] : names)
        out += "# no figure of " + list + ": " + reason + "\n";
    return out;
}

core::Json sourcesJson(const core::Telemetry& telemetry)
{
    core::JsonArray out;
    for (const core::TelemetrySource& source : telemetry.sources) {
        core::JsonObject one {{"name", source.name},
                              {"type", source.type},
                              {"state", toString(source.state)},
                              {"message", source.message}};
        if (source.lastSample)
            one["lastSample"] = core::formatRfc3339(*source.lastSample);
        out.push_back(std::move(one));
    }
    return out;
}

std::string figureLines(const core::LineageGraph& graph, const core::Telemetry& telemetry)
{
    std::string out;
    for (const core::TelemetrySource& source : telemetry.sources)
        out += sourceLine(source);
    for (const auto& [key, figure] : telemetry.latest) {
        const auto node = graph.find(key.subject);
        if (!node)
            continue;
        out += graph.node(*node).label + " " + std::string(toString(key.measure))
            + (key.part.empty() ? "" : " of " + key.part) + ": "
            + marked(numberText(figure.value) + " " + std::string(unitOf(key.measure)),
                     figure.simulated)
            + "\n";
    }
    return out;
}

void addFigures(const core::LineageGraph& graph, const core::Telemetry& telemetry, core::Json& to)
{
    core::JsonArray figures;
    for (const auto& [key, figure] : telemetry.latest) {
        if (!graph.find(key.subject))
            continue;
        core::JsonObject one {{"node", key.subject},
                              {"measure", toString(key.measure)},
                              {"unit", unitOf(key.measure)},
                              {"value", figure.value},
                              {"at", core::formatRfc3339(figure.at)},
                              {"source", figure.source}};
        if (!key.part.empty())
            one["part"] = key.part;
        if (figure.simulated)
            one["simulated"] = true;
        figures.push_back(std::move(one));
    }
    if (!to.is_object())
        return;
    to.get_object()["figures"] = std::move(figures);
    to.get_object()["sources"] = sourcesJson(telemetry);
}

} // namespace app
