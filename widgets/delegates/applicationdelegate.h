// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace widgets {

struct Colours;

/// Paints a row of ApplicationTableModel. Compact: the name column alone, with the states as glyphs
/// around the name.
class ApplicationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit ApplicationDelegate(QObject* parent = nullptr);
    void setCompact(bool compact) { m_compact = compact; }
    void setIndented(bool indented) { m_indented = indented; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintName(QPainter& painter, QRect rect, const QModelIndex& index,
                   const Colours& colours) const;
    void paintRevision(QPainter& painter, const QRect& rect, const QModelIndex& index,
                       const Colours& colours) const;
    void paintActivity(QPainter& painter, QRect rect, const QModelIndex& index,
                       const Colours& colours) const;

    bool m_compact = false;
    bool m_indented = true;
};

} // namespace widgets
