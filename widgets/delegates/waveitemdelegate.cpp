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

WaveItemDelegate::SecondLine WaveItemDelegate::secondLine(const QString& kind, const QString& words,
                                                          bool loud, const Fits& fits)
{
    if (words.isEmpty())
        return {kind, {}};
    const QString both = QStringLiteral("  ·  ") + words;
    if (fits(kind + both))
        return {kind, both};
    return loud ? SecondLine {{}, words} : SecondLine {kind, {}};
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
    const QFont font = textFont(kSmallSize);
    const bool loud = step == Step::Failed || step == Step::Waited;
    const SecondLine line =
        secondLine(index.data(WaveLanesModel::KindRole).toString(),
                   index.data(WaveLanesModel::WordsRole).toString(), loud,
                   [width = bottom.width(), metrics = QFontMetrics(font)](const QString& text) {
                       return metrics.horizontalAdvance(text) <= width;
                   });
    const int end = paintText(*painter, bottom, line.kind, font, pending ? c.faint : c.secondary);
    paintText(*painter, QRect(QPoint(end, bottom.top()), bottom.bottomRight()), line.words, font,
              loud ? c.text : c.secondary);
}

QSize WaveItemDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, kHeight};
}

} // namespace widgets
