// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/quotalegend.h"

#include "widgets/delegates/celldelegate.h"
#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QPainter>

namespace widgets {

namespace {

constexpr int kSample = 30;

struct Part
{
    QString word;
    QuotaBar bar;
};

std::vector<Part> parts()
{
    return {{QuotaLegend::tr("used now"), {0.7, 0, 0.7}},
            {QuotaLegend::tr("a sync adds"), {0.0, 0, 0.7}},
            {QuotaLegend::tr("Git asks for"), {std::nullopt, 0.6, 0}},
            {QuotaLegend::tr("beyond what is allowed"), {1.2, 0, 1.5}}};
}

} // namespace

QuotaLegend::QuotaLegend(QWidget* parent)
    : QWidget(parent)
{
    QStringList words;
    for (const Part& part : parts())
        words << part.word;
    setAccessibleName(tr("The parts of a bar: %1").arg(words.join(QStringLiteral(", "))));
}

QSize QuotaLegend::sizeHint() const
{
    int width = 0;
    for (const Part& part : parts())
        width += kSample + 7 + QFontMetrics(textFont(kSmallSize)).horizontalAdvance(part.word) + 22;
    return {width, 24};
}

void QuotaLegend::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    QPainter painter(this);
    int x = 0;
    for (const Part& part : parts()) {
        paintQuotaBar(painter, QRect(x, height() / 2 - 4, kSample, 8), part.bar, c);
        x = paintText(painter, QRect(x + kSample + 7, 0, width() - x - kSample - 7, height()),
                      part.word, textFont(kSmallSize), c.secondary)
            + 22;
    }
}

} // namespace widgets
