// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QWidget>

#include <map>

class QStackedWidget;
class QTreeView;

namespace widgets {

class ApplicationDelegate;
class ApplicationFilterProxy;
class ApplicationTableModel;
class EmptyState;
class EngineBridge;
class FilterField;
class StatusChip;
class WallClock;

/// All applications: a summary that filters, and the list. Wide it has every column; compact,
/// beside an open application, the names with their states.
class ApplicationsPage : public QWidget
{
    Q_OBJECT

public:
    ApplicationsPage(EngineBridge& bridge, const WallClock& clock, QWidget* parent = nullptr);

    void setCompact(bool compact);
    bool isCompact() const { return m_compact; }
    void select(const std::string& name);
    QString selected() const;
    void activateFilter();
    void setOnlyFaults(bool only);
    void clearFilter();
    void focusList();
    int shownCount() const;

    QByteArray columnState() const;
    void restoreColumnState(const QByteArray& state);

Q_SIGNALS:
    void opened(const QString& name); ///< Enter, double click; in compact mode selection too
    void selectionChanged(const QString& name);

private:
    void setupBar();
    void setupView();
    void setupConnections();
    void receive(const core::SnapshotPtr& snapshot);
    void applyChips();
    void updateCounts(const core::Snapshot& snapshot);
    void updateState();

    EngineBridge& m_bridge;
    ApplicationTableModel* m_model;
    ApplicationFilterProxy* m_proxy;
    ApplicationDelegate* m_delegate;
    FilterField* m_filter;
    QWidget* m_bar;
    QWidget* m_chipRow;
    QStackedWidget* m_stack;
    QTreeView* m_view;
    EmptyState* m_empty;
    std::map<core::Health, StatusChip*> m_healthChips;
    std::map<core::SyncState, StatusChip*> m_syncChips;
    bool m_compact = false;
    bool m_receiving = false;
};

} // namespace widgets
