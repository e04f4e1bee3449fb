// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topicsamples.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/text/texts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

namespace {

constexpr std::size_t kMostTopics = 300;
constexpr int kAtOnce = 16;

std::int64_t minuteOf(core::WallTime at)
{
    return at.time_since_epoch() / TopicSamples::kStep;
}

} // namespace

void TopicSamples::add(const std::string& subject, core::WallTime at, double value)
{
    Minute& minute = m_lines[subject][minuteOf(at)];
    minute.sum += value;
    ++minute.count;
}

void TopicSamples::add(const core::Telemetry& telemetry)
{
    if (telemetry.at == m_at)
        return;
    m_at = telemetry.at;
    for (const auto& [key, figure] : telemetry.latest)
        if (key.measure == core::Measure::RecordsIn && key.part.empty())
            add(key.subject, m_at, figure.value);
    const std::int64_t oldest = minuteOf(m_at) - kPoints;
    for (auto& [subject, minutes] : m_lines)
        minutes.erase(minutes.begin(), minutes.upper_bound(oldest));
}

void TopicSamples::fill(const std::vector<core::Series>& past)
{
    for (const core::Series& series : past)
        if (series.key.measure == core::Measure::RecordsIn && series.key.part.empty())
            for (const core::Sample& sample : series.samples)
                if (minuteOf(sample.at) < minuteOf(m_at)) // the last minute is being counted
                    add(series.key.subject, sample.at, sample.value);
}

std::vector<double> TopicSamples::recent(const std::string& subject) const
{
    const auto found = m_lines.find(subject);
    if (found == m_lines.end() || found->second.size() < 2)
        return {};
    const std::int64_t last = minuteOf(m_at);
    std::vector<double> out(kPoints, std::numeric_limits<double>::quiet_NaN());
    double most = 0;
    for (const auto& [minute, what] : found->second) {
        if (minute <= last - kPoints || minute > last)
            continue;
        const double value = what.sum / what.count;
        out[std::size_t(minute - last + kPoints - 1)] = value;
        most = std::max(most, value);
    }
    // What is kept on disk comes about once a minute: one that falls between is no gap.
    for (std::size_t i = 1; i + 1 < out.size(); ++i)
        if (std::isnan(out[i]) && !std::isnan(out[i - 1]) && !std::isnan(out[i + 1]))
            out[i] = (out[i - 1] + out[i + 1]) / 2;
    for (double& value : out)
        value = most > 0 ? value / most : value;
    return out;
}

TopicPasts::TopicPasts(EngineBridge& bridge, TopicSamples& samples, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
    , m_samples(samples)
{
}

void TopicPasts::want(const std::vector<std::string>& subjects, core::WallTime until)
{
    m_until = until;
    for (const std::string& subject : subjects)
        if (m_known.size() < kMostTopics && m_known.insert(subject).second)
            m_waiting.push_back(subject);
    while (m_asking < kAtOnce && !m_waiting.empty())
        next();
}

void TopicPasts::next()
{
    core::query::Samples question;
    question.subject = m_waiting.front();
    question.measures = {core::Measure::RecordsIn};
    question.from = m_until - TopicSamples::kStep * TopicSamples::kPoints;
    question.to = m_until;
    m_waiting.pop_front();
    ++m_asking;
    m_bridge.ask(question, this, [this](const auto& answer) {
        --m_asking;
        if (const auto* samples = answer ? std::get_if<core::SamplesAnswer>(&*answer) : nullptr)
            m_samples.fill(samples->series);
        if (!m_waiting.empty())
            next();
        if (m_asking == 0)
            Q_EMIT changed();
    });
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
