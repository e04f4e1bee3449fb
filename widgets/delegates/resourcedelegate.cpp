// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/resourcedelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/models/resourcetreemodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

namespace {

using Model = ResourceTreeModel;

void paintObject(QPainter& painter, QRect rect, const QModelIndex& index, const Colours& c)
{
    const bool deleting = index.data(Model::DeletingRole).toBool();
    QFont font = textFont(kTextSize, QFont::Medium);
    font.setStrikeOut(deleting);
    const int end =
        paintText(painter, rect, index.data().toString(), font, deleting ? c.secondary : c.text);
    rect.setLeft(end + 9);
    paintText(painter, rect, index.data(Model::KindRole).toString(), textFont(kSmallSize),
              c.secondary);
}

void paintSync(QPainter& painter, const QRect& rect, const QModelIndex& index, const Colours& c)
{
    const QVariant sync = index.data(Model::SyncRole);
    if (!sync.isValid())
        return;
    StatusLook look = index.data(Model::PruneRole).toBool()
        ? pruneLook(c)
        : lookOf(core::SyncState(sync.toInt()), c);
    look.word = index.data().toString();
    paintStatus(painter, rect, look, c, textFont());
}

} // namespace

ResourceDelegate::ResourceDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void ResourceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    const bool tree = index.column() == Model::ObjectColumn;
    const QRect rect = option.rect.adjusted(tree ? 4 : kCellPadding, 0, -kCellPadding, 0);
    switch (index.column()) {
    case Model::ObjectColumn:
        paintObject(*painter, rect, index, c);
        break;
    case Model::SyncColumn:
        paintSync(*painter, rect, index, c);
        break;
    case Model::HealthColumn:
        if (const QVariant health = index.data(Model::HealthRole); health.isValid())
            paintStatus(*painter, rect, lookOf(core::Health(health.toInt()), c), c, textFont());
        break;
    default:
        paintText(*painter, rect, index.data().toString(), textFont(), c.secondary);
    }
}

QSize ResourceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), 28};
}

} // namespace widgets
