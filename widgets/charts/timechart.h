// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;

namespace widgets {

class ChartLegend;
class SharedTimeRange;
class TimePlot;

/// Something that happened at a moment: a sync, with its application's name.
struct ChartMarker
{
    core::WallTime at {};
    QString text;
    bool operator==(const ChartMarker&) const = default;
};

/// Lines of one measure over the shared time range: drag or wheel zooms, double click comes back;
/// + − 0 and the arrows do the same. Gaps are gaps. Where there is nothing, it says why.
class TimeChart : public QWidget
{
    Q_OBJECT

public:
    struct Line
    {
        QString name;
        core::Series series;
    };

    TimeChart(const QString& title, core::Measure measure, SharedTimeRange& range,
              QWidget* parent = nullptr);
    ~TimeChart() override;

    /// reason: what is said where no line has a sample in the span.
    void setLines(std::vector<Line> lines, const QString& reason);
    void setMarkers(std::vector<ChartMarker> markers);
    /// The chart as text: what it is, and of each line its last, least, most and mean.
    QString spoken() const;
    QSize minimumSizeHint() const override { return {220, 150}; }

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void refresh();
    void describe();

    core::Measure m_measure;
    SharedTimeRange& m_range;
    std::vector<Line> m_lines;
    QString m_titleText;
    QString m_reason;
    QLabel* m_title;
    QLabel* m_unit;
    TimePlot* m_plot;
    ChartLegend* m_legend;
};

} // namespace widgets
