// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace widgets {

class ElidedLabel;
class EmptyState;
class LaneCard;
class StatusChip;
class WallClock;
class WaveLanesModel;

/// The running or last sync as lanes, one for each wave, from left to right as they run.
class WavesSection : public QWidget
{
    Q_OBJECT

public:
    explicit WavesSection(const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationStatePtr& state);
    void noteEvents(const std::vector<core::Event>& events);
    void focusLanes();

Q_SIGNALS:
    void stopRequested();
    void objectActivated(const core::ObjectKey& key);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setupLayout();
    void rebuild();
    void refresh();
    void refreshSummary();
    bool moveFocus(QObject* list, int step);

    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    WaveLanesModel* m_model;
    StatusChip* m_phase;
    ElidedLabel* m_summary;
    QPushButton* m_stop;
    QStackedWidget* m_stack;
    QScrollArea* m_scroll;
    QHBoxLayout* m_row;
    EmptyState* m_empty;
    std::vector<LaneCard*> m_lanes;
};

} // namespace widgets
