// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/wavelanesmodel.h"
#include "widgets/theme/statuslook.h"

#include <QStyledItemDelegate>

#include <functional>

namespace widgets {

/// Paints an object of a wave: its glyph, its name, and below it what became of it.
class WaveItemDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int kHeight = 44;

    /// What stands below the name. Half a word says nothing: where kind and words have no room side
    /// by side, what happened counts while it waits or has failed, else the kind.
    struct SecondLine
    {
        QString kind;
        QString words; ///< with the dot before it, after a kind
    };
    using Fits = std::function<bool(const QString&)>;
    static SecondLine secondLine(const QString& kind, const QString& words, bool loud,
                                 const Fits& fits);

    explicit WaveItemDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

StatusLook lookOf(WaveLanesModel::Step step, const Colours& colours);

} // namespace widgets
