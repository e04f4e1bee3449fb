// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/cell.h"

#include <QStyledItemDelegate>

namespace widgets {

/// Paints the cells of a ViewTableModel: glyph, text, a quota's bar.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit CellDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// How wide a column has to be to show the cell whole.
    static int widthOf(const Cell& cell);
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A quota as one bar: its end is what is allowed. Used is solid, what a sync adds is hatched, a
/// tick marks what Git asks for. What goes beyond the end is in the colour of trouble, and the bar
/// is drawn shorter so that it is seen.
void paintQuotaBar(QPainter& painter, const QRect& rect, const QuotaBar& bar,
                   const Colours& colours);

} // namespace widgets
