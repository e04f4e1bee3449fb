// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/rowdelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>
#include <QStyle>
#include <QWidget>

namespace widgets {

RowDelegate::RowDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    if (index.data(Qt::CheckStateRole).isValid()) {
        // The style's own place for the box, so that clicks meet it.
        own.rect = option.widget->style()->subElementRect(QStyle::SE_ItemViewItemCheckIndicator,
                                                          &own, option.widget);
        own.state |= own.checkState == Qt::Checked ? QStyle::State_On : QStyle::State_Off;
        option.widget->style()->drawPrimitive(QStyle::PE_IndicatorItemViewItemCheck, &own, painter,
                                              option.widget);
    }
    const int box = index.data(Qt::CheckStateRole).isValid() ? 20 : 0;
    paintText(*painter, option.rect.adjusted(kCellPadding + box, 0, -kCellPadding, 0),
              index.data().toString(), textFont(), c.text);
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const int width = QFontMetrics(textFont()).horizontalAdvance(index.data().toString());
    const int box = index.data(Qt::CheckStateRole).isValid() ? 20 : 0;
    return {width + box + 2 * kCellPadding + 4, 28};
}

} // namespace widgets
