// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QMainWindow>

class QSplitter;

namespace widgets {

class Actions;
class ApplicationsPage;
class Badge;
class Banner;
class ClusterBar;
class EngineBridge;
class Settings;
class Theme;
class Toaster;
class WallClock;

/// The window: menus, banner of the connection, the applications, status bar.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(EngineBridge& bridge, const WallClock& clock, Theme& theme, Settings& settings,
               QWidget* parent = nullptr);

    /// Places and opens what the settings remember; application, when not "", goes before.
    void restore(const QString& application);
    const Actions& actions() const { return *m_actions; }

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void setupMenus();
    void setupViews();
    void setupConnections();
    void receive(const core::SnapshotPtr& snapshot);
    void chooseTheme(int choice);

    EngineBridge& m_bridge;
    const WallClock& m_clock;
    Theme& m_theme;
    Settings& m_settings;
    Actions* m_actions;
    Banner* m_banner;
    QSplitter* m_splitter;
    ApplicationsPage* m_applications;
    ClusterBar* m_clusterBar;
    Badge* m_practice;
    Toaster* m_toaster;
};

} // namespace widgets
