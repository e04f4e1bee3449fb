// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/timechart.h"

#include <qcustomplot.h>

#include <vector>

namespace widgets {

/// QCustomPlot as our charts use it. Included by charts/*.cpp only.
class TimePlot : public QCustomPlot
{
public:
    TimePlot(core::Measure measure, SharedTimeRange& range, QWidget* parent);

    void setLines(const std::vector<TimeChart::Line>& lines);
    void setMarkers(const std::vector<ChartMarker>& markers);
    /// In the middle, where there is nothing to draw.
    void setMessage(const QString& message) { m_message = message; }
    /// Colours of the palette, ranges and all that stands at a place; then draws.
    void draw();
    void drawCursor();
    void setFocused(bool focused);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void dress();
    void scale();
    void placeMarkers();
    /// Markers that share a name.
    struct MarkerName
    {
        QString name; ///< of the first
        std::vector<double> at; ///< seconds since 1970
        QString words;
        bool toLeft = false;
    };
    std::vector<MarkerName> markerNames() const;
    void placeSimulated(int line, std::vector<QRectF>& taken);
    core::WallTime timeAt(double x) const;
    QRectF plotRect() const;

    core::Measure m_measure;
    SharedTimeRange& m_range;
    QString m_message;
    std::vector<ChartMarker> m_markers;
    std::vector<QRectF> m_simulatedAt; ///< where it says so
    std::vector<bool> m_simulated; ///< of each graph
    std::vector<QCPAbstractItem*> m_marks;
    QCPItemText* m_text;
    QCPItemLine* m_cursor;
    QCPItemRect* m_zoom;
    std::optional<int> m_pressed; ///< where a drag began
    bool m_focused = false;
};

} // namespace widgets
