// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"

#include <QMainWindow>

#include <vector>

class QSplitter;
class QStackedWidget;

namespace widgets {

class Actions;
class ApplicationPage;
class ApplicationsPage;
class Badge;
class Banner;
class ClusterBar;
class DialogFrame;
class EngineBridge;
class EventLogModel;
class EventsPage;
class NavigationRail;
class PlatformArea;
class PlatformFeed;
class Settings;
class StaleVeil;
class Theme;
class Toaster;
class WallClock;

/// The window: menus, the rail of views, the banner of the connection, the applications with an
/// open one or the events of all beside them, or a page of the platform; status bar. Sends commands
/// and shows what became of them; decides nothing.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(EngineBridge& bridge, const WallClock& clock, Theme& theme, Settings& settings,
               QWidget* parent = nullptr);

    /// Places and opens what the settings remember; application, when not "", goes before.
    void restore(const QString& application);
    const Actions& actions() const { return *m_actions; }

    void openApplication(const QString& name);
    void showApplications();
    void showAllEvents();
    /// A page of the platform by its id ("namespaces"), with what is open in it ("" for nothing).
    void showPage(const QString& page, const QString& subject = {});
    const PlatformFeed& feed() const;
    PlatformFeed& feed();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// A place to go back to.
    struct Place
    {
        enum Kind
        {
            List,
            One,
            Log,
            Page
        } kind = List;
        QString application; ///< of a page: what is open in it
        int section = 0;
        QString page = {};
        bool operator==(const Place&) const = default;
    };

    void setupMenus();
    void setupViews();
    void setupConnections();
    void setupNavigation();
    void setupRail();
    void setupPlatform();
    void setupCommands();
    void receive(const core::SnapshotPtr& snapshot);
    void updateActions();
    void chooseTheme(int choice);

    Place place() const;
    void go(const Place& place);
    void remember();
    void travel(int step);
    void arrange();
    void showObject(const QString& application, const core::ObjectKey& key);

    QString subject() const; ///< the application that commands are for
    void run(core::Command command, const QString& done);
    void askSync();
    void askPause();
    void askPrune();
    void askAdopt();
    void openPalette();

    EngineBridge& m_bridge;
    const WallClock& m_clock;
    Theme& m_theme;
    Settings& m_settings;
    Actions* m_actions;
    EventLogModel* m_log;
    Banner* m_banner;
    NavigationRail* m_rail;
    QStackedWidget* m_views;
    QSplitter* m_splitter;
    ApplicationsPage* m_applications;
    QStackedWidget* m_detail;
    ApplicationPage* m_application;
    EventsPage* m_events;
    PlatformArea* m_platform;
    StaleVeil* m_veil;
    ClusterBar* m_clusterBar;
    Badge* m_practice;
    Toaster* m_toaster;
    std::vector<Place> m_history;
    std::size_t m_now = 0; ///< place in m_history
    bool m_travelling = false;
    int m_listWidth = 232; ///< of the list beside an open application
};

} // namespace widgets
