// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/pages/platformpage.h"

class QLabel;
class QListView;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace widgets {

class EmptyState;
class FilterField;
class NamespaceDetail;
class NamespaceMapModel;
class ViewTable;

/// All namespaces, as a map or as a table; beside them one that is open.
class NamespacesPage : public PlatformPage
{
    Q_OBJECT

public:
    explicit NamespacesPage(const PageContext& context, QWidget* parent = nullptr);

    void setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading) override;
    QString subject() const override { return m_open; }
    void open(const QString& subject) override;
    void activateFilter() override;
    void focusContent() override;
    void setOnlyFaults(bool only) override;
    QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

    NamespaceDetail& detail() { return *m_detail; }
    void showTable(bool table);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void setupBar();
    void setupViews();
    void setupConnections();
    void fillTable();
    void applyWords();
    void updateState();
    void arrange();
    void go(const QString& name);
    void chooseFirst(); ///< on the map, where nothing is chosen

    PageContext m_context;
    core::PlatformViewsPtr m_views;
    PlatformReading m_reading;
    QString m_open;
    bool m_onlyFaults = false;
    NamespaceMapModel* m_mapModel;
    QWidget* m_master;
    FilterField* m_filter;
    QToolButton* m_mapButton;
    QToolButton* m_tableButton;
    QLabel* m_counts;
    QStackedWidget* m_stack;
    QListView* m_map;
    ViewTable* m_table;
    EmptyState* m_empty;
    QSplitter* m_splitter;
    NamespaceDetail* m_detail;
};

} // namespace widgets
