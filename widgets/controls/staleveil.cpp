// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/staleveil.h"

#include "widgets/theme/colours.h"

#include <QEvent>
#include <QPainter>

namespace widgets {

StaleVeil::StaleVeil(QWidget* covered)
    : QWidget(covered->parentWidget())
    , m_covered(covered)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    covered->installEventFilter(this);
    setGeometry(covered->geometry());
    hide();
}

bool StaleVeil::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
        setGeometry(m_covered->geometry());
    return QWidget::eventFilter(watched, event);
}

void StaleVeil::paintEvent(QPaintEvent*)
{
    QColor colour = coloursOf(palette()).window;
    colour.setAlphaF(0.42F);
    QPainter(this).fillRect(rect(), colour);
}

} // namespace widgets
