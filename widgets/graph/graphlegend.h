// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QWidget>

#include <vector>

namespace widgets {

/// What lines, shapes and bands mean, of those that the picture has; in a row below it.
class GraphLegend : public QWidget
{
    Q_OBJECT

public:
    explicit GraphLegend(QWidget* graph);
    void setView(const core::LineageView& view);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Entry
    {
        enum Kind
        {
            Line,
            Live,
            Contains,
            BothWays,
            Layer,
        } kind = Line;
        int evidence = 0;
        std::string layer;
        QString words;
        bool operator==(const Entry&) const = default;
    };
    void paintLine(QPainter& painter, const QPointF& at, const Entry& entry) const;

    std::vector<Entry> m_entries;
};

} // namespace widgets
