// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace widgets {

class ElidedLabel;
class StatusChip;
class WallClock;

/// What is always in sight of an open application: name, states, commit, where from and where to,
/// when it was last reconciled, and what can be done.
class ApplicationHeader : public QWidget
{
    Q_OBJECT

public:
    explicit ApplicationHeader(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationStatePtr& state, const core::ClusterState& cluster);

Q_SIGNALS:
    void syncRequested();
    void refreshRequested();
    void pauseRequested();
    void resumeRequested();

private:
    void setupLayout();
    void refreshAges();

    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    QLabel* m_name;
    StatusChip* m_sync;
    StatusChip* m_health;
    ElidedLabel* m_why;
    QPushButton* m_syncButton;
    QPushButton* m_refreshButton;
    QPushButton* m_pauseButton;
    ElidedLabel* m_revision;
    ElidedLabel* m_destination;
    ElidedLabel* m_route;
    ElidedLabel* m_reconciled;
    ElidedLabel* m_activity;
};

} // namespace widgets
