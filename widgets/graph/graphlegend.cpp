// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/graphlegend.h"

#include "widgets/graph/graphlook.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetricsF>
#include <QPainter>

#include <functional>
#include <set>

namespace widgets {

namespace {

constexpr int kPadding = 12;

} // namespace

GraphLegend::GraphLegend(QWidget* graph)
    : QWidget(graph)
{
    setAccessibleName(tr("Legend"));
}

void GraphLegend::setView(const core::LineageView& view)
{
    std::set<core::LineageEvidence, std::greater<>> evidence;
    std::set<std::string> layers;
    bool live = false;
    bool bothWays = false;
    bool contains = false;
    const std::vector<bool> isTold = toldByName(view);
    for (std::size_t i = 0; i < view.arrows.size(); ++i) {
        const core::LineageArrow& arrow = view.arrows[i];
        if (isTold[i])
            continue;
        if (arrow.relation != core::LineageRelation::Contains)
            evidence.insert(arrow.evidence);
        else
            contains = true;
        live = live || arrow.rate;
        bothWays = bothWays || arrow.bothWays;
    }
    for (const core::LineageBox& box : view.boxes)
        if (!box.layer.empty())
            layers.insert(box.layer);
    std::vector<Entry> entries;
    for (const auto each : evidence)
        entries.push_back({Entry::Line, int(each), {}, evidenceText(each)});
    if (live)
        entries.push_back({Entry::Live, 0, {}, tr("flows now")});
    if (contains)
        entries.push_back({Entry::Contains, 0, {}, tr("contains")});
    if (bothWays)
        entries.push_back({Entry::BothWays, 0, {}, tr("direction not told")});
    for (const std::string& layer : layers)
        entries.push_back({Entry::Layer, 0, layer, text(layer)});
    if (entries != m_entries) {
        m_entries = std::move(entries);
        QStringList words;
        for (const Entry& entry : m_entries)
            words << entry.words;
        setAccessibleDescription(words.join(QStringLiteral(", ")));
        setToolTip(accessibleDescription());
        update();
    }
}

void GraphLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& c = coloursOf(palette());
    painter.fillRect(rect(), c.surface);
    painter.fillRect(QRect(0, 0, width(), 1), c.border);
    const QFont font = textFont(kTinySize);
    const double middle = height() / 2.0 + 0.5;
    double x = kPadding;
    for (const Entry& entry : m_entries) {
        const bool isLayer = entry.kind == Entry::Layer;
        const double mark = isLayer ? 10 : 24;
        const double words = QFontMetricsF(font).horizontalAdvance(entry.words);
        if (x + mark + 6 + words > width())
            return;
        if (isLayer) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(layerColour(entry.layer, c));
            painter.drawRoundedRect(QRectF(x, middle - 5, 10, 10), 2, 2);
        } else {
            paintLine(painter, QPointF(x, middle), entry);
        }
        painter.setFont(font);
        painter.setPen(c.secondary);
        painter.drawText(QRectF(x + mark + 6, 0, words + 2, height()),
                         int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, entry.words);
        x += mark + 6 + words + 18;
    }
}

void GraphLegend::paintLine(QPainter& painter, const QPointF& at, const Entry& entry) const
{
    core::LineageArrow within;
    within.relation = core::LineageRelation::Contains;
    QPen pen = entry.kind == Entry::Contains
        ? penOf(within, coloursOf(palette()))
        : penOf(entry.kind == Entry::Line ? core::LineageEvidence(entry.evidence)
                                          : core::LineageEvidence::Declared,
                coloursOf(palette()));
    if (entry.kind == Entry::Live)
        pen.setWidthF(4);
    painter.setPen(pen);
    painter.drawLine(at, at + QPointF(24, 0));
    if (entry.kind != Entry::BothWays)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(pen.color());
    painter.drawEllipse(at + QPointF(1, 0), 3, 3);
    painter.drawEllipse(at + QPointF(23, 0), 3, 3);
}

} // namespace widgets
