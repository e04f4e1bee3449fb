// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QStackedWidget;
class QToolButton;
class QTreeView;

namespace widgets {

class EmptyState;
class EventFilterProxy;
class EventLogModel;
class FilterField;

/// What happened, newest first: of all applications, or of one.
class EventsPage : public QWidget
{
    Q_OBJECT

public:
    /// The model is shared: every page filters the same log.
    explicit EventsPage(EventLogModel& model, QWidget* parent = nullptr);
    void setApplication(const QString& application);
    void activateFilter();
    void focusList();

Q_SIGNALS:
    void applicationRequested(const QString& name);

private:
    void setupView();
    void updateState();

    EventLogModel& m_model;
    EventFilterProxy* m_proxy;
    FilterField* m_filter;
    QToolButton* m_warnings;
    QStackedWidget* m_stack;
    QTreeView* m_view;
    EmptyState* m_empty;
    QString m_application;
};

} // namespace widgets
