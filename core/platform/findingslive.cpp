// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about what is measured and not declared.
#include "core/platform/findings.h"

#include <cmath>

namespace core {

namespace {

std::string called(const Topic& topic)
{
    const std::string cluster = topic.cluster.empty() ? "" : " of " + topic.cluster;
    return std::string(toString(topic.type)) + " " + topic.name + cluster;
}

std::string perSecond(double value)
{
    const double rounded = std::round(value * 10) / 10;
    std::string text = std::to_string(rounded);
    return text.substr(0, text.find('.') + 2) + " a second";
}

/// Upper case at a sentence's begin.
std::string sentence(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = char(text.front() - 'a' + 'A');
    return text;
}

Finding findingOf(std::string_view code, const Topic& topic, std::string message)
{
    Finding out;
    out.code = code;
    if (const FindingRule* rule = findingRule(code))
        out.severity = rule->severity;
    out.message = sentence(std::move(message));
    out.place = topic.place;
    if (out.place.object.empty())
        out.place.object = topic.id;
    return out;
}

} // namespace

void findLive(const PlatformModel& model, const std::vector<Topic>& topics,
              const Telemetry& telemetry, std::vector<Finding>& out)
{
    // What could not be read may declare anything.
    if (!model.input().gaps.empty())
        return;
    for (const Topic& topic : topics) {
        const bool isMeasured = topic.recordsIn.value && !topic.recordsIn.simulated;
        if (topic.internal || !isMeasured)
            continue;
        const bool isKnown = topic.declared || !topic.producers.empty() || !topic.users.empty()
            || !topic.consumers.empty();
        if (!isKnown && *topic.recordsIn.value > 0)
            out.push_back(findingOf("undeclared-flow", topic,
                                    called(topic) + " takes " + perSecond(*topic.recordsIn.value)
                                        + ", and nothing in Git declares or uses it."));
        if (!topic.isUnread() || !isKnown)
            continue;
        for (const std::string& group : topic.groups) {
            const Figure* moves = telemetry.find(topic.id, Measure::RecordsOut, group);
            if (moves && !moves->simulated && moves->value > 0)
                out.push_back(findingOf("unknown-consumer", topic,
                                        "Consumer group " + group + " reads "
                                            + perSecond(moves->value) + " of " + called(topic)
                                            + ", and nothing in Git is declared to read it."));
        }
    }
}

} // namespace core
