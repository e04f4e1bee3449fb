// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/eventdelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/models/eventlogmodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

namespace {

using Model = EventLogModel;

QColor colourOfTone(Model::Tone tone, const Colours& c)
{
    switch (tone) {
    case Model::Tone::Good:
        return c.healthy;
    case Model::Tone::Busy:
        return c.progressing;
    case Model::Tone::Warning:
        return c.outOfSync;
    case Model::Tone::Bad:
        return c.degraded;
    case Model::Tone::Plain:
        break;
    }
    return c.secondary;
}

} // namespace

EventDelegate::EventDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void EventDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    QRect rect = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
    const QString words = index.data().toString();
    switch (index.column()) {
    case Model::TimeColumn:
        paintText(*painter, rect, words, monoFont(), c.secondary);
        break;
    case Model::ApplicationColumn:
        paintText(*painter, rect, words, textFont(kTextSize, QFont::Medium), c.text);
        break;
    default:
        paintGlyph(*painter, rect, index.data(Model::IconRole).toString(),
                   colourOfTone(Model::Tone(index.data(Model::ToneRole).toInt()), c));
        rect.setLeft(rect.left() + kGlyph + 9);
        paintText(*painter, rect, words, textFont(), c.text);
    }
}

QSize EventDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, 28};
}

} // namespace widgets
