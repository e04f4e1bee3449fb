// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <QObject>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace widgets {

class EngineBridge;

/// What the list's small lines show: the last half hour, minute by minute, of what was kept and of
/// what comes. A minute of which nothing is known is a gap.
class TopicSamples
{
public:
    static constexpr int kPoints = 30;
    static constexpr std::chrono::seconds kStep {60};

    void add(const core::Telemetry& telemetry);
    void fill(const std::vector<core::Series>& past);
    /// From 0 to 1 of the greatest, NaN for gaps; empty with less than two minutes known.
    std::vector<double> recent(const std::string& subject) const;

private:
    struct Minute
    {
        double sum = 0;
        int count = 0;
    };
    void add(const std::string& subject, core::WallTime at, double value);

    std::map<std::string, std::map<std::int64_t, Minute>> m_lines; ///< by subject and minute
    core::WallTime m_at {};
};

/// Asks once for the past of each topic of a list, some at a time, the first ones first; not of
/// more than a few hundred.
class TopicPasts : public QObject
{
    Q_OBJECT

public:
    TopicPasts(EngineBridge& bridge, TopicSamples& samples, QObject* parent);
    /// The past before `until`, of those that were not asked about yet.
    void want(const std::vector<std::string>& subjects, core::WallTime until);
    bool isAsking() const { return m_asking > 0; }

Q_SIGNALS:
    void changed(); ///< lines have become longer

private:
    void next();

    EngineBridge& m_bridge;
    TopicSamples& m_samples;
    std::set<std::string> m_known; ///< asked, or waiting
    std::deque<std::string> m_waiting;
    core::WallTime m_until {};
    int m_asking = 0;
};

/// Asks for the history of one topic while it is open, and hands on what came. One question at a
/// time: a slow answer is waited for, and dropped when another topic is open by then.
class TopicHistory : public QObject
{
    Q_OBJECT

public:
    explicit TopicHistory(EngineBridge& bridge, QObject* parent = nullptr);
    void show(const std::string& subject); ///< "" for none
    void ask(core::WallTime from, core::WallTime to);
    const std::vector<core::Series>& series() const { return m_series; }
    QString failure() const { return m_failure; } ///< of the last question
    bool hasAnswer() const { return m_hasAnswer; }

Q_SIGNALS:
    void changed();

private:
    EngineBridge& m_bridge;
    std::string m_subject;
    std::vector<core::Series> m_series;
    QString m_failure;
    bool m_asking = false;
    bool m_hasAnswer = false;
};

} // namespace widgets
