// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/paint.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"

#include <QFontMetrics>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionViewItem>
#include <QWidget>

namespace widgets {

void paintRowBackground(QPainter& painter, const QStyleOptionViewItem& option)
{
    const Colours& c = coloursOf(option.palette);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter.fillRect(option.rect, c.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter.fillRect(option.rect, c.hover);
    const QRect& r = option.rect;
    painter.fillRect(QRect(r.left(), r.bottom(), r.width(), 1),
                     mixed(c.border, selected ? c.selection : c.surface, 0.55));
    const bool first = option.viewItemPosition == QStyleOptionViewItem::Beginning
        || option.viewItemPosition == QStyleOptionViewItem::OnlyOne;
    if (selected && first && (option.state & QStyle::State_Active) && option.widget
        && option.widget->hasFocus())
        painter.fillRect(QRect(r.left(), r.top(), 3, r.height()), c.accent);
}

int paintText(QPainter& painter, const QRect& rect, const QString& text, const QFont& font,
              const QColor& colour, Qt::Alignment alignment, Qt::TextElideMode elide)
{
    if (rect.width() <= 0 || text.isEmpty())
        return rect.left();
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, elide, rect.width());
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(rect, int(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    return rect.left() + metrics.horizontalAdvance(shown);
}

void paintGlyph(QPainter& painter, const QRect& rect, const QString& icon, const QColor& colour,
                int size)
{
    const QRectF box(rect.left(), rect.top() + (rect.height() - size) / 2, size, size);
    paintIcon(painter, icon, box, colour);
}

int paintStatus(QPainter& painter, const QRect& rect, const StatusLook& look,
                const Colours& colours, const QFont& font)
{
    if (rect.width() < kGlyph)
        return rect.left();
    paintGlyph(painter, rect, look.icon, look.colour);
    return paintText(painter, rect.adjusted(kGlyph + 7, 0, 0, 0), look.word, font, colours.text);
}

void paintPill(QPainter& painter, const QRect& rect, const QString& text, const QFont& font,
               const QColor& back, const QColor& front)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(back);
    painter.drawRoundedRect(rect, rect.height() / 2.0, rect.height() / 2.0);
    painter.setFont(font);
    painter.setPen(front);
    painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter.restore();
}

QColor colourOf(YamlSpan::Type type, const Colours& c)
{
    switch (type) {
    case YamlSpan::Type::Key:
        return c.yamlKey;
    case YamlSpan::Type::String:
        return c.yamlString;
    case YamlSpan::Type::Number:
        return c.yamlNumber;
    case YamlSpan::Type::Comment:
    case YamlSpan::Type::Mark:
        break;
    }
    return c.secondary;
}

int paintYaml(QPainter& painter, const QRect& rect, const QString& line, const QFont& font,
              const Colours& c, bool faint)
{
    const QFontMetricsF metrics(font);
    const QString shown = QFontMetrics(font).elidedText(line, Qt::ElideMiddle, rect.width());
    painter.setFont(font);
    for (const YamlSpan& span : yamlSpans(shown)) {
        const qreal from = rect.left() + metrics.horizontalAdvance(shown.left(span.from));
        painter.setPen(faint ? c.faint : colourOf(span.type, c));
        painter.drawText(QRectF(from, rect.top(), rect.right() + 1 - from, rect.height()),
                         Qt::AlignVCenter | Qt::TextSingleLine, shown.mid(span.from, span.length));
    }
    return rect.left() + int(metrics.horizontalAdvance(shown));
}

} // namespace widgets
