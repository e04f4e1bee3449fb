// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"

#include <QWidget>

#include <string>
#include <vector>

class QStackedWidget;
class QTabBar;

namespace widgets {

class ApplicationHeader;
class BannerStack;
class DiffSection;
class EngineBridge;
class EventLogModel;
class EventsPage;
class OverviewSection;
class ResourcesSection;
class WallClock;
class WavesSection;

/// One application: header and banners that stay, below them the sections.
class ApplicationPage : public QWidget
{
    Q_OBJECT

public:
    enum Section
    {
        Overview,
        Waves,
        Resources,
        Differences,
        Events,
        SectionCount
    };

    ApplicationPage(EngineBridge& bridge, const WallClock& clock, EventLogModel& log,
                    QWidget* parent = nullptr);

    void setApplication(const std::string& name);
    const std::string& application() const { return m_name; }
    void showSection(Section section);
    Section section() const;
    void activateFilter();
    void stepDifference(int direction);
    void focusSection();
    /// Its row among the resources, or its differences where there are some.
    void openObject(const core::ObjectKey& key);

Q_SIGNALS:
    void syncRequested();
    void refreshRequested();
    void pauseRequested();
    void resumeRequested();
    void confirmRequested();
    void adoptRequested();
    void stopRequested();
    void sectionChanged(int section);
    void applicationRequested(const QString& name);

private:
    void setupLayout();
    void setupConnections();
    void receive();

    EngineBridge& m_bridge;
    std::string m_name;
    core::ApplicationStatePtr m_state;
    ApplicationHeader* m_header;
    BannerStack* m_banners;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    OverviewSection* m_overview;
    WavesSection* m_waves;
    ResourcesSection* m_resources;
    DiffSection* m_diff;
    EventsPage* m_events;
};

} // namespace widgets
