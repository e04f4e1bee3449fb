// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/sharedtimerange.h"

#include <QWidget>

#include <algorithm>
#include <utility>

namespace widgets {

using Duration = core::WallTime::duration;

SharedTimeRange::SharedTimeRange(QObject* parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRedraw);
    connect(&m_timer, &QTimer::timeout, this, &SharedTimeRange::drawWaiting);
}

void SharedTimeRange::setNow(core::WallTime now)
{
    m_now = now;
    if (!m_following || m_to == now)
        return;
    m_to = now;
    Q_EMIT rangeChanged();
}

void SharedTimeRange::setUsualSpan(std::chrono::seconds span)
{
    m_usual = span;
    reset();
}

void SharedTimeRange::setRange(core::WallTime from, core::WallTime to)
{
    const auto span = std::clamp<Duration>(to - from, kNarrowest, kWidest);
    if (to > m_now)
        to = m_now;
    if (m_to == to && m_span == span)
        return;
    m_span = span;
    m_to = to;
    m_following = false;
    Q_EMIT rangeChanged();
}

void SharedTimeRange::zoom(double factor, core::WallTime round)
{
    using Seconds = std::chrono::duration<double>;
    const auto span = std::chrono::duration_cast<Duration>(
        std::clamp<Seconds>(m_span * factor, kNarrowest, kWidest));
    const double share =
        std::chrono::duration<double>(m_to - round) / std::chrono::duration<double>(m_span);
    const auto to = round + std::chrono::duration_cast<Duration>(span * share);
    setRange(to - span, to);
}

void SharedTimeRange::move(double share)
{
    const auto to = std::min(m_to + std::chrono::duration_cast<Duration>(m_span * share), m_now);
    setRange(to - m_span, to);
}

void SharedTimeRange::reset()
{
    m_following = true;
    m_to = m_now;
    m_span = m_usual;
    Q_EMIT rangeChanged();
}

void SharedTimeRange::setCursor(std::optional<core::WallTime> at)
{
    if (m_cursor == at)
        return;
    m_cursor = at;
    Q_EMIT cursorChanged();
}

void SharedTimeRange::schedule(QWidget* chart)
{
    if (std::find(m_waiting.begin(), m_waiting.end(), chart) == m_waiting.end())
        m_waiting.emplace_back(chart);
    if (!m_timer.isActive())
        drawWaiting();
}

/// Starts the timer only where something was drawn: without news it rests.
void SharedTimeRange::drawWaiting()
{
    const auto waiting = std::exchange(m_waiting, {});
    bool drawn = false;
    for (const auto& chart : waiting)
        if (chart && chart->isVisible()) {
            Q_EMIT redraw(chart);
            drawn = true;
        }
    if (drawn)
        m_timer.start();
}

} // namespace widgets
