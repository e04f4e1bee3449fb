// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/diffobjectdelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/models/diffmodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

namespace {

using Verdict = core::ResourceDiff::Verdict;

StatusLook lookOfVerdict(Verdict verdict, const Colours& c)
{
    switch (verdict) {
    case Verdict::MissingLive:
        return lookOf(core::Health::Missing, c);
    case Verdict::Extra:
        return pruneLook(c);
    case Verdict::CouldNotTell:
        return lookOf(core::SyncState::Unknown, c);
    case Verdict::Same:
        return lookOf(core::SyncState::Synced, c);
    case Verdict::Different:
        break;
    }
    return lookOf(core::SyncState::OutOfSync, c);
}

} // namespace

DiffObjectDelegate::DiffObjectDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void DiffObjectDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    const auto verdict = Verdict(index.data(DiffModel::VerdictRole).toInt());
    const QVariant health = index.data(DiffModel::HealthRole);
    const bool ill = health.isValid() && health.toInt() >= int(core::Health::Progressing);
    const StatusLook look =
        m_showHealth && ill ? lookOf(core::Health(health.toInt()), c) : lookOfVerdict(verdict, c);
    const QRect rect = option.rect.adjusted(12, 5, -10, -6);
    const QRect top(rect.left(), rect.top(), rect.width(), rect.height() / 2);
    const QRect bottom(rect.left() + 22, top.bottom() + 1, rect.width() - 22, rect.height() / 2);
    paintGlyph(*painter, top, look.icon, look.colour);
    paintText(*painter, top.adjusted(22, 0, 0, 0), index.data().toString(),
              textFont(kTextSize, QFont::Medium), c.text);
    paintText(*painter, bottom,
              index.data(DiffModel::KindRole).toString() + QStringLiteral("  ·  ")
                  + index.data(DiffModel::WordsRole).toString(),
              textFont(kSmallSize), c.secondary);
}

QSize DiffObjectDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, 44};
}

} // namespace widgets
