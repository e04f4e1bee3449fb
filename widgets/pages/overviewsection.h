// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QWidget>

#include <map>

class QFrame;
class QLabel;
class QListView;

namespace widgets {

class AttentionModel;
class FactCard;
class StatusChip;
class WallClock;

/// An application at a glance: its objects by state, what needs somebody, the last sync, where it
/// comes from.
class OverviewSection : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewSection(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationStatePtr& state, const core::ClusterState& cluster);
    void focusList();

Q_SIGNALS:
    void objectActivated(const core::ObjectKey& key);

private:
    QWidget* setupObjects();
    void setupAttention();
    void refresh();
    void refreshCounts();

    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    core::ClusterState m_cluster;
    AttentionModel* m_attention;
    QLabel* m_count;
    QFrame* m_attentionCard = nullptr;
    std::map<core::Health, StatusChip*> m_health;
    std::map<core::SyncState, StatusChip*> m_sync;
    QLabel* m_attentionTitle;
    QListView* m_list;
    QLabel* m_calm;
    FactCard* m_operation;
    FactCard* m_source;
};

} // namespace widgets
