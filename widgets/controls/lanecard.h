// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPersistentModelIndex>

class QLabel;
class QListView;

namespace widgets {

class LaneHead;
class WaveLanesModel;

/// One wave as a column: how far it is, what it waits for, its objects.
class LaneCard : public QFrame
{
    Q_OBJECT

public:
    LaneCard(WaveLanesModel& model, const QModelIndex& lane, QWidget* parent = nullptr);
    void refresh();
    QListView* list() const { return m_list; }

Q_SIGNALS:
    void objectActivated(const QModelIndex& index);

private:
    WaveLanesModel& m_model;
    QPersistentModelIndex m_lane;
    LaneHead* m_head;
    QLabel* m_waits;
    QListView* m_list;
};

/// The painted top of a lane: title, state, counts, time and a bar of two tones.
class LaneHead : public QWidget
{
    Q_OBJECT

public:
    explicit LaneHead(QWidget* parent = nullptr);
    void show(const WaveLanesModel& model, int lane);
    QSize sizeHint() const override { return {200, 66}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_title;
    QString m_state;
    QString m_counts;
    QString m_time;
    int m_stateNumber = 0;
    double m_applied = 0; ///< 0 to 1
    double m_ready = 0;
};

} // namespace widgets
