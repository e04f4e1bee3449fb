// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/graphlegend.h"

#include "widgets/graph/graphlook.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <set>

namespace widgets {

namespace {

constexpr int kRow = 18;
constexpr int kMark = 30;
constexpr int kPadding = 9;

} // namespace

GraphLegend::GraphLegend(QWidget* graph)
    : QWidget(graph)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(tr("Legend"));
}

void GraphLegend::setView(const core::LineageView& view)
{
    std::set<core::LineageEvidence, std::greater<>> evidence;
    std::set<std::string> layers;
    bool live = false;
    bool bothWays = false;
    for (const core::LineageArrow& arrow : view.arrows) {
        if (arrow.relation != core::LineageRelation::Contains)
            evidence.insert(arrow.evidence);
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
    if (bothWays)
        entries.push_back({Entry::BothWays, 0, {}, tr("direction not told")});
    for (const std::string& layer : layers)
        entries.push_back({Entry::Layer, 0, layer, text(layer)});
    if (entries != m_entries) {
        m_entries = std::move(entries);
        place();
        update();
    }
    setVisible(!m_entries.empty());
}

QSize GraphLegend::sizeHint() const
{
    const QFontMetrics metrics(textFont(kTinySize));
    int widest = 0;
    for (const Entry& entry : m_entries)
        widest = std::max(widest, metrics.horizontalAdvance(entry.words));
    return {widest + kMark + 2 * kPadding + 6, int(m_entries.size()) * kRow + 2 * kPadding - 4};
}

void GraphLegend::place()
{
    resize(sizeHint());
    move(10, parentWidget()->height() - height() - 10);
    // A picture that leaves it no room goes before it.
    setVisible(!m_entries.empty() && height() < parentWidget()->height() / 2);
}

void GraphLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& c = coloursOf(palette());
    QColor back = c.surface;
    back.setAlpha(235);
    painter.setPen(c.border);
    painter.setBrush(back);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    int y = kPadding - 2;
    for (const Entry& entry : m_entries) {
        const double middle = y + kRow / 2.0;
        if (entry.kind == Entry::Layer) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(layerColour(entry.layer, c));
            painter.drawRoundedRect(QRectF(kPadding + 8, middle - 5, 10, 10), 2, 2);
        } else {
            QPen pen = penOf(entry.kind == Entry::Line ? core::LineageEvidence(entry.evidence)
                                                       : core::LineageEvidence::Declared,
                             c);
            if (entry.kind == Entry::Live)
                pen.setWidthF(4);
            painter.setPen(pen);
            painter.drawLine(QPointF(kPadding, middle), QPointF(kPadding + 24, middle));
            if (entry.kind == Entry::BothWays) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(pen.color());
                painter.drawEllipse(QPointF(kPadding + 1, middle), 3, 3);
                painter.drawEllipse(QPointF(kPadding + 23, middle), 3, 3);
            }
        }
        painter.setFont(textFont(kTinySize));
        painter.setPen(c.secondary);
        painter.drawText(QRectF(kPadding + kMark, y, width(), kRow),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, entry.words);
        y += kRow;
    }
}

} // namespace widgets
