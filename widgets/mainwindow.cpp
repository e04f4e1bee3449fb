// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mainwindow.h"

#include "widgets/actions.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/badge.h"
#include "widgets/controls/banner.h"
#include "widgets/controls/clusterbar.h"
#include "widgets/controls/toaster.h"
#include "widgets/pages/applicationspage.h"
#include "widgets/settings.h"
#include "widgets/text/texts.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QMenuBar>
#include <QSplitter>
#include <QStatusBar>
#include <QVBoxLayout>

namespace widgets {

MainWindow::MainWindow(EngineBridge& bridge, const WallClock& clock, Theme& theme,
                       Settings& settings, QWidget* parent)
    : QMainWindow(parent)
    , m_bridge(bridge)
    , m_clock(clock)
    , m_theme(theme)
    , m_settings(settings)
    , m_actions(new Actions(this))
    , m_banner(new Banner(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_applications(new ApplicationsPage(bridge, clock, m_splitter))
    , m_clusterBar(new ClusterBar(clock, this))
    , m_practice(new Badge(Badge::Tone::Practice, tr("PRACTICE CLUSTER"), this))
    , m_toaster(new Toaster(this, clock.isFixed()))
{
    setWindowTitle(tr("Wavewright"));
    resize(1280, 800);
    setMinimumSize(720, 420);
    setupMenus();
    setupViews();
    setupConnections();
    receive(m_bridge.snapshot());
    m_applications->focusList();
}

void MainWindow::setupMenus()
{
    const std::pair<const char*, QString> groups[] = {
        {"Application", tr("&Application")},
        {"Go", tr("&Go")},
        {"View", tr("&View")},
        {"Help", tr("&Help")},
    };
    for (const auto& [group, title] : groups) {
        QMenu* menu = menuBar()->addMenu(title);
        for (QAction* action : m_actions->all())
            if (Actions::groupOf(action) == QLatin1String(group))
                menu->addAction(action);
    }
    auto* corner = new QWidget(menuBar());
    auto* layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 4, 10, 2);
    layout->addWidget(m_practice);
    menuBar()->setCornerWidget(corner, Qt::TopRightCorner);
}

void MainWindow::setupViews()
{
    auto* central = new QWidget(this);
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_splitter, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_applications);
    setCentralWidget(central);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(0, 0, 0, 0);
    statusBar()->addWidget(m_clusterBar, 1);
}

void MainWindow::setupConnections()
{
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, &MainWindow::receive);
    connect((*m_actions)[Act::Filter], &QAction::triggered, m_applications,
            &ApplicationsPage::activateFilter);
    connect((*m_actions)[Act::OnlyFaults], &QAction::toggled, m_applications,
            &ApplicationsPage::setOnlyFaults);
    connect((*m_actions)[Act::Quit], &QAction::triggered, this, &QWidget::close);
    const std::pair<Act, ThemeChoice> themes[] = {{Act::LightTheme, ThemeChoice::Light},
                                                  {Act::DarkTheme, ThemeChoice::Dark},
                                                  {Act::SystemTheme, ThemeChoice::System}};
    for (const auto& [act, choice] : themes)
        connect((*m_actions)[act], &QAction::triggered, this,
                [this, chosen = choice] { chooseTheme(int(chosen)); });
}

void MainWindow::chooseTheme(int choice)
{
    m_theme.choose(ThemeChoice(choice));
    m_settings.setTheme(m_theme.choice());
    (*m_actions)[Act::LightTheme]->setChecked(m_theme.choice() == ThemeChoice::Light);
    (*m_actions)[Act::DarkTheme]->setChecked(m_theme.choice() == ThemeChoice::Dark);
    (*m_actions)[Act::SystemTheme]->setChecked(m_theme.choice() == ThemeChoice::System);
}

void MainWindow::receive(const core::SnapshotPtr& snapshot)
{
    m_clusterBar->show(snapshot);
    m_practice->setVisible(snapshot->cluster.practice);
    const core::ClusterState& cluster = snapshot->cluster;
    if (cluster.connection != core::ClusterState::Connection::Disconnected) {
        m_banner->hide();
        return;
    }
    const QString shown = snapshot->applications.empty()
        ? QString()
        : tr("Everything below is what was last seen; nothing is being changed.");
    m_banner->show(Banner::Tone::Error, tr("Not connected to %1.").arg(text(cluster.context)),
                   (text(cluster.message) + QLatin1Char(' ') + shown).trimmed());
}

void MainWindow::restore(const QString&)
{
    restoreGeometry(m_settings.blob(QStringLiteral("geometry")));
    m_applications->restoreColumnState(m_settings.blob(QStringLiteral("applicationColumns")));
    chooseTheme(int(m_theme.choice()));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setBlob(QStringLiteral("geometry"), saveGeometry());
    m_settings.setBlob(QStringLiteral("applicationColumns"), m_applications->columnState());
    QMainWindow::closeEvent(event);
}

} // namespace widgets
