// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/wavelanesmodel.h"
#include "widgets/theme/statuslook.h"

#include <QStyledItemDelegate>

namespace widgets {

/// Paints an object of a wave: its glyph, its name, and below it what became of it.
class WaveItemDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int kHeight = 44;

    explicit WaveItemDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

StatusLook lookOf(WaveLanesModel::Step step, const Colours& colours);

} // namespace widgets
