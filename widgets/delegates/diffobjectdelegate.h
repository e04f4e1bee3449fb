// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace widgets {

/// Paints a row of DiffModel: the object, and how it differs.
class DiffObjectDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit DiffObjectDelegate(QObject* parent = nullptr);
    /// The glyph tells an ill object's health before how it differs.
    void setShowHealth(bool show) { m_showHealth = show; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    bool m_showHealth = false;
};

} // namespace widgets
