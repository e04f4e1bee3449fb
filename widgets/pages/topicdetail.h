// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"
#include "core/platform/topicrows.h"

#include <QScrollArea>

#include <vector>

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace widgets {

class EngineBridge;
class FactCard;
class SharedTimeRange;
class TimeChart;
class TopicHistory;
class ViewTable;
class WallClock;
struct ChartMarker;

/// One topic, exchange or queue: its figures as charts over one time range, consumer groups, who
/// writes and reads it and where that is said, bindings, findings.
class TopicDetail : public QScrollArea
{
    Q_OBJECT

public:
    TopicDetail(EngineBridge& bridge, const WallClock& clock, QWidget* parent = nullptr);

    void setRow(const core::PlatformViewsPtr& views, const core::TopicRow& row);
    void clear();
    SharedTimeRange& range() { return *m_range; }

Q_SIGNALS:
    void closed();
    void lineageRequested(const QString& node);
    void topicRequested(const QString& id);
    void applicationRequested(const QString& name);
    void manifestRequested(const QString& application, const core::ObjectKey& key);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// One who writes, reads or is bound, as a row.
    struct User
    {
        QString role;
        core::LineageGraph::Index node = 0;
        core::LineageProof proof;
    };

    void setupHead(QVBoxLayout* layout);
    void setupLists(QVBoxLayout* layout);
    void fillFacts();
    void fillUsers();
    void fillGroups();
    void fillFindings();
    void fillCharts();
    std::vector<ChartMarker> markers() const;
    void askHistory();

    EngineBridge& m_bridge;
    const WallClock& m_clock;
    core::PlatformViewsPtr m_views;
    core::TopicRow m_row;
    std::vector<User> m_users;
    std::vector<core::Finding> m_findings;
    SharedTimeRange* m_range;
    TopicHistory* m_history;
    QTimer* m_timer; ///< asks again while it is shown
    QLabel* m_kind;
    QLabel* m_title;
    QPushButton* m_manifest;
    QPushButton* m_application;
    FactCard* m_facts;
    TimeChart* m_rates;
    TimeChart* m_lag;
    TimeChart* m_age;
    QLabel* m_usersTitle;
    ViewTable* m_userTable;
    QLabel* m_groupsTitle;
    ViewTable* m_groupTable;
    QLabel* m_findingsTitle;
    ViewTable* m_findingTable;
};

} // namespace widgets
