// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/statuschip.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>

namespace widgets {

StatusChip::StatusChip(Look look, bool filters, QWidget* parent)
    : QAbstractButton(parent)
    , m_look(std::move(look))
{
    setCheckable(filters);
    setFocusPolicy(filters ? Qt::StrongFocus : Qt::NoFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    describe();
}

void StatusChip::setLook(Look look)
{
    m_look = std::move(look);
    describe();
    updateGeometry();
    update();
}

void StatusChip::setCount(int count)
{
    if (m_count == count)
        return;
    m_count = count;
    describe();
    updateGeometry();
    update();
}

void StatusChip::describe()
{
    const QString word = m_look(lightColours()).word;
    setText(word);
    const QString name = m_count < 0 ? word : QStringLiteral("%1 %2").arg(word).arg(m_count);
    setAccessibleName(isCheckable() ? tr("Show only: %1").arg(name) : name);
}

QSize StatusChip::sizeHint() const
{
    int width = kGlyph + 7 + QFontMetrics(textFont()).horizontalAdvance(text());
    if (m_count >= 0)
        width += 7
            + QFontMetrics(textFont(kTextSize, QFont::DemiBold))
                  .horizontalAdvance(QString::number(m_count));
    width += 3; // advances are fractions, rounded down
    return isCheckable() ? QSize(width + 20, 26) : QSize(width, 22);
}

void StatusChip::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    const StatusLook look = m_look(c);
    QPainter painter(this);
    QRect inner = rect();
    if (isCheckable()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(hasFocus() || isChecked() ? c.accent : c.border);
        painter.setBrush(isChecked() ? c.selection : underMouse() ? c.hover : c.surface);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12.5, 12.5);
        inner.adjust(10, 0, -10, 0);
    }
    const bool faint = isCheckable() && m_count == 0;
    paintGlyph(painter, inner, look.icon, faint ? c.faint : look.colour);
    inner.setLeft(inner.left() + kGlyph + 7);
    const int end = paintText(painter, inner, look.word, textFont(), faint ? c.faint : c.text);
    if (m_count >= 0)
        paintText(painter, QRect(end + 7, inner.top(), width(), inner.height()),
                  QString::number(m_count), textFont(kTextSize, QFont::DemiBold),
                  faint ? c.faint : c.text);
}

void StatusChip::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void StatusChip::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace widgets
