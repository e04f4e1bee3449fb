// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <optional>
#include <vector>

class QWidget;

namespace widgets {

/// What the charts of a window have in common: the time span that they show, the moment under the
/// mouse, and the one timer by which they are drawn anew, four times a second at most.
class SharedTimeRange : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kRedraw {250};
    static constexpr std::chrono::seconds kNarrowest {10};
    static constexpr std::chrono::hours kWidest {24};

    explicit SharedTimeRange(QObject* parent = nullptr);

    core::WallTime from() const { return m_to - m_span; }
    core::WallTime to() const { return m_to; }
    core::WallTime::duration span() const { return m_span; }
    /// Moves with the clock, until somebody zooms or moves it.
    bool isFollowing() const { return m_following; }
    void setNow(core::WallTime now);
    /// What reset() comes back to.
    void setUsualSpan(std::chrono::seconds span);
    /// Bounded; what is shown does not move by itself from then on.
    void setRange(core::WallTime from, core::WallTime to);
    /// By a factor, round a moment that stays where it is: below 1 shows less.
    void zoom(double factor, core::WallTime round);
    void move(double share); ///< of the span; above 0 is later
    void reset();

    std::optional<core::WallTime> cursor() const { return m_cursor; }
    void setCursor(std::optional<core::WallTime> at);

    /// Asks for redraw of a chart: at once, or with the others when they were drawn just before.
    void schedule(QWidget* chart);
    bool isDrawing() const { return m_timer.isActive(); } ///< no chart waits when false

Q_SIGNALS:
    void rangeChanged();
    void cursorChanged();
    void redraw(QWidget* chart);

private:
    void drawWaiting();

    std::chrono::seconds m_usual {900};
    core::WallTime m_now {};
    core::WallTime m_to {};
    core::WallTime::duration m_span = m_usual;
    bool m_following = true;
    std::optional<core::WallTime> m_cursor;
    QTimer m_timer;
    std::vector<QPointer<QWidget>> m_waiting;
};

} // namespace widgets
