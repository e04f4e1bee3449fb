// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"
#include "widgets/graph/lineagescene.h"
#include "widgets/models/objectlabels.h"

#include <QGraphicsView>

#include <string>

namespace widgets {

class GraphLegend;

/// The picture of a lineage: wheel or + − zooms, 0 fits, arrows go from node to node, Home to the
/// first, Enter opens. A list beside it says the same to those who do not see it.
class LineageGraph : public QGraphicsView
{
    Q_OBJECT

public:
    explicit LineageGraph(QWidget* parent = nullptr);

    /// graph and labels: what the view was made of, for what filters look at; they may be null.
    void setLineage(core::LineageView view, core::LineageGraphPtr graph = {},
                    ObjectLabelsPtr labels = {});
    const core::LineageView& shown() const;
    void choose(const std::string& box); ///< without a signal; "" for none
    std::string chosen() const;
    void search(const QString& words); ///< boxes that do not match fade; "" for none
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
    void fold();

    LineageScene* m_scene;
    core::LineageGraphPtr m_graph;
    ObjectLabelsPtr m_labels;
    GraphLegend* m_legend;
    std::vector<std::pair<double, LineageScene::Folded>>
        m_folds; ///< how large it is, folded at which width
    QPoint m_pressed;
    bool m_moved = false;
    bool m_fitted = true; ///< nobody has zoomed: the picture stays fitted
    QString m_words;
    int m_matches = 0;
    std::vector<std::uint32_t> m_found;
};

} // namespace widgets
