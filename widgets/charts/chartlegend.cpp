// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chartlegend.h"

#include "widgets/charts/chartstyle.h"
#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kRow = 20;
constexpr int kWidestName = 190;

/// As many parts of "least 2, most 9, mean 4" as there is room for: a figure is never cut.
QString wholeParts(const QString& note, int room, const QFontMetrics& metrics)
{
    QStringList parts = note.split(QStringLiteral(", "));
    while (!parts.isEmpty() && metrics.horizontalAdvance(parts.join(QStringLiteral(", "))) > room)
        parts.removeLast();
    return parts.join(QStringLiteral(", "));
}

} // namespace

ChartLegend::ChartLegend(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ChartLegend::setEntries(std::vector<Entry> entries)
{
    if (m_entries == entries)
        return;
    const bool isAsHigh = entries.size() == m_entries.size();
    m_entries = std::move(entries);
    setAccessibleName(spoken());
    setToolTip(m_entries.empty() ? QString() : spoken());
    if (!isAsHigh)
        updateGeometry();
    update();
}

QString ChartLegend::spoken() const
{
    QStringList lines;
    for (const Entry& entry : m_entries) {
        QString line = entry.name + QStringLiteral(": ") + entry.value;
        if (!entry.note.isEmpty())
            line += QStringLiteral(", ") + entry.note;
        if (entry.simulated)
            line += tr(", simulated");
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

QSize ChartLegend::sizeHint() const
{
    const int extra = int(m_entries.size()) > kMostRows ? 1 : 0;
    return {240, (std::min(int(m_entries.size()), kMostRows) + extra) * kRow};
}

QSize ChartLegend::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& c = coloursOf(palette());
    const QFont font = textFont(kSmallSize);
    const QFont strong = textFont(kSmallSize, QFont::Medium);
    int nameWidth = 40; // so that values stand below each other
    for (const Entry& entry : m_entries)
        nameWidth = std::max(nameWidth, QFontMetrics(font).horizontalAdvance(entry.name) + 2);
    nameWidth = std::min({nameWidth, kWidestName, width() / 3});
    for (int i = 0; i < int(m_entries.size()); ++i) {
        QRect row(0, i * kRow, width(), kRow);
        if (i == kMostRows) {
            paintText(painter, row.adjusted(30, 0, 0, 0),
                      tr("and %n more", nullptr, int(m_entries.size()) - kMostRows), font,
                      c.secondary);
            return;
        }
        const Entry& entry = m_entries[std::size_t(i)];
        painter.setPen(seriesPen(i, c));
        painter.drawLine(QPointF(2, row.center().y() + 0.5), QPointF(22, row.center().y() + 0.5));
        row.setLeft(30);
        paintText(painter, QRect(row.left(), row.top(), nameWidth, kRow), entry.name, font, c.text,
                  Qt::AlignLeft, Qt::ElideMiddle);
        row.setLeft(row.left() + nameWidth + 12);
        row.setLeft(paintText(painter, row, entry.value, strong, c.text) + 12);
        if (entry.simulated) {
            const QString word = tr("simulated");
            const int wide = QFontMetrics(textFont(kTinySize)).horizontalAdvance(word) + 14;
            if (row.width() > wide)
                paintPill(painter, QRect(row.left(), row.top() + 2, wide, kRow - 4), word,
                          textFont(kTinySize), c.practice, c.onPractice);
            row.setLeft(row.left() + wide + 10);
        }
        paintText(painter, row, wholeParts(entry.note, row.width(), QFontMetrics(font)), font,
                  c.secondary);
    }
}

} // namespace widgets
