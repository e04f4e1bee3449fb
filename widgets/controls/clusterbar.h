// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QWidget>

class QLabel;

namespace widgets {

class Badge;
class WallClock;

/// Where we are, in the status bar: connection, context, server, version; whether its certificate
/// is not checked; how fresh the picture is. That it is a practice cluster the window says at its
/// top.
class ClusterBar : public QWidget
{
    Q_OBJECT

public:
    explicit ClusterBar(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::SnapshotPtr& snapshot);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refreshAge();

    const WallClock& m_clock;
    core::SnapshotPtr m_snapshot;
    QLabel* m_where;
    QLabel* m_fresh;
    Badge* m_insecure;
};

} // namespace widgets
