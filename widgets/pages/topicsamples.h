// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <QObject>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace widgets {

class EngineBridge;

/// What the list's small lines show: the newest figures, kept as they come, so that a list of a
/// thousand topics asks for no history. Where a figure failed to come there is a gap.
class TopicSamples : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kPoints = 40;

    using QObject::QObject;

    void add(const core::Telemetry& telemetry);
    /// From 0 to 1 of the greatest; empty before the second figure.
    std::vector<double> recent(const std::string& subject) const;

private:
    std::map<std::string, std::vector<double>> m_values; ///< NaN: nothing came
    core::WallTime m_at {};
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
