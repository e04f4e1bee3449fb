// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace widgets {

struct Colours;

/// Paints a line of DiffLineModel: its YAML, the changed part marked, at the right end who wrote it
/// (live) or where Git says so (desired).
class DiffLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit DiffLineDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    static void paintFold(QPainter& painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index, const Colours& colours);
    static void paintLine(QPainter& painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index, const Colours& colours);
};

} // namespace widgets
