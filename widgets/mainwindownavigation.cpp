// SPDX-License-Identifier: GPL-3.0-or-later
// Where the main window goes: list, application, events, pages, back and forward.
#include "widgets/actions.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/navigationrail.h"
#include "widgets/controls/toaster.h"
#include "widgets/dialogs/manifestdialog.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/applicationpage.h"
#include "widgets/pages/applicationspage.h"
#include "widgets/pages/eventspage.h"
#include "widgets/pages/platformarea.h"
#include "widgets/pages/platformpages.h"

#include <QSplitter>
#include <QStackedWidget>

namespace widgets {

namespace {

constexpr std::size_t kMostPlaces = 100;
const QString kApplications = QStringLiteral("applications");
const QString kEvents = QStringLiteral("events");

} // namespace

void MainWindow::setupNavigation()
{
    auto on = [this](Act act, auto slot) {
        connect((*m_actions)[act], &QAction::triggered, this, slot);
    };
    on(Act::Applications, [this] { showApplications(); });
    on(Act::AllEvents, [this] { showAllEvents(); });
    const std::pair<Act, ApplicationPage::Section> sections[] = {
        {Act::Overview, ApplicationPage::Overview},
        {Act::Waves, ApplicationPage::Waves},
        {Act::Resources, ApplicationPage::Resources},
        {Act::Differences, ApplicationPage::Differences},
        {Act::Events, ApplicationPage::Events},
    };
    for (const auto& [act, section] : sections)
        on(act, [this, wanted = section] {
            const QString name = subject();
            if (name.isEmpty())
                return;
            openApplication(name);
            m_application->showSection(wanted);
            m_application->focusSection();
        });
    on(Act::Back, [this] { travel(-1); });
    on(Act::Forward, [this] { travel(1); });
}

void MainWindow::setupRail()
{
    m_rail->add(kApplications, tr("Applications"), QStringLiteral("applications"),
                (*m_actions)[Act::Applications]);
    for (int i = 0; i < int(platformPages().size()); ++i) {
        const PlatformPageSpec& page = platformPages()[std::size_t(i)];
        m_rail->add(QLatin1String(page.id), page.translatedTitle(), QLatin1String(page.icon),
                    m_actions->page(i));
    }
    m_rail->add(kEvents, tr("Events"), QStringLiteral("events"), (*m_actions)[Act::AllEvents]);
    m_rail->setCurrent(kApplications);
}

void MainWindow::setupPlatform()
{
    for (int i = 0; i < int(platformPages().size()); ++i)
        connect(
            m_actions->page(i), &QAction::triggered, this,
            [this, id = QString::fromLatin1(platformPages()[std::size_t(i)].id)] { showPage(id); });
    connect(m_platform, &PlatformArea::placeChanged, this, &MainWindow::remember);
    connect(m_platform, &PlatformArea::pageRequested, this, &MainWindow::showPage);
    connect(m_platform, &PlatformArea::applicationRequested, this, &MainWindow::openApplication);
    connect(m_platform, &PlatformArea::objectRequested, this, &MainWindow::showObject);
    connect(m_platform, &PlatformArea::manifestRequested, this,
            [this](const QString& application, const core::ObjectKey& key) {
                auto* dialog = new ManifestDialog(m_bridge, application, key, this);
                dialog->setAttribute(Qt::WA_DeleteOnClose);
                dialog->open();
            });
}

PlatformFeed& MainWindow::feed()
{
    return m_platform->feed();
}

const PlatformFeed& MainWindow::feed() const
{
    return m_platform->feed();
}

MainWindow::Place MainWindow::place() const
{
    if (m_views->currentWidget() == m_platform)
        return {Place::Page, m_platform->subject(), 0, m_platform->page()};
    if (m_detail->isHidden())
        return {};
    if (m_detail->currentWidget() == m_events)
        return {Place::Log, {}, 0, {}};
    return {Place::One,
            QString::fromStdString(m_application->application()),
            int(m_application->section()),
            {}};
}

void MainWindow::go(const Place& to)
{
    m_rail->setCurrent(to.kind == Place::Page      ? to.page
                           : to.kind == Place::Log ? kEvents
                                                   : kApplications);
    if (to.kind == Place::Page) {
        m_views->setCurrentWidget(m_platform);
        m_platform->open(to.page, to.application);
        m_platform->focusContent();
        updateActions();
        return;
    }
    m_platform->leave();
    m_views->setCurrentWidget(m_splitter);
    m_detail->setVisible(to.kind != Place::List);
    if (to.kind == Place::One) {
        m_application->setApplication(to.application.toStdString());
        m_application->showSection(ApplicationPage::Section(to.section));
        m_applications->select(to.application.toStdString());
        m_detail->setCurrentWidget(m_application);
    } else if (to.kind == Place::Log) {
        m_detail->setCurrentWidget(m_events);
        m_events->focusList();
    }
    const bool wasCompact = m_applications->isCompact();
    if (wasCompact && m_applications->isVisible())
        m_listWidth = m_splitter->sizes().value(0, m_listWidth);
    arrange();
    if (to.kind != Place::List && !wasCompact)
        m_splitter->setSizes({m_listWidth, width() - m_listWidth});
    if (to.kind == Place::List)
        m_applications->focusList();
    else if (!m_applications->isVisible() && to.kind == Place::One)
        m_application->focusSection();
    updateActions();
}

void MainWindow::openApplication(const QString& name)
{
    if (!m_bridge.application(name.toStdString()))
        return;
    const int section = place().kind == Place::One ? place().section : 0;
    go({Place::One, name, section, {}});
    remember();
}

void MainWindow::showApplications()
{
    go({});
    remember();
}

void MainWindow::showAllEvents()
{
    go({Place::Log, {}, 0, {}});
    remember();
}

void MainWindow::showPage(const QString& page, const QString& subject)
{
    if (indexOfPage(page) < 0)
        return;
    go({Place::Page, subject, 0, page});
    remember();
}

void MainWindow::showObject(const QString& application, const core::ObjectKey& key)
{
    if (!m_bridge.application(application.toStdString())) {
        m_toaster->say(Toaster::Tone::Failed,
                       tr("Wavewright does not reconcile the application %1.").arg(application));
        return;
    }
    openApplication(application);
    m_application->openObject(key);
}

void MainWindow::remember()
{
    if (m_travelling || m_history[m_now] == place())
        return;
    m_history.resize(m_now + 1);
    m_history.push_back(place());
    if (m_history.size() > kMostPlaces)
        m_history.erase(m_history.begin());
    m_now = m_history.size() - 1;
    updateActions();
}

void MainWindow::travel(int step)
{
    m_travelling = true;
    for (std::ptrdiff_t to = std::ptrdiff_t(m_now) + step;
         to >= 0 && to < std::ptrdiff_t(m_history.size()); to += step) {
        const Place& target = m_history[std::size_t(to)];
        // Applications that are gone meanwhile are passed over.
        if (target.kind == Place::One && !m_bridge.application(target.application.toStdString()))
            continue;
        m_now = std::size_t(to);
        go(target);
        break;
    }
    m_travelling = false;
    updateActions();
}

} // namespace widgets
