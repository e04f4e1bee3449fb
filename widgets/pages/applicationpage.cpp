// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/applicationpage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/applicationheader.h"
#include "widgets/controls/bannerstack.h"
#include "widgets/models/diffmodel.h"
#include "widgets/pages/diffsection.h"
#include "widgets/pages/eventspage.h"
#include "widgets/pages/overviewsection.h"
#include "widgets/pages/resourcessection.h"
#include "widgets/pages/wavessection.h"
#include "widgets/text/texts.h"

#include <QFrame>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

ApplicationPage::ApplicationPage(EngineBridge& bridge, const WallClock& clock, EventLogModel& log,
                                 QWidget* parent)
    : QWidget(parent)
    , m_bridge(bridge)
    , m_header(new ApplicationHeader(clock, this))
    , m_banners(new BannerStack(clock, this))
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
    , m_overview(new OverviewSection(clock, m_stack))
    , m_waves(new WavesSection(clock, m_stack))
    , m_resources(new ResourcesSection(clock, m_stack))
    , m_diff(new DiffSection(bridge, clock, m_stack))
    , m_events(new EventsPage(log, m_stack))
{
    setupLayout();
    setupConnections();
}

void ApplicationPage::setupLayout()
{
    m_tabs->setAccessibleName(tr("Sections"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    for (const QString& title :
         {tr("Overview"), tr("Waves"), tr("Resources"), tr("Differences"), tr("Events")})
        m_tabs->addTab(title);
    for (QWidget* section :
         std::initializer_list<QWidget*> {m_overview, m_waves, m_resources, m_diff, m_events})
        m_stack->addWidget(section);
    auto* top = new QWidget(this);
    top->setProperty("surface", true);
    top->setAttribute(Qt::WA_StyledBackground);
    auto* head = new QVBoxLayout(top);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(0);
    head->addWidget(m_header);
    auto* tabs = new QHBoxLayout;
    tabs->setContentsMargins(16, 0, 16, 0);
    tabs->addWidget(m_tabs);
    tabs->addStretch(1);
    head->addLayout(tabs);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(top);
    layout->addWidget(line);
    layout->addWidget(m_banners);
    layout->addWidget(m_stack, 1);
    for (QWidget* section : std::initializer_list<QWidget*> {m_resources, m_diff}) {
        section->setProperty("surface", true);
        section->setAttribute(Qt::WA_StyledBackground);
    }
}

void ApplicationPage::setupConnections()
{
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, &ApplicationPage::receive);
    connect(&m_bridge, &EngineBridge::eventsArrived, m_waves, &WavesSection::noteEvents);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int section) {
        m_stack->setCurrentIndex(section);
        Q_EMIT sectionChanged(section);
    });
    connect(m_header, &ApplicationHeader::syncRequested, this, &ApplicationPage::syncRequested);
    connect(m_header, &ApplicationHeader::refreshRequested, this,
            &ApplicationPage::refreshRequested);
    connect(m_header, &ApplicationHeader::pauseRequested, this, &ApplicationPage::pauseRequested);
    connect(m_header, &ApplicationHeader::resumeRequested, this, &ApplicationPage::resumeRequested);
    connect(m_banners, &BannerStack::confirmRequested, this, &ApplicationPage::confirmRequested);
    connect(m_banners, &BannerStack::resumeRequested, this, &ApplicationPage::resumeRequested);
    connect(m_banners, &BannerStack::adoptRequested, this, &ApplicationPage::adoptRequested);
    connect(m_waves, &WavesSection::stopRequested, this, &ApplicationPage::stopRequested);
    connect(m_waves, &WavesSection::objectActivated, this, &ApplicationPage::openObject);
    connect(m_overview, &OverviewSection::objectActivated, this, &ApplicationPage::openObject);
    connect(m_resources, &ResourcesSection::differenceRequested, this,
            &ApplicationPage::openObject);
}

void ApplicationPage::setApplication(const std::string& name)
{
    if (m_name == name)
        return;
    m_name = name;
    m_state.reset();
    m_events->setApplication(QString::fromStdString(name));
    receive();
}

void ApplicationPage::receive()
{
    // An application that is gone stays on screen as it was last; the window decides what to show.
    const core::ApplicationStatePtr state = m_bridge.application(m_name);
    if (!state)
        return;
    const core::ClusterState& cluster = m_bridge.snapshot()->cluster;
    m_header->show(state, cluster);
    m_banners->show(*state);
    m_banners->setVisible(!state->awaitingConfirmation.empty() || !state->conditions.empty()
                          || !state->pauses.empty() || !state->holder.empty());
    if (state == m_state)
        return;
    m_state = state;
    m_overview->show(state, cluster);
    m_waves->show(state);
    m_resources->show(state);
    m_diff->show(state);
    const auto differing = std::count_if(
        state->resources.begin(), state->resources.end(), [](const core::ResourceState& resource) {
            return verdictOn(resource) != core::ResourceDiff::Verdict::Same;
        });
    m_tabs->setTabText(Resources, tr("Resources %1").arg(state->resources.size()));
    m_tabs->setTabText(Differences,
                       differing > 0 ? tr("Differences %1").arg(differing) : tr("Differences"));
}

void ApplicationPage::openObject(const core::ObjectKey& key)
{
    if (!m_state)
        return;
    const auto found =
        std::find_if(m_state->resources.begin(), m_state->resources.end(),
                     [&](const core::ResourceState& resource) { return resource.key == key; });
    if (found == m_state->resources.end())
        return;
    if (found->key.group == "argoproj.io" && found->key.kind == "Application") {
        Q_EMIT applicationRequested(QString::fromStdString(found->key.name));
        return;
    }
    if (verdictOn(*found) != core::ResourceDiff::Verdict::Same) {
        showSection(Differences);
        m_diff->select(key);
        return;
    }
    showSection(Resources);
    m_resources->select(key);
}

void ApplicationPage::showSection(Section section)
{
    m_tabs->setCurrentIndex(section);
}

ApplicationPage::Section ApplicationPage::section() const
{
    return Section(m_tabs->currentIndex());
}

void ApplicationPage::activateFilter()
{
    if (section() == Events) {
        m_events->activateFilter();
        return;
    }
    showSection(Resources);
    m_resources->activateFilter();
}

void ApplicationPage::stepDifference(int direction)
{
    if (section() != Differences)
        showSection(Differences);
    else
        m_diff->step(direction);
}

void ApplicationPage::focusSection()
{
    switch (section()) {
    case Overview:
        m_overview->focusList();
        break;
    case Waves:
        m_waves->focusLanes();
        break;
    case Resources:
        m_resources->focusList();
        break;
    case Differences:
        m_diff->focusList();
        break;
    default:
        m_events->focusList();
    }
}

} // namespace widgets
