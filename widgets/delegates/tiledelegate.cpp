// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/tiledelegate.h"

#include "widgets/delegates/celldelegate.h"
#include "widgets/delegates/paint.h"
#include "widgets/models/namespacemapmodel.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/statuslook.h"

#include <QListView>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace widgets {

namespace {

using core::NamespaceSummary;

constexpr int kTileHeight = 84;
constexpr int kLeastWidth = 176;
constexpr int kPodWidth = 12;
constexpr int kMostPods = 20;
constexpr int kGap = 5; ///< around each tile
constexpr int kHeadingHeight = 34;
constexpr int kLeastBar = 40; ///< of a quota, beside its words

void paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index, const Colours& c)
{
    const QRect line = rect.adjusted(kGap, 8, -kGap, 0);
    const int end = paintText(painter, line, index.data().toString(),
                              textFont(kTextSize, QFont::DemiBold), c.text);
    paintText(painter, line.adjusted(end - line.left() + 10, 0, 0, 0),
              index.data(Qt::StatusTipRole).toString(), textFont(kSmallSize), c.secondary);
}

/// A glyph and a number at the right end of what is left of rect.
void paintMark(QPainter& painter, QRect& rect, const QString& icon, int count, const QColor& colour,
               const Colours& c)
{
    if (count <= 0)
        return;
    const QString number = QString::number(count);
    const QFont font = textFont(kSmallSize);
    const int width = QFontMetrics(font).horizontalAdvance(number) + 4;
    if (rect.width() < width + 17)
        return;
    paintText(painter, QRect(rect.right() - width + 2, rect.top(), width, rect.height()), number,
              font, c.text);
    paintGlyph(painter, QRect(rect.right() - width - 13, rect.top(), 12, rect.height()), icon,
               colour, 12);
    rect.setRight(rect.right() - width - 20);
}

void paintLower(QPainter& painter, QRect line, const NamespaceSummary& summary, const Colours& c)
{
    paintMark(painter, line, QStringLiteral("error"), summary.findings.errors, c.degraded, c);
    paintMark(painter, line, QStringLiteral("warning"), summary.findings.warnings, c.outOfSync, c);
    paintMark(painter, line, QStringLiteral("person"), summary.undeclared + summary.leftOver,
              c.secondary, c);
    if (!summary.quota)
        return;
    const QString percent = QStringLiteral("%1 %").arg(qRound(summary.quota->pending * 100));
    QString words = percent + QLatin1Char(' ') + text(summary.quota->resource);
    const QFontMetrics metrics(textFont(kTinySize));
    int width = std::min(line.width() - 12 - metrics.horizontalAdvance(words), 110);
    if (width < kLeastBar) {
        words = percent;
        width = std::min(line.width() - 44, 110);
    }
    if (width < 24)
        return;
    paintQuotaBar(painter, QRect(line.left(), line.center().y() - 3, width, 7),
                  {summary.quota->used, 0, summary.quota->pending}, c);
    paintText(painter, line.adjusted(width + 8, 0, 0, 0), words, textFont(kTinySize), c.secondary);
}

} // namespace

TileDelegate::TileDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void TileDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    const auto* summary =
        index.data(NamespaceMapModel::SummaryRole).value<const NamespaceSummary*>();
    if (!summary) {
        paintHeading(*painter, option.rect, index, c);
        return;
    }
    const QRectF tile =
        QRectF(option.rect).adjusted(kGap + 0.5, kGap + 0.5, -kGap - 0.5, -kGap - 0.5);
    const bool selected = option.state & QStyle::State_Selected;
    const bool focused = selected && option.widget && option.widget->hasFocus();
    const StatusLook look = summary->health
        ? lookOf(*summary->health, c)
        : StatusLook {QStringLiteral("row-pending"), {}, c.faint};
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QPainterPath shape;
    shape.addRoundedRect(tile, 7, 7);
    const QColor back = selected                 ? c.selection
        : option.state & QStyle::State_MouseOver ? c.hover
                                                 : c.surface;
    painter->fillPath(shape,
                      summary->health ? mixed(look.colour, back, selected ? 0.05 : 0.09) : back);
    painter->setClipPath(shape);
    painter->fillRect(QRectF(tile.left(), tile.top(), 4, tile.height()), look.colour);
    painter->setClipping(false);
    painter->setPen(QPen(focused        ? c.accent
                             : selected ? c.strongBorder
                                        : c.border,
                         focused ? 2 : 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(shape);
    painter->restore();
    const QRect inner = tile.toRect().adjusted(14, 6, -10, -6);
    const QRect top(inner.left(), inner.top(), inner.width(), 20);
    paintGlyph(*painter, top, look.icon, look.colour);
    paintText(*painter, top.adjusted(kGlyph + 7, 0, 0, 0), index.data().toString(),
              textFont(kTextSize, QFont::DemiBold), c.text, Qt::AlignLeft, Qt::ElideMiddle);
    paintText(*painter, QRect(inner.left(), inner.top() + 20, inner.width(), 18),
              podsText(*summary), textFont(kSmallSize), c.secondary);
    paintLower(*painter, QRect(inner.left(), inner.bottom() - 18, inner.width(), 18), *summary, c);
}

QSize TileDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* view = qobject_cast<const QListView*>(option.widget);
    const int room = view ? view->viewport()->width() : 600;
    const auto* summary =
        index.data(NamespaceMapModel::SummaryRole).value<const NamespaceSummary*>();
    if (!summary)
        return {std::max(room - 2, 100), kHeadingHeight};
    const int pods =
        int(std::clamp<qint64>(summary->livePods.value_or(summary->pods), 0, kMostPods));
    return {std::min(kLeastWidth + pods * kPodWidth, std::max(room - 2, 100)), kTileHeight};
}

} // namespace widgets
