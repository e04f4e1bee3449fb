// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/applicationdelegate.h"

#include "widgets/delegates/paint.h"
#include "widgets/models/applicationtablemodel.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

namespace {

using Model = ApplicationTableModel;

constexpr int kIndent = 18;

core::Health healthOf(const QModelIndex& index)
{
    return core::Health(index.data(Model::HealthRole).toInt());
}

core::SyncState syncOf(const QModelIndex& index)
{
    return core::SyncState(index.data(Model::SyncRole).toInt());
}

/// The lines that tie a child to its parent above; returns where the name begins.
int paintGuides(QPainter& painter, const QRect& rect, const QModelIndex& index, const Colours& c)
{
    const int depth = index.data(Model::DepthRole).toInt();
    const int guides = index.data(Model::GuidesRole).toInt();
    for (int level = 1; level <= depth; ++level) {
        const int x = rect.left() + (level - 1) * kIndent + 6;
        const bool goesOn = guides & (1 << level);
        if (goesOn || level == depth)
            painter.fillRect(QRect(x, rect.top(), 1, goesOn ? rect.height() : rect.height() / 2),
                             c.strongBorder);
        if (level == depth)
            painter.fillRect(QRect(x, rect.top() + rect.height() / 2, 7, 1), c.strongBorder);
    }
    return rect.left() + depth * kIndent;
}

} // namespace

ApplicationDelegate::ApplicationDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void ApplicationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    const Colours& c = coloursOf(option.palette);
    paintRowBackground(*painter, option);
    const QRect rect = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
    const QFont font = textFont();
    switch (index.column()) {
    case Model::NameColumn:
        paintName(*painter, rect, index, c);
        break;
    case Model::SyncColumn:
        paintStatus(*painter, rect, lookOf(syncOf(index), c), c, font);
        break;
    case Model::HealthColumn:
        paintStatus(*painter, rect, lookOf(healthOf(index), c), c, font);
        break;
    case Model::RevisionColumn:
        paintRevision(*painter, rect, index, c);
        break;
    case Model::ActivityColumn:
        paintActivity(*painter, rect, index, c);
        break;
    default:
        paintText(*painter, rect, index.data().toString(), font, c.secondary);
    }
}

void ApplicationDelegate::paintName(QPainter& painter, QRect rect, const QModelIndex& index,
                                    const Colours& c) const
{
    if (m_indented)
        rect.setLeft(paintGuides(painter, rect, index, c));
    if (m_compact) {
        const StatusLook health = lookOf(healthOf(index), c);
        paintGlyph(painter, rect, health.icon, health.colour);
        rect.setLeft(rect.left() + kGlyph + 8);
        const StatusLook sync = lookOf(syncOf(index), c);
        if (syncOf(index) != core::SyncState::Synced) {
            paintGlyph(painter, QRect(rect.right() - kGlyph + 1, rect.top(), kGlyph, rect.height()),
                       sync.icon, sync.colour);
            rect.setRight(rect.right() - kGlyph - 6);
        }
    }
    const bool paused = index.data(Model::PausedRole).toBool();
    const bool held = !index.data(Model::HolderRole).toString().isEmpty();
    QRect label = rect.adjusted(0, 0, (paused ? -20 : 0) + (held ? -20 : 0), 0);
    int end = paintText(painter, label, index.data().toString(), textFont(kTextSize, QFont::Medium),
                        c.text);
    for (const auto& [shown, icon] : {std::pair(paused, "pause"), std::pair(held, "person")})
        if (shown) {
            paintGlyph(painter, QRect(end + 7, rect.top(), 12, rect.height()), QLatin1String(icon),
                       c.secondary, 12);
            end += 19;
        }
}

void ApplicationDelegate::paintRevision(QPainter& painter, const QRect& rect,
                                        const QModelIndex& index, const Colours& c) const
{
    const QString id = index.data().toString();
    if (id.isEmpty()) {
        paintText(painter, rect, tr("none yet"), textFont(), c.faint);
        return;
    }
    const int end = paintText(painter, rect, id, monoFont(), c.text);
    paintText(painter, QRect(QPoint(end + 10, rect.top()), rect.bottomRight()),
              index.data(Model::SubjectRole).toString(), textFont(), c.secondary);
}

void ApplicationDelegate::paintActivity(QPainter& painter, QRect rect, const QModelIndex& index,
                                        const Colours& c) const
{
    const QString words = index.data().toString();
    const bool waits = index.data(Model::WaitsRole).toInt() > 0;
    if (waits || index.data(Model::AttentionRole).toBool()) {
        if (words.isEmpty())
            return;
        paintGlyph(painter, rect, QStringLiteral("warning"), waits ? c.outOfSync : c.degraded);
        rect.setLeft(rect.left() + kGlyph + 7);
    }
    paintText(painter, rect, words, textFont(), waits ? c.text : c.secondary);
}

QSize ApplicationDelegate::sizeHint(const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), kRowHeight};
}

} // namespace widgets
