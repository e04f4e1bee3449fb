// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/pages/platformpage.h"

class QLabel;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace widgets {

class EmptyState;
class FilterField;
class ReachSection;
class TenantDetail;
class ViewTable;

/// All tenants with how well each is kept apart, who reaches what, and beside them one that is
/// open.
class TenantsPage : public PlatformPage
{
    Q_OBJECT

public:
    explicit TenantsPage(const PageContext& context, QWidget* parent = nullptr);

    void setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading) override;
    QString subject() const override { return m_open; }
    void open(const QString& subject) override;
    void activateFilter() override;
    void focusContent() override;
    QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

    TenantDetail& detail() { return *m_detail; }
    void showMatrix(bool matrix);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void setupBar();
    void setupViews();
    void setupConnections();
    void fillTable();
    void applyWords();
    void updateState();
    void describeEmpty(bool filtered);
    void arrange();
    void go(const QString& name);
    bool showsMatrix() const;

    PageContext m_context;
    core::PlatformViewsPtr m_views;
    PlatformReading m_reading;
    QString m_open;
    QWidget* m_master;
    QWidget* m_bar; ///< filter, counts and views
    FilterField* m_filter;
    QLabel* m_counts;
    QToolButton* m_listButton;
    QToolButton* m_matrixButton;
    QStackedWidget* m_stack;
    ViewTable* m_table;
    ReachSection* m_reach;
    EmptyState* m_empty;
    QSplitter* m_splitter;
    TenantDetail* m_detail;
};

} // namespace widgets
