// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace widgets {

/// What the time is for everything that shows an age. Ticks once a second so that ages move; stands
/// still when it was given a fixed time. Lives in the GUI thread.
class WallClock : public QObject
{
    Q_OBJECT

public:
    explicit WallClock(std::optional<core::WallTime> fixed = {}, QObject* parent = nullptr);
    core::WallTime now() const;
    bool isFixed() const { return m_fixed.has_value(); }

Q_SIGNALS:
    void ticked();

private:
    std::optional<core::WallTime> m_fixed;
    QTimer m_timer;
};

} // namespace widgets
