// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chartstyle.h"

#include "widgets/theme/colours.h"

namespace widgets {

QPen seriesPen(int number, const Colours& colours)
{
    static constexpr QRgb kLight[] = {0xff0072b2, 0xffb8520a, 0xff00795a,
                                      0xffa8447c, 0xff2b82b8, 0xff6b5b00};
    static constexpr QRgb kDark[] = {0xff56b4e9, 0xffe69f00, 0xff35c79b,
                                     0xffe08fbd, 0xff8fb8ff, 0xffe9dc55};
    static const QVector<qreal> kDashes[] = {{}, {6, 3}, {2, 2}, {8, 3, 2, 3}, {4, 2}, {1, 2}};
    const int at = number % kSeriesPens;
    QPen pen(QColor::fromRgb(colours.dark ? kDark[at] : kLight[at]), 1.6);
    if (!kDashes[at].isEmpty())
        pen.setDashPattern(kDashes[at]);
    pen.setCapStyle(Qt::FlatCap);
    return pen;
}

} // namespace widgets
