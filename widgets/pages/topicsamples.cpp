// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topicsamples.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/text/texts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

void TopicSamples::add(const core::Telemetry& telemetry)
{
    if (telemetry.at == m_at)
        return;
    m_at = telemetry.at;
    for (const auto& [key, figure] : telemetry.latest)
        if (key.measure == core::Measure::RecordsIn && key.part.empty())
            m_values.try_emplace(key.subject);
    for (auto& [subject, values] : m_values) {
        const core::Figure* figure = telemetry.find(subject, core::Measure::RecordsIn);
        values.push_back(figure ? figure->value : std::numeric_limits<double>::quiet_NaN());
        if (values.size() > kPoints)
            values.erase(values.begin());
    }
}

std::vector<double> TopicSamples::recent(const std::string& subject) const
{
    const auto found = m_values.find(subject);
    if (found == m_values.end() || found->second.size() < 2)
        return {};
    std::vector<double> out = found->second;
    double most = 0;
    for (const double value : out)
        most = std::isnan(value) ? most : std::max(most, value);
    for (double& value : out)
        value = most > 0 ? value / most : value;
    return out;
}

TopicHistory::TopicHistory(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
{
}

void TopicHistory::show(const std::string& subject)
{
    if (m_subject == subject)
        return;
    m_subject = subject;
    m_series.clear();
    m_failure.clear();
    m_hasAnswer = false;
    Q_EMIT changed();
}

void TopicHistory::ask(core::WallTime from, core::WallTime to)
{
    if (m_asking || m_subject.empty())
        return;
    m_asking = true;
    core::query::Samples question;
    question.subject = m_subject;
    question.from = from;
    question.to = to;
    m_bridge.ask(question, this, [this, subject = m_subject](const auto& answer) {
        m_asking = false;
        if (subject != m_subject)
            return;
        const auto* samples = answer ? std::get_if<core::SamplesAnswer>(&*answer) : nullptr;
        m_failure = answer ? QString() : text(answer.error().message);
        if (samples)
            m_series = samples->series;
        m_hasAnswer = true;
        Q_EMIT changed();
    });
}

} // namespace widgets
