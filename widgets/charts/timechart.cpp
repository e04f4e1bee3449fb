// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/timechart.h"

#include "core/platform/serieschart.h"
#include "widgets/charts/chartlegend.h"
#include "widgets/charts/sharedtimerange.h"
#include "widgets/charts/timeplot.h"
#include "widgets/text/texts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

TimeChart::TimeChart(const QString& title, core::Measure measure, SharedTimeRange& range,
                     QWidget* parent)
    : QWidget(parent)
    , m_measure(measure)
    , m_range(range)
    , m_titleText(title)
    , m_title(new QLabel(title, this))
    , m_unit(new QLabel(text(core::unitOf(measure)), this))
    , m_plot(new TimePlot(measure, range, this))
    , m_legend(new ChartLegend(this))
{
    setFocusPolicy(Qt::StrongFocus);
    m_title->setProperty("role", QStringLiteral("heading"));
    m_unit->setProperty("role", QStringLiteral("small"));
    m_title->setTextFormat(Qt::PlainText);
    m_unit->setTextFormat(Qt::PlainText);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_unit);
    head->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_legend);
    connect(&range, &SharedTimeRange::rangeChanged, this, [this] { m_range.schedule(this); });
    connect(&range, &SharedTimeRange::cursorChanged, this, [this] {
        if (!isVisible())
            return;
        describe();
        m_plot->drawCursor();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    });
    connect(&range, &SharedTimeRange::redraw, this, [this](QWidget* chart) {
        if (chart == this)
            refresh();
    });
    describe();
}

TimeChart::~TimeChart() = default;

void TimeChart::setLines(std::vector<Line> lines, const QString& reason)
{
    m_lines = std::move(lines);
    m_reason = reason;
    m_plot->setLines(m_lines);
    describe();
    m_range.schedule(this);
}

void TimeChart::setMarkers(std::vector<ChartMarker> markers)
{
    m_plot->setMarkers(markers);
    m_range.schedule(this);
}

void TimeChart::refresh()
{
    describe();
    m_plot->draw();
}

void TimeChart::describe()
{
    std::vector<ChartLegend::Entry> entries;
    bool any = false;
    for (const Line& line : m_lines) {
        const auto all = core::statisticsOf(line.series, m_range.from(), m_range.to());
        const auto with = [this](double value) {
            return QString::fromStdString(core::withUnit(value, m_measure));
        };
        const auto bare = [](double value) {
            return QString::fromStdString(core::shortNumber(value));
        };
        ChartLegend::Entry entry {.name = line.name, .simulated = line.series.simulated};
        any = any || all.count > 0;
        if (all.count == 0) {
            entry.value = tr("no sample in this span");
        } else if (m_range.cursor()) {
            const auto at = core::valueAt(line.series, *m_range.cursor(), m_range.span());
            entry.value = at ? with(*at) : tr("nothing known");
            entry.note = tr("at %1").arg(clockTime(*m_range.cursor(), *m_range.cursor()));
        } else {
            entry.value = with(all.last);
            entry.note = tr("least %1, most %2, mean %3")
                             .arg(bare(all.least), bare(all.most), bare(all.mean));
        }
        entries.push_back(std::move(entry));
    }
    m_legend->setEntries(std::move(entries));
    m_plot->setMessage(any ? QString() : m_reason.isEmpty() ? tr("No samples yet") : m_reason);
    setAccessibleName(m_titleText);
    setAccessibleDescription(spoken());
}

QString TimeChart::spoken() const
{
    if (m_lines.empty())
        return m_titleText + QStringLiteral(": ")
            + (m_reason.isEmpty() ? tr("No samples yet") : m_reason);
    return m_titleText + QLatin1Char('\n') + m_legend->spoken();
}

void TimeChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_range.schedule(this);
}

void TimeChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && isVisible())
        refresh();
    QWidget::changeEvent(event);
}

void TimeChart::keyPressEvent(QKeyEvent* event)
{
    const core::WallTime middle = m_range.from() + m_range.span() / 2;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_range.zoom(0.7, middle);
        return;
    case Qt::Key_Minus:
        m_range.zoom(1 / 0.7, middle);
        return;
    case Qt::Key_0:
        m_range.reset();
        return;
    case Qt::Key_Left:
        m_range.move(-0.2);
        return;
    case Qt::Key_Right:
        m_range.move(0.2);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void TimeChart::focusInEvent(QFocusEvent* event)
{
    m_plot->setFocused(true);
    m_range.schedule(this);
    QWidget::focusInEvent(event);
}

void TimeChart::focusOutEvent(QFocusEvent* event)
{
    m_plot->setFocused(false);
    m_range.schedule(this);
    QWidget::focusOutEvent(event);
}

} // namespace widgets
