// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QAction;
class QToolButton;
class QVBoxLayout;

namespace widgets {

/// The slim column at the left from which every view is one click away. It triggers the window's
/// actions and shows where we are.
class NavigationRail : public QWidget
{
    Q_OBJECT

public:
    explicit NavigationRail(QWidget* parent = nullptr);
    /// In the order in which they are added. The action must outlive the rail.
    void add(const QString& id, const QString& title, const QString& icon, QAction* action);
    void setCurrent(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Entry
    {
        QString id;
        QToolButton* button;
    };
    std::vector<Entry> m_entries;
    QVBoxLayout* m_layout;
};

} // namespace widgets
