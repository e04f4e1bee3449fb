// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/staleveil.h"

#include "widgets/theme/colours.h"

#include <QEvent>
#include <QPainter>

namespace widgets {

StaleVeil::StaleVeil(QWidget* covered)
    : QWidget(covered)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    covered->installEventFilter(this);
    setGeometry(covered->rect());
    hide();
}

bool StaleVeil::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    if (event->type() == QEvent::ChildAdded || event->type() == QEvent::LayoutRequest)
        raise();
    return QWidget::eventFilter(watched, event);
}

void StaleVeil::paintEvent(QPaintEvent*)
{
    QColor colour = coloursOf(palette()).window;
    colour.setAlphaF(0.55F);
    QPainter(this).fillRect(rect(), colour);
}

} // namespace widgets
