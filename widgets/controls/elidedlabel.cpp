// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/elidedlabel.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"

#include <QFontMetrics>
#include <QPainter>

namespace widgets {

ElidedLabel::ElidedLabel(Tone tone, QWidget* parent)
    : QWidget(parent)
    , m_tone(tone)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text)
{
    if (m_text == text)
        return;
    m_text = text;
    setToolTip(text);
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElidedLabel::setIcon(const QString& icon)
{
    m_icon = icon;
    updateGeometry();
}

QSize ElidedLabel::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_text) + 2 + (m_icon.isEmpty() ? 0 : kGlyph + 7),
            metrics.height() + 4};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 40), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    QPainter painter(this);
    QRect room = rect();
    if (!m_icon.isEmpty()) {
        paintGlyph(painter, room, m_icon, c.secondary, 13);
        room.setLeft(kGlyph + 7);
    }
    paintText(painter, room, m_text, font(), m_tone == Tone::Plain ? c.text : c.secondary,
              m_alignment);
}

} // namespace widgets
