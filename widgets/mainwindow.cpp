// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mainwindow.h"

#include "widgets/actions.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/badge.h"
#include "widgets/controls/banner.h"
#include "widgets/controls/clusterbar.h"
#include "widgets/controls/navigationrail.h"
#include "widgets/controls/staleveil.h"
#include "widgets/controls/toaster.h"
#include "widgets/models/eventlogmodel.h"
#include "widgets/pages/applicationpage.h"
#include "widgets/pages/applicationspage.h"
#include "widgets/pages/eventspage.h"
#include "widgets/pages/platformarea.h"
#include "widgets/settings.h"
#include "widgets/text/texts.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kMostEvents = 5000;
constexpr int kNarrow = 1000; ///< below this an open application has the window for itself

} // namespace

MainWindow::MainWindow(EngineBridge& bridge, const WallClock& clock, Theme& theme,
                       Settings& settings, QWidget* parent)
    : QMainWindow(parent)
    , m_bridge(bridge)
    , m_clock(clock)
    , m_theme(theme)
    , m_settings(settings)
    , m_actions(new Actions(this))
    , m_log(new EventLogModel(clock, kMostEvents, this))
    , m_banner(new Banner(this))
    , m_rail(new NavigationRail(this))
    , m_views(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Horizontal, m_views))
    , m_applications(new ApplicationsPage(bridge, clock, m_splitter))
    , m_detail(new QStackedWidget(m_splitter))
    , m_application(new ApplicationPage(bridge, clock, *m_log, m_detail))
    , m_events(new EventsPage(*m_log, m_detail))
    , m_platform(new PlatformArea({bridge, clock}, settings, m_views))
    , m_veil(nullptr)
    , m_clusterBar(new ClusterBar(clock, this))
    , m_practice(new Badge(Badge::Tone::Practice, tr("PRACTICE CLUSTER"), this))
    , m_toaster(new Toaster(this, clock.isFixed()))
    , m_history(1)
{
    setWindowTitle(tr("Wavewright"));
    resize(1280, 800);
    setMinimumSize(720, 420);
    setupMenus();
    setupViews();
    setupConnections();
    setupNavigation();
    setupRail();
    setupPlatform();
    setupCommands();
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
    auto* across = new QHBoxLayout(central);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    across->addWidget(m_rail);
    auto* layout = new QVBoxLayout;
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_views, 1);
    across->addLayout(layout, 1);
    m_views->addWidget(m_splitter);
    m_views->addWidget(m_platform);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_applications);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_applications->setMinimumWidth(160);
    m_detail->setMinimumWidth(480);
    m_detail->addWidget(m_application);
    m_detail->addWidget(m_events);
    m_detail->hide();
    setCentralWidget(central);
    m_veil = new StaleVeil(m_views);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(0, 0, 0, 0);
    statusBar()->addWidget(m_clusterBar, 1);
}

void MainWindow::setupConnections()
{
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, &MainWindow::receive);
    connect(&m_bridge, &EngineBridge::eventsArrived, m_log, &EventLogModel::add);
    connect(m_applications, &ApplicationsPage::opened, this, &MainWindow::openApplication);
    connect(m_applications, &ApplicationsPage::selectionChanged, this, &MainWindow::updateActions);
    connect(m_application, &ApplicationPage::sectionChanged, this, &MainWindow::remember);
    connect(m_application, &ApplicationPage::applicationRequested, this,
            &MainWindow::openApplication);
    connect(m_events, &EventsPage::applicationRequested, this, &MainWindow::openApplication);
    auto on = [this](Act act, auto slot) {
        connect((*m_actions)[act], &QAction::triggered, this, slot);
    };
    on(Act::Filter, [this] {
        if (m_views->currentWidget() == m_platform)
            m_platform->activateFilter();
        else if (m_detail->isHidden() || m_applications->isAncestorOf(focusWidget()))
            m_applications->activateFilter();
        else if (m_detail->currentWidget() == m_events)
            m_events->activateFilter();
        else
            m_application->activateFilter();
    });
    connect((*m_actions)[Act::OnlyFaults], &QAction::toggled, m_applications,
            &ApplicationsPage::setOnlyFaults);
    connect((*m_actions)[Act::OnlyFaults], &QAction::toggled, m_platform,
            &PlatformArea::setOnlyFaults);
    on(Act::Quit, [this] { close(); });
    on(Act::LightTheme, [this] { chooseTheme(int(ThemeChoice::Light)); });
    on(Act::DarkTheme, [this] { chooseTheme(int(ThemeChoice::Dark)); });
    on(Act::SystemTheme, [this] { chooseTheme(int(ThemeChoice::System)); });
    on(Act::NextDifference, [this] { m_application->stepDifference(1); });
    on(Act::PreviousDifference, [this] { m_application->stepDifference(-1); });
}

void MainWindow::chooseTheme(int choice)
{
    if (ThemeChoice(choice) != m_theme.choice())
        m_theme.choose(ThemeChoice(choice));
    m_settings.setTheme(m_theme.choice());
    (*m_actions)[Act::LightTheme]->setChecked(m_theme.choice() == ThemeChoice::Light);
    (*m_actions)[Act::DarkTheme]->setChecked(m_theme.choice() == ThemeChoice::Dark);
    (*m_actions)[Act::SystemTheme]->setChecked(m_theme.choice() == ThemeChoice::System);
}

void MainWindow::receive(const core::SnapshotPtr& snapshot)
{
    const core::ClusterState& cluster = snapshot->cluster;
    m_clusterBar->show(snapshot);
    m_practice->setVisible(cluster.practice);
    const bool lost = cluster.connection == core::ClusterState::Connection::Disconnected;
    m_veil->setVisible(lost && !snapshot->applications.empty());
    m_veil->raise();
    if (lost) {
        const QString shown = snapshot->applications.empty()
            ? QString()
            : tr("Below is what was last seen; nothing is being changed.");
        m_banner->show(Banner::Tone::Error, tr("Not connected to %1.").arg(text(cluster.context)),
                       (text(cluster.message) + QLatin1Char(' ') + shown).trimmed());
    } else {
        m_banner->hide();
    }
    if (place().kind == Place::One && !m_bridge.application(m_application->application())) {
        m_toaster->say(Toaster::Tone::Failed,
                       tr("%1 is gone: Wavewright no longer reconciles it.")
                           .arg(QString::fromStdString(m_application->application())));
        showApplications();
    }
    updateActions();
}

void MainWindow::restore(const QString& application)
{
    restoreGeometry(m_settings.blob(QStringLiteral("geometry")));
    m_listWidth = std::clamp(m_settings.text(QStringLiteral("listWidth")).toInt(), 160, 600);
    if (m_settings.text(QStringLiteral("listWidth")).isEmpty())
        m_listWidth = 232;
    m_applications->restoreColumnState(m_settings.blob(QStringLiteral("applicationColumns")));
    chooseTheme(int(m_theme.choice()));
    const QString last = m_settings.text(QStringLiteral("application"));
    const QString page = m_settings.text(QStringLiteral("page"));
    const QString wanted = application.isEmpty() ? last : application;
    if (application.isEmpty() && !page.isEmpty())
        showPage(page, last);
    else if (m_bridge.application(wanted.toStdString()))
        openApplication(wanted);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setBlob(QStringLiteral("geometry"), saveGeometry());
    m_settings.setText(QStringLiteral("page"), place().page);
    m_platform->remember();
    if (place().kind != Place::List && m_applications->isVisible())
        m_listWidth = m_splitter->sizes().value(0, m_listWidth);
    m_settings.setText(QStringLiteral("listWidth"), QString::number(m_listWidth));
    m_settings.setText(QStringLiteral("application"), place().application);
    if (const QByteArray columns = m_applications->columnState(); !columns.isEmpty())
        m_settings.setBlob(QStringLiteral("applicationColumns"), columns);
    QMainWindow::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    arrange();
}

void MainWindow::arrange()
{
    const bool open = !m_detail->isHidden();
    m_applications->setVisible(!open || width() >= kNarrow);
    m_applications->setCompact(open);
}

} // namespace widgets
