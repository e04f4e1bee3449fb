// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QGraphicsView>

#include <string>

namespace widgets {

class GraphLegend;
class LineageScene;

/// The picture of a lineage: wheel or + − zooms, 0 fits, arrows go from node to node, Home to the
/// first, Enter opens. A list beside it says the same to those who do not see it.
class LineageGraph : public QGraphicsView
{
    Q_OBJECT

public:
    explicit LineageGraph(QWidget* parent = nullptr);

    void setLineage(core::LineageView view);
    const core::LineageView& shown() const;
    void choose(const std::string& box); ///< without a signal; "" for none
    std::string chosen() const;
    void search(const QString& words); ///< boxes without all the words fade; "" for none
    int matches() const { return m_matches; }
    void nextMatch();
    void fit();
    void zoomBy(double factor);
    bool exportPng(const QString& file);

Q_SIGNALS:
    void choiceChanged(const std::string& box); ///< "" for none
    void opened(const std::string& box); ///< Enter or double click

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    bool viewportEvent(QEvent* event) override;

private:
    void take(std::optional<std::uint32_t> box);
    void describe();
    void bringIntoView(std::uint32_t box);

    LineageScene* m_scene;
    GraphLegend* m_legend;
    QPoint m_pressed;
    bool m_moved = false;
    bool m_fitted = true; ///< nobody has zoomed: the picture stays fitted
    QString m_words;
    int m_matches = 0;
    std::vector<std::uint32_t> m_found;
};

} // namespace widgets
