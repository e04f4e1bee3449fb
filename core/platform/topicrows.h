// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/findings.h"
#include "core/platform/topics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A number on screen: what was measured, or why there is none.
struct TopicFigure
{
    std::optional<double> value;
    std::string reason; ///< one sentence where there is no value
    std::string source;
    bool simulated = false;
};

/// A consumer group and how far it is behind.
struct TopicGroup
{
    std::string name;
    TopicFigure out; ///< records a second
    TopicFigure lag;
    TopicFigure lagSeconds;
};

/// What there is to say about a topic, exchange or queue at a glance.
enum class TopicMark : std::uint8_t
{
    Declared, ///< in Git
    Existing, ///< in the cluster or at the broker
    Flowing, ///< records arrive or leave now
    Silent, ///< nobody is known to write it
    Unread, ///< nobody is known to read it
    Undeclared, ///< it exists, and nobody declares it
    Missing, ///< declared, and the cluster or broker has it not
};
std::string_view toString(TopicMark mark); ///< "declared" …

/// A topic, exchange or queue with what is measured of it.
struct TopicRow
{
    Topic topic;
    std::vector<TopicMark> marks; ///< in the order above
    TopicFigure in; ///< records a second
    TopicFigure out;
    TopicFigure lag; ///< records, of the group furthest behind; messages in a queue
    TopicFigure lagSeconds; ///< of the slowest group
    std::vector<TopicGroup> groups; ///< by name
    std::vector<std::string> clients; ///< that a broker names as members of its groups
    bool has(TopicMark mark) const;
    std::string type() const; ///< "topic", "queue", "exchange", with "internal" before it
};

/// Topics with their figures. Those that a broker has and no manifest tells of come after the
/// others of their cluster. why: why telemetry is null.
std::vector<TopicRow> topicRows(const std::vector<Topic>& topics, const Telemetry* telemetry,
                                std::string_view why);

/// What to say where a page has no figures at all; empty while there are some.
std::string missingSources(const Telemetry* telemetry, std::string_view why);

/// Findings that are about a topic: about the object that declares it, or naming it by place.
std::vector<Finding> findingsOf(const Topic& topic, const std::vector<Finding>& findings);

} // namespace core
