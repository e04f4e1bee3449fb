// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/badge.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>

namespace widgets {

namespace {

QFont badgeFont()
{
    QFont font = textFont(kTinySize, QFont::Bold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
    return font;
}

} // namespace

Badge::Badge(Tone tone, const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_text(text)
{
    setAccessibleName(text);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Badge::sizeHint() const
{
    return {QFontMetrics(badgeFont()).horizontalAdvance(m_text) + 20, 20};
}

void Badge::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    const bool practice = m_tone == Tone::Practice;
    QPainter painter(this);
    paintPill(painter, rect(), m_text, badgeFont(), practice ? c.practice : c.danger,
              practice ? c.onPractice : c.onDanger);
}

} // namespace widgets
