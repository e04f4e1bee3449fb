// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>
#include <QString>

#include <map>
#include <vector>

namespace widgets {

/// Everything that can be done by key, menu or command palette.
enum class Act
{
    Sync,
    Refresh,
    HardRefresh,
    Pause,
    Resume,
    ConfirmPrunes,
    Adopt,
    Terminate,
    Applications,
    Overview,
    Waves,
    Resources,
    Differences,
    Events,
    AllEvents,
    Back,
    Forward,
    NextDifference,
    PreviousDifference,
    Filter,
    OnlyFaults,
    LightTheme,
    DarkTheme,
    SystemTheme,
    Palette,
    Keys,
    Quit,
};

/// The window's actions: one table of texts and keys, from which menus, the command palette and the
/// key help are made. Single letters and signs work wherever no text is being typed.
class Actions : public QObject
{
    Q_OBJECT

public:
    explicit Actions(QWidget* window);

    QAction* operator[](Act act) const { return m_actions.at(act); }
    /// Opens a page of the platform; index as in platformPages().
    QAction* page(int index) const { return m_pages[std::size_t(index)]; }
    /// In the order of the table, for palette and key help.
    const std::vector<QAction*>& all() const { return m_order; }
    /// "Application", "Go", "View", "Help"
    static QString groupOf(const QAction* action);

private:
    QAction* add(QWidget& window, const QString& group, const QString& text, const char* keys,
                 const char* icon);

    std::map<Act, QAction*> m_actions;
    std::vector<QAction*> m_pages;
    std::vector<QAction*> m_order;
};

} // namespace widgets
