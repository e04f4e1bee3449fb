// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/simulatedreader.h"

#include "core/platform/topics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gitops {

namespace {

constexpr auto kPast = std::chrono::minutes(30);
constexpr auto kPastStep = std::chrono::seconds(15);

/// FNV-1a: the same on every machine and in every run.
std::uint64_t hashOf(std::string_view text, std::uint64_t seed = 14'695'981'039'346'656'037u)
{
    for (const char each : text)
        seed = (seed ^ static_cast<unsigned char>(each)) * 1'099'511'628'211u;
    return seed;
}

/// From 0 up to 1, the same for the same text and number.
double chance(std::string_view text, std::uint64_t number)
{
    std::uint64_t mixed = hashOf(text) + number * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return double((mixed ^ (mixed >> 31)) >> 11) / double(1ull << 53);
}

/// Slow waves with some noise, from 0.4 to 1.6.
double wave(std::string_view subject, double seconds)
{
    const double period = 240 + 360 * chance(subject, 1);
    const double phase = chance(subject, 2);
    const double slow = std::sin(2 * std::numbers::pi * (seconds / period + phase));
    const double noise = chance(subject, 1000 + std::uint64_t(seconds / 5)) - 0.5;
    return std::max(0.0, 1 + 0.4 * slow + 0.4 * noise);
}

double baseRate(std::string_view subject)
{
    return std::pow(10, 1 + 1.5 * chance(subject, 3)); // 10 to 300 a second
}

std::string labelOf(const core::LineageGraph& graph, const std::string& id)
{
    const auto found = graph.find(id);
    return found ? graph.node(*found).label : id;
}

void addTopic(const core::LineageGraph& graph, const core::Topic& topic, double seconds,
              std::vector<Measurement>& out)
{
    if (topic.producers.empty() && topic.users.empty() && topic.type == core::Topic::Type::Topic)
        return;
    const double rate = baseRate(topic.id) * wave(topic.id, seconds);
    const double bytes = 200 + 1800 * chance(topic.id, 4);
    const auto add = [&](core::Measure measure, double value, std::string part = {}) {
        out.push_back({{topic.id, measure, std::move(part)}, value, false});
    };
    add(core::Measure::RecordsIn, rate);
    if (topic.type == core::Topic::Type::Exchange)
        return;
    if (topic.type == core::Topic::Type::Queue) {
        add(core::Measure::RecordsOut, topic.isUnread() ? 0 : rate);
        add(core::Measure::Depth, std::floor(rate * (topic.isUnread() ? 60 : 0.5)));
        return;
    }
    add(core::Measure::BytesIn, rate * bytes);
    if (topic.consumers.empty())
        return;
    double total = 0;
    double furthest = 0;
    for (const std::string& consumer : topic.consumers) {
        const std::string group = labelOf(graph, consumer);
        const double behind = 0.2 + 4 * chance(consumer, 5) * wave(consumer, seconds);
        const double out_ = baseRate(topic.id) * wave(topic.id, seconds - behind);
        total += out_;
        furthest = std::max(furthest, behind);
        add(core::Measure::RecordsOut, out_, group);
        add(core::Measure::Lag, std::floor(rate * behind), group);
        add(core::Measure::LagSeconds, behind, group);
    }
    add(core::Measure::RecordsOut, total);
    add(core::Measure::Lag, std::floor(rate * furthest));
    add(core::Measure::LagSeconds, furthest);
    add(core::Measure::BytesOut, total * bytes);
}

void addJob(const core::LineageNode& node, double seconds, std::vector<Measurement>& out)
{
    const double rate = baseRate(node.id()) * wave(node.id(), seconds);
    const bool fails = chance(node.id(), 2000 + std::uint64_t(seconds / 60)) < 0.1;
    out.push_back({{node.id(), core::Measure::Exchanges, {}}, rate, false});
    out.push_back({{node.id(), core::Measure::Failures, {}}, fails ? rate * 0.02 : 0, false});
}

std::vector<core::Series> pastOf(const Subjects& subjects, core::WallTime now,
                                 const std::string& source)
{
    std::map<core::SeriesKey, core::Series> all;
    for (core::WallTime at = now - kPast; at < now; at += kPastStep)
        for (Measurement& each : simulatedTraffic(subjects, at)) {
            core::Series& series = all[each.key];
            series.samples.push_back({at, each.value, false});
        }
    std::vector<core::Series> out;
    for (auto& [key, series] : all)
        out.push_back({key, source, true, std::move(series.samples)});
    return out;
}

} // namespace

std::vector<Measurement> simulatedTraffic(const Subjects& subjects, core::WallTime at)
{
    const double seconds = std::chrono::duration<double>(at.time_since_epoch()).count();
    std::vector<Measurement> out;
    for (const core::Topic& topic : core::topicsOf(subjects.graph(), subjects.platform().hasLive))
        // Through what the practice cluster does not have nothing goes.
        if (!topic.internal && !(topic.declared && topic.existing && !*topic.existing))
            addTopic(subjects.graph(), topic, seconds, out);
    for (const core::LineageNode& node : subjects.graph().nodes())
        if (node.object && node.object->group == "camel.apache.org"
            && node.object->kind == "Integration"
            && (node.existing || !subjects.platform().hasLive))
            addJob(node, seconds, out);
    return out;
}

void SimulatedReader::read(SubjectsPtr subjects, Handler done)
{
    Reading reading;
    reading.at = m_clock.wallNow();
    reading.message = "simulated: made up from what is declared, nothing is measured";
    reading.measurements = simulatedTraffic(*subjects, reading.at);
    if (!m_hasPast && !reading.measurements.empty()) {
        reading.past = pastOf(*subjects, reading.at, name());
        m_hasPast = true;
    }
    done(std::move(reading));
}

} // namespace gitops
