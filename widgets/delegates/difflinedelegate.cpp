// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/difflinedelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/models/difflinemodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

namespace widgets {

namespace {

using Model = DiffLineModel;
using Kind = DiffRow::Kind;

constexpr int kGutter = 22;

bool isDifference(Kind kind)
{
    return kind == Kind::Changed || kind == Kind::OnlyDesired || kind == Kind::OnlyLive;
}

/// Slanted lines where one side has nothing to show beside the other's line.
void paintNothing(QPainter& painter, const QRect& rect, const Colours& c)
{
    painter.save();
    painter.setClipRect(rect);
    painter.setPen(mixed(c.border, c.surface, 0.7));
    for (int x = rect.left() - rect.height() - rect.left() % 7; x < rect.right(); x += 7)
        painter.drawLine(x, rect.bottom() + 1, x + rect.height() + 1, rect.top());
    painter.restore();
}

} // namespace

DiffLineDelegate::DiffLineDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void DiffLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    if (index.data(Model::FoldRole).toInt() > 0)
        paintFold(*painter, option, index, c);
    else
        paintLine(*painter, option, index, c);
    if ((option.state & QStyle::State_Selected)) {
        // The current line has edges, so that its diff colour stays to be seen.
        const QRect& r = option.rect;
        painter->fillRect(QRect(r.left(), r.top(), r.width(), 1), c.accent);
        painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.accent);
        if (index.column() == 0)
            painter->fillRect(QRect(r.left(), r.top(), 3, r.height()), c.accent);
    }
}

void DiffLineDelegate::paintFold(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index, const Colours& c)
{
    painter.fillRect(option.rect, c.raised);
    if (index.column() > 0)
        return;
    const QRect rect = option.rect.adjusted(kGutter, 0, -8, 0);
    paintGlyph(painter, QRect(option.rect.left() + 6, rect.top(), 10, rect.height()),
               QStringLiteral("chevron-right"), c.secondary, 10);
    paintText(painter, rect, index.data().toString(), textFont(kSmallSize), c.secondary);
}

void DiffLineDelegate::paintLine(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index, const Colours& c)
{
    const auto kind = Kind(index.data(Model::KindRole).toInt());
    const int side = index.data(Model::SideRole).toInt();
    const bool present = index.data(Model::PresentRole).toBool();
    const bool live = side == Model::LiveColumn;
    const bool marked = isDifference(kind) && side >= 0;
    if (marked && !present) {
        painter.fillRect(option.rect, c.surface);
        paintNothing(painter, option.rect, c);
        return;
    }
    painter.fillRect(option.rect, !marked ? c.surface : live ? c.liveLine : c.desiredLine);
    QRect rect = option.rect.adjusted(kGutter, 0, -10, 0);
    const QFont font = monoFont();
    if (marked)
        paintText(painter, QRect(option.rect.left(), rect.top(), kGutter, rect.height()),
                  live ? QStringLiteral("−") : QStringLiteral("+"),
                  monoFont(kSmallSize, QFont::Bold), c.secondary, Qt::AlignHCenter);
    const QString line = index.data().toString();
    const QFontMetrics metrics(font);
    const QString note = index.data(Model::NoteRole).toString();
    const QFont noteFont = textFont(kTinySize);
    if (!note.isEmpty()) {
        // The note keeps to the right end; it gives way to the line, but never quite goes.
        const int wanted = QFontMetrics(noteFont).horizontalAdvance(note) + 2;
        const int room = rect.width() - metrics.horizontalAdvance(line) - 18;
        const int width = std::min(wanted, std::max(room, rect.width() / 4));
        paintText(painter, QRect(rect.right() - width, rect.top(), width, rect.height()), note,
                  noteFont, c.secondary, Qt::AlignRight, live ? Qt::ElideRight : Qt::ElideLeft);
        rect.setRight(rect.right() - width - 12);
    }
    const QSize mark = index.data(Model::MarkRole).toSize();
    if (marked && mark.height() > 0 && metrics.horizontalAdvance(line) <= rect.width()) {
        const int from = rect.left() + metrics.horizontalAdvance(line.left(mark.width()));
        const int width = metrics.horizontalAdvance(line.mid(mark.width(), mark.height()));
        painter.fillRect(QRect(from, rect.top() + 2, width, rect.height() - 4),
                         live ? c.liveWord : c.desiredWord);
    }
    paintYaml(painter, rect, line, font, c, kind == Kind::Undeclared || kind == Kind::Spelling);
}

QSize DiffLineDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, 20};
}

} // namespace widgets
