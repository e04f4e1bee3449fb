// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/celldelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/delegates/sparkline.h"
#include "widgets/models/viewtablemodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kBarHeight = 8;
constexpr int kBarWidth = 96;
constexpr int kLineWidth = 64;

} // namespace

void paintQuotaBar(QPainter& painter, const QRect& rect, const QuotaBar& bar, const Colours& c)
{
    if (rect.width() < 8)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double most = std::max({1.0, bar.used.value_or(0), bar.requested, bar.pending});
    const QRectF track(rect.left() + 0.5, rect.top() + 0.5, rect.width() - 1, rect.height() - 1);
    const auto at = [&](double share) {
        return track.left() + track.width() * std::clamp(share / most, 0.0, 1.0);
    };
    QPainterPath shape;
    shape.addRoundedRect(track, 3, 3);
    painter.setClipPath(shape);
    painter.fillRect(track, mixed(c.border, c.surface, 0.75));
    const double used = bar.used.value_or(0);
    const bool over = bar.pending > 1 || used > 1;
    const QColor fill = over                 ? c.degraded
        : std::max(used, bar.pending) > 0.85 ? c.outOfSync
                                             : c.accent;
    if (bar.used)
        painter.fillRect(
            QRectF(QPointF(track.left(), track.top()), QPointF(at(used), track.bottom())), fill);
    const double from = bar.used.value_or(0);
    if (bar.pending > from) {
        const QRectF more(QPointF(at(from), track.top()), QPointF(at(bar.pending), track.bottom()));
        painter.fillRect(more, mixed(fill, c.surface, 0.28));
        painter.fillRect(more, QBrush(fill, Qt::BDiagPattern));
    }
    painter.setClipping(false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(c.strongBorder);
    painter.drawRoundedRect(track, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto mark = [&](double share, const QColor& colour, int width) {
        const int x = int(at(share)) - (share >= most ? width : 0);
        painter.fillRect(QRect(x, rect.top() - 3, width, rect.height() + 6), colour);
    };
    if (bar.requested > 0)
        mark(bar.requested, c.secondary, 1);
    if (most > 1)
        mark(1, c.text, 2);
    painter.restore();
}

namespace {

/// As many as there is room for, then how many more there are.
void paintBadges(QPainter& painter, const QRect& room, const std::vector<CellBadge>& badges,
                 const Colours& c)
{
    constexpr int kHeight = 18;
    constexpr int kGap = 4;
    const QFont font = textFont(kTinySize, QFont::Medium);
    const QFontMetrics metrics(font);
    const auto widthOf = [&](const QString& text) { return metrics.horizontalAdvance(text) + 14; };
    int left = room.left();
    for (std::size_t i = 0; i < badges.size(); ++i) {
        const QString more = QStringLiteral("+%1").arg(badges.size() - i);
        const bool isLast = i + 1 == badges.size();
        const int needed = widthOf(badges[i].text) + (isLast ? 0 : kGap + widthOf(more));
        const bool fits = left + needed <= room.right() + 1;
        const QColor colour = colourOf(fits ? badges[i].tone : Cell::Tone::Secondary, c);
        const QString& text = fits ? badges[i].text : more;
        const QRect pill(left, room.center().y() - kHeight / 2 + 1, widthOf(text), kHeight);
        paintPill(painter, pill, text, font, mixed(colour, c.surface, c.dark ? 0.3 : 0.14),
                  mixed(colour, c.text, c.dark ? 0.55 : 0.7));
        if (!fits)
            return;
        left = pill.right() + 1 + kGap;
    }
}

/// The first letters as they are, the rest small and faint: "128 /s" and "simulated".
void paintSmallEnd(QPainter& painter, QRect room, const Cell& cell, const QFont& font,
                   const QColor& colour, bool right, const Colours& c)
{
    const QString start = cell.text.left(cell.smallFrom);
    const QString end = cell.text.mid(cell.smallFrom);
    const QFont small = textFont(kTinySize);
    const int endWidth = QFontMetrics(small).horizontalAdvance(end) + 3; // never cut for a pixel
    const int startWidth = QFontMetrics(font).horizontalAdvance(start);
    if (right)
        room.setLeft(std::max(room.left(), room.right() + 1 - startWidth - endWidth));
    const int at = paintText(painter, room, start, font, colour);
    paintText(painter, QRect(QPoint(at, room.top() + 1), room.bottomRight() + QPoint(2, 0)), end,
              small, c.secondary);
}

} // namespace

CellDelegate::CellDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    const auto cell = index.data(ViewTableModel::CellRole).value<Cell>();
    QRect room = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
    const bool right = index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight;
    const QFont font = cell.mono ? monoFont(kSmallSize) : textFont();
    if (cell.bar) {
        const int width = std::min(kBarWidth, std::max(room.width() - 60, 32));
        paintQuotaBar(*painter,
                      QRect(room.left(), room.center().y() - kBarHeight / 2, width, kBarHeight),
                      *cell.bar, c);
        room.setLeft(room.left() + width + 8);
    }
    if (!cell.line.empty() && room.width() > kLineWidth + 60) {
        paintSparkline(*painter, QRectF(room.left(), room.center().y() - 7, kLineWidth, 14),
                       cell.line, c.accent);
        room.setLeft(room.left() + kLineWidth + 8);
    }
    if (!cell.icon.isEmpty()) {
        paintGlyph(*painter, room, cell.icon, colourOf(cell.tone, c));
        room.setLeft(room.left() + kGlyph + 7);
    }
    if (!cell.badges.empty()) {
        paintBadges(*painter, room, cell.badges, c);
        return;
    }
    const bool toned =
        cell.icon.isEmpty() || cell.tone == Cell::Tone::Faint || cell.tone == Cell::Tone::Secondary;
    if (cell.smallFrom > 0) {
        paintSmallEnd(*painter, room, cell, font, toned ? colourOf(cell.tone, c) : c.text, right,
                      c);
        return;
    }
    paintText(*painter, room, cell.text, font, toned ? colourOf(cell.tone, c) : c.text,
              right ? Qt::AlignRight : Qt::AlignLeft, cell.mono ? Qt::ElideMiddle : Qt::ElideRight);
}

int CellDelegate::widthOf(const Cell& cell)
{
    int width = 2 * kCellPadding + 2;
    if (cell.bar)
        width += kBarWidth + 8;
    if (!cell.line.empty())
        width += kLineWidth + 8;
    if (!cell.icon.isEmpty())
        width += kGlyph + 7;
    const auto advance = [](const QFont& font, const QString& text) {
        return QFontMetrics(font).horizontalAdvance(text);
    };
    if (!cell.badges.empty()) {
        for (const CellBadge& badge : cell.badges)
            width += advance(textFont(kTinySize, QFont::Medium), badge.text) + 18;
        return width;
    }
    const QFont font = cell.mono ? monoFont(kSmallSize) : textFont();
    if (cell.smallFrom <= 0)
        return width + advance(font, cell.text);
    return width + advance(font, cell.text.left(cell.smallFrom))
        + advance(textFont(kTinySize), cell.text.mid(cell.smallFrom)) + 3;
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {60, kRowHeight};
}

} // namespace widgets
