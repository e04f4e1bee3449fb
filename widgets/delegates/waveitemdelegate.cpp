// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/waveitemdelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

using Step = WaveLanesModel::Step;

StatusLook lookOf(Step step, const Colours& c)
{
    switch (step) {
    case Step::Pending:
        return {QStringLiteral("row-pending"), WaveLanesModel::tr("Pending"), c.faint};
    case Step::Waited:
        return {QStringLiteral("health-progressing"), WaveLanesModel::tr("Waiting"), c.progressing};
    case Step::Ready:
        return {QStringLiteral("sync-synced"), WaveLanesModel::tr("Ready"), c.healthy};
    case Step::Failed:
        return {QStringLiteral("row-failed"), WaveLanesModel::tr("Failed"), c.degraded};
    case Step::Pruned:
        return {QStringLiteral("prune"), WaveLanesModel::tr("Pruned"), c.secondary};
    case Step::Skipped:
        break;
    }
    return {QStringLiteral("row-skipped"), WaveLanesModel::tr("Skipped"), c.secondary};
}

WaveItemDelegate::WaveItemDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void WaveItemDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    const auto step = Step(index.data(WaveLanesModel::StepRole).toInt());
    const StatusLook look = lookOf(step, c);
    const bool pending = step == Step::Pending;
    const QRect rect = option.rect.adjusted(12, 5, -10, -6);
    const QRect top(rect.left(), rect.top(), rect.width(), rect.height() / 2);
    const QRect bottom(rect.left() + 22, top.bottom() + 1, rect.width() - 22, rect.height() / 2);
    paintGlyph(*painter, top, look.icon, look.colour);
    paintText(*painter, top.adjusted(22, 0, 0, 0), index.data().toString(),
              textFont(kTextSize, QFont::Medium), pending ? c.secondary : c.text);
    const QString kind = index.data(WaveLanesModel::KindRole).toString();
    const int end =
        paintText(*painter, bottom, kind, textFont(kSmallSize), pending ? c.faint : c.secondary);
    QString words = index.data(WaveLanesModel::WordsRole).toString();
    if (words.isEmpty() || end > bottom.right() - 24)
        return;
    const bool loud = step == Step::Failed || step == Step::Waited;
    paintText(*painter, QRect(QPoint(end, bottom.top()), bottom.bottomRight()),
              QStringLiteral("  ·  ") + words, textFont(kSmallSize), loud ? c.text : c.secondary);
}

QSize WaveItemDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, kHeight};
}

} // namespace widgets
