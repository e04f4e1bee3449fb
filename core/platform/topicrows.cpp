// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/topicrows.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace core {

namespace {

constexpr std::string_view kNoAnswer = "No answer from the telemetry yet.";

class RowMaker
{
public:
    RowMaker(const Telemetry* telemetry, std::string_view why)
        : m_telemetry(telemetry)
        , m_why(why.empty() ? kNoAnswer : why)
    {
    }

    TopicRow row(const Topic& topic) const
    {
        TopicRow out {.topic = topic};
        out.in = figure(topic, Measure::RecordsIn);
        out.out = figure(topic, Measure::RecordsOut);
        out.lag = figure(topic, topic.type == Topic::Type::Queue ? Measure::Depth : Measure::Lag);
        out.lagSeconds = figure(topic, Measure::LagSeconds);
        addGroups(out);
        addObserved(out);
        addMarks(out);
        return out;
    }

    const ObservedTopic* observed(std::string_view subject) const
    {
        if (!m_telemetry)
            return nullptr;
        const auto found = std::ranges::find(m_telemetry->topics, subject, &ObservedTopic::subject);
        return found == m_telemetry->topics.end() ? nullptr : &*found;
    }

private:
    std::string reason(const Topic& topic) const
    {
        if (!m_telemetry)
            return m_why;
        if (const auto found = m_telemetry->reasons.find(topic.id);
            found != m_telemetry->reasons.end())
            return found->second;
        // What the broker's own source says counts before what others say.
        const TelemetrySource* best = nullptr;
        for (const TelemetrySource& source : m_telemetry->sources)
            if (source.state != TelemetrySource::State::Live
                && (source.type == topic.system || source.type == "prometheus")
                && (!best || source.type == topic.system))
                best = &source;
        if (best && best->state == TelemetrySource::State::Waiting)
            return best->name + " was asked; a rate needs two samples.";
        if (best && !best->message.empty())
            return best->message;
        return m_telemetry->sources.empty() ? "There is no source of figures."
                                            : "No source tells of it.";
    }

    TopicFigure take(const Topic& topic, const Figure* figure) const
    {
        if (figure)
            return {figure->value, {}, figure->source, figure->simulated};
        return {std::nullopt, reason(topic), {}, false};
    }

    /// The whole; where only parts are measured their sum, or the lag of the group that is furthest
    /// behind.
    TopicFigure figure(const Topic& topic, Measure measure) const
    {
        const Figure* whole = m_telemetry ? m_telemetry->find(topic.id, measure) : nullptr;
        TopicFigure out = take(topic, whole);
        if (whole || !m_telemetry)
            return out;
        const bool isLag = measure == Measure::Lag || measure == Measure::LagSeconds;
        for (auto at = m_telemetry->latest.lower_bound({topic.id, measure, {}});
             at != m_telemetry->latest.end() && at->first.subject == topic.id
             && at->first.measure == measure;
             ++at) {
            const double before = out.value.value_or(0);
            out.value = isLag ? std::max(before, at->second.value) : before + at->second.value;
            out.source = at->second.source;
            out.simulated = out.simulated || at->second.simulated;
            out.reason.clear();
        }
        return out;
    }

    void addGroups(TopicRow& row) const
    {
        if (!m_telemetry)
            return;
        std::set<std::string> names;
        for (auto at = m_telemetry->latest.lower_bound({row.topic.id, Measure {}, {}});
             at != m_telemetry->latest.end() && at->first.subject == row.topic.id; ++at)
            if (!at->first.part.empty())
                names.insert(at->first.part);
        if (const ObservedTopic* seen = observed(row.topic.id))
            names.insert(seen->groups.begin(), seen->groups.end());
        for (const std::string& name : names) {
            const auto part = [&](Measure measure) {
                return take(row.topic, m_telemetry->find(row.topic.id, measure, name));
            };
            row.groups.push_back(
                {name, part(Measure::RecordsOut), part(Measure::Lag), part(Measure::LagSeconds)});
        }
    }

    void addObserved(TopicRow& row) const
    {
        const ObservedTopic* seen = observed(row.topic.id);
        if (!seen)
            return;
        row.topic.existing = true;
        row.clients = seen->clients;
        if (!row.topic.partitions)
            row.topic.partitions = seen->partitions;
        if (!row.topic.replicas)
            row.topic.replicas = seen->replicas;
    }

    static void addMarks(TopicRow& row)
    {
        const Topic& topic = row.topic;
        const auto add = [&row](bool holds, TopicMark mark) {
            if (holds)
                row.marks.push_back(mark);
        };
        const bool isThere = topic.existing.value_or(false);
        const bool isFlowing = row.in.value.value_or(0) > 0 || row.out.value.value_or(0) > 0;
        const bool isRead = std::ranges::any_of(
            row.groups, [](const TopicGroup& group) { return group.out.value.value_or(0) > 0; });
        add(topic.declared, TopicMark::Declared);
        add(isThere, TopicMark::Existing);
        add(isFlowing, TopicMark::Flowing);
        add(topic.isSilent() && row.in.value.value_or(0) <= 0, TopicMark::Silent);
        add(topic.isUnread() && !isRead && row.out.value.value_or(0) <= 0, TopicMark::Unread);
        add(isThere && !topic.declared, TopicMark::Undeclared);
        add(topic.declared && topic.existing == false, TopicMark::Missing);
    }

    const Telemetry* m_telemetry;
    std::string m_why;
};

Topic undeclared(const ObservedTopic& seen)
{
    Topic out {.type = Topic::Type::Topic, .system = seen.system, .name = seen.name};
    if (seen.system == "rabbitmq")
        out.type = seen.exchange ? Topic::Type::Exchange : Topic::Type::Queue;
    out.vhost = seen.vhost;
    out.cluster = seen.cluster;
    out.id = seen.subject;
    out.existing = true;
    out.partitions = seen.partitions;
    out.replicas = seen.replicas;
    out.internal = seen.internal;
    return out;
}

} // namespace

std::string_view toString(TopicMark mark)
{
    constexpr std::array<std::string_view, 7> kWords {"declared", "existing",   "flowing", "silent",
                                                      "unread",   "undeclared", "missing"};
    return kWords[static_cast<std::size_t>(mark)];
}

bool TopicRow::has(TopicMark mark) const
{
    return std::ranges::find(marks, mark) != marks.end();
}

std::string TopicRow::type() const
{
    return (topic.internal ? "internal " : "") + std::string(toString(topic.type));
}

std::vector<TopicRow> topicRows(const std::vector<Topic>& topics, const Telemetry* telemetry,
                                std::string_view why)
{
    const RowMaker maker(telemetry, why);
    std::vector<TopicRow> out;
    std::set<std::string_view> known;
    for (const Topic& topic : topics) {
        known.insert(topic.id);
        out.push_back(maker.row(topic));
    }
    if (!telemetry)
        return out;
    for (const ObservedTopic& seen : telemetry->topics)
        if (!known.contains(seen.subject))
            out.push_back(maker.row(undeclared(seen)));
    std::ranges::stable_sort(
        out, {}, [](const TopicRow& row) { return std::tie(row.topic.system, row.topic.cluster); });
    return out;
}

std::string missingSources(const Telemetry* telemetry, std::string_view why)
{
    if (!telemetry)
        return std::string(why.empty() ? kNoAnswer : why);
    std::string out;
    for (const TelemetrySource& source : telemetry->sources) {
        if (source.state == TelemetrySource::State::Live)
            return {};
        if (!source.message.empty())
            out += (out.empty() ? "" : " ") + source.message;
    }
    return out.empty() ? "No source of figures was found." : out;
}

std::vector<Finding> findingsOf(const Topic& topic, const std::vector<Finding>& findings)
{
    const auto isOf = [&](const Place& place) {
        return (!topic.place.object.empty() && place.object == topic.place.object)
            || (topic.place.line > 0 && place.file == topic.place.file
                && place.line == topic.place.line);
    };
    std::vector<Finding> out;
    for (const Finding& finding : findings)
        if (isOf(finding.place) || std::ranges::any_of(finding.related, isOf))
            out.push_back(finding);
    return out;
}

} // namespace core
