// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"

#include <QWidget>

class QLabel;
class QListView;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace widgets {

class Banner;
class DiffLineModel;
class DiffModel;
class ElidedLabel;
class EmptyState;
class EngineBridge;
class WallClock;

/// Where the cluster is not what Git says: the objects on the left, one object's live and desired
/// manifest on the right, each change with its author and its place in Git.
class DiffSection : public QWidget
{
    Q_OBJECT

public:
    DiffSection(EngineBridge& bridge, const WallClock& clock, QWidget* parent = nullptr);
    void show(const core::ApplicationStatePtr& state);
    void select(const core::ObjectKey& key);
    /// Goes to the next (1) or previous (-1) change, over the end into the neighbouring object.
    void step(int direction);
    void focusList();

private:
    void setupList();
    void setupLines();
    QWidget* setupBar();
    void setupConnections();
    int firstWorthReading() const;
    void openCurrent();
    void receive(const core::ResourceState& resource, const core::Result<core::Answer>& answer);
    void updateState();
    void updateDetail();
    void goTo(int row);

    EngineBridge& m_bridge;
    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    DiffModel* m_objects;
    DiffLineModel* m_lines;
    QStackedWidget* m_stack;
    QListView* m_list;
    QTableView* m_table;
    EmptyState* m_empty;
    ElidedLabel* m_title;
    QLabel* m_position;
    QToolButton* m_inline;
    QToolButton* m_undeclared;
    QToolButton* m_previous;
    QToolButton* m_next;
    Banner* m_banner;
    QLabel* m_detail;
    core::ResourceDiffPtr m_shownDiff;
    std::optional<core::ObjectKey> m_shownKey;
    int m_asked = 0; ///< answers to older questions are dropped
    int m_pendingStep = 0; ///< where to go when the answer is there
};

} // namespace widgets
