// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/timeplot.h"

#include "core/platform/serieschart.h"
#include "widgets/charts/chartstyle.h"
#include "widgets/charts/sharedtimerange.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace widgets {

namespace {

double secondsOf(core::WallTime at)
{
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

core::WallTime timeOf(double seconds)
{
    return core::WallTime(std::chrono::duration_cast<core::WallTime::duration>(
        std::chrono::duration<double>(seconds)));
}

/// Few steps, with three digits and k, M, G.
class ValueTicker : public QCPAxisTicker
{
public:
    ValueTicker() { setTickCount(4); }

protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        return QString::fromStdString(core::shortNumber(std::abs(tick) < 1e-12 ? 0 : tick));
    }
    int getSubTickCount(double) override { return 0; }
};

constexpr double kPlusRoom = 28; // "+2" and the padding of a marker's name

QColor seeThrough(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

} // namespace

TimePlot::TimePlot(core::Measure measure, SharedTimeRange& range, QWidget* parent)
    : QCustomPlot(parent)
    , m_measure(measure)
    , m_range(range)
    , m_text(new QCPItemText(this))
    , m_cursor(new QCPItemLine(this))
    , m_zoom(new QCPItemRect(this))
{
    setNoAntialiasingOnDrag(false);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    const QSharedPointer<QCPAxisTickerDateTime> times(new QCPAxisTickerDateTime);
    times->setTickCount(6);
    xAxis->setTicker(times);
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ValueTicker));
    xAxis->setSubTicks(false);
    axisRect()->setupFullAxesBox(false);
    xAxis2->setVisible(false);
    yAxis2->setVisible(false);
    axisRect()->setMinimumMargins(QMargins(8, 10, 12, 4));
    m_text->setPositionAlignment(Qt::AlignCenter);
    m_text->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_text->position->setCoords(0.5, 0.5);
    m_cursor->setVisible(false);
    for (QCPItemPosition* end : {m_cursor->start, m_cursor->end}) {
        end->setTypeX(QCPItemPosition::ptPlotCoords);
        end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    m_zoom->setVisible(false);
    for (QCPItemPosition* corner : {m_zoom->topLeft, m_zoom->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptAbsolute);
        corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    dress();
    scale();
}

QRectF TimePlot::plotRect() const
{
    return QRectF(axisRect()->rect());
}

core::WallTime TimePlot::timeAt(double x) const
{
    return timeOf(xAxis->pixelToCoord(std::clamp(x, plotRect().left(), plotRect().right())));
}

void TimePlot::setLines(const std::vector<TimeChart::Line>& lines)
{
    while (graphCount() > int(lines.size()))
        removeGraph(graphCount() - 1);
    m_simulated.clear();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (graphCount() <= int(i))
            addGraph();
        const core::ChartLine line = core::lineOf(lines[i].series);
        graph(int(i))->setData(QVector<double>(line.seconds.begin(), line.seconds.end()),
                               QVector<double>(line.values.begin(), line.values.end()), true);
        m_simulated.push_back(lines[i].series.simulated);
    }
}

void TimePlot::setMarkers(const std::vector<ChartMarker>& markers)
{
    m_markers = markers;
}

/// From zero for all that we measure: there is nothing below it.
void TimePlot::scale()
{
    xAxis->setRange(secondsOf(m_range.from()), secondsOf(m_range.to()));
    double most = 0;
    for (int i = 0; i < graphCount(); ++i) {
        bool found = false;
        const QCPRange values = graph(i)->getValueRange(found, QCP::sdBoth, xAxis->range());
        if (found)
            most = std::max(most, values.upper);
    }
    yAxis->setRange(0, most > 0 ? most * 1.15 : 1);
    const bool isShort = m_range.span() < std::chrono::minutes(10);
    const auto ticker = xAxis->ticker().dynamicCast<QCPAxisTickerDateTime>();
    ticker->setDateTimeFormat(isShort ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
    ticker->setTickCount(std::clamp(width() / 110, 2, 8));
}

void TimePlot::dress()
{
    const Colours& c = coloursOf(palette());
    setBackground(QBrush(c.surface));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setBasePen(QPen(c.strongBorder, 1));
        axis->setTickPen(QPen(c.strongBorder, 1));
        axis->setTickLabelColor(c.secondary);
        axis->setTickLabelFont(textFont(kTinySize));
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(3);
        axis->grid()->setPen(QPen(c.border, 1));
        axis->grid()->setZeroLinePen(QPen(c.border, 1));
        axis->grid()->setSubGridVisible(false);
    }
    xAxis->grid()->setVisible(false);
    yAxis->setBasePen(Qt::NoPen);
    yAxis->setTickPen(Qt::NoPen);
    for (int i = 0; i < graphCount(); ++i) {
        graph(i)->setPen(seriesPen(i, c));
        graph(i)->setBrush(graphCount() == 1 ? QBrush(seeThrough(seriesPen(i, c).color(), 26))
                                             : Qt::NoBrush);
    }
    m_text->setFont(textFont(kSmallSize));
    m_text->setColor(c.secondary);
    m_text->setText(m_message);
    m_text->setVisible(!m_message.isEmpty());
    m_cursor->setPen(QPen(c.secondary, 1));
    m_zoom->setPen(QPen(c.accent, 1));
    m_zoom->setBrush(seeThrough(c.accent, 32));
    axisRect()->setBackground(m_focused ? QBrush(mixed(c.accent, c.surface, 0.05))
                                        : QBrush(c.surface));
}

/// A dashed line for each sync; names where there is room between them. "simulated" stands above
/// each line that is.
void TimePlot::placeMarkers()
{
    for (QCPAbstractItem* mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    const Colours& c = coloursOf(palette());
    const QFont font = textFont(kTinySize);
    std::vector<QRectF> taken; // by lines of markers and their names
    for (const MarkerName& group : markerNames()) {
        for (const double at : group.at) {
            auto* line = new QCPItemLine(this);
            for (QCPItemPosition* end : {line->start, line->end}) {
                end->setTypeX(QCPItemPosition::ptPlotCoords);
                end->setTypeY(QCPItemPosition::ptAxisRectRatio);
            }
            line->start->setCoords(at, 0);
            line->end->setCoords(at, 1);
            line->setPen(QPen(mixed(c.accent, c.surface, 0.7), 1, Qt::DashLine));
            m_marks.push_back(line);
            taken.emplace_back(xAxis->coordToPixel(at) - 2, plotRect().top(), 4,
                               plotRect().height());
        }
        const double x = xAxis->coordToPixel(group.toLeft ? group.at.front() : group.at.back());
        const double wide = QFontMetricsF(font).horizontalAdvance(group.words) + 8;
        taken.emplace_back(group.toLeft ? x - wide : x, plotRect().top(), wide,
                           QFontMetricsF(font).height());
        auto* name = new QCPItemText(this);
        name->setFont(font);
        name->setColor(c.accent);
        name->setText(group.words);
        name->setPositionAlignment((group.toLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        name->setPadding(QMargins(4, 0, 4, 0));
        name->position->setTypeX(QCPItemPosition::ptPlotCoords);
        name->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        name->position->setCoords(group.toLeft ? group.at.front() : group.at.back(), 0);
        m_marks.push_back(name);
    }
    m_simulatedAt.clear();
    for (int i = 0; i < graphCount(); ++i)
        if (m_simulated[std::size_t(i)])
            placeSimulated(i, taken);
}

/// "kafka" for a marker, "kafka +2" for those that stand so close together that one name is all
/// there is room for: to the right of the last of them, or to the left of the first.
std::vector<TimePlot::MarkerName> TimePlot::markerNames() const
{
    const QFontMetricsF metrics(textFont(kTinySize));
    std::vector<MarkerName> out;
    const auto wordsOf = [](const MarkerName& group) {
        return group.at.size() > 1
            ? QStringLiteral("%1 +%2").arg(group.name).arg(group.at.size() - 1)
            : group.name;
    };
    for (const ChartMarker& marker : m_markers) {
        const double at = secondsOf(marker.at);
        if (!xAxis->range().contains(at))
            continue;
        const double room =
            out.empty() ? 0 : xAxis->coordToPixel(at) - xAxis->coordToPixel(out.back().at.back());
        if (!out.empty() && room < metrics.horizontalAdvance(out.back().name) + kPlusRoom)
            out.back().at.push_back(at);
        else
            out.push_back({marker.text, {at}, {}, false});
    }
    for (MarkerName& group : out) {
        group.words = wordsOf(group);
        group.toLeft =
            xAxis->coordToPixel(group.at.back()) + metrics.horizontalAdvance(group.words) + 8
            > plotRect().right();
    }
    // A name to the left of its markers must not meet the one to the right of those before.
    for (std::size_t i = out.size(); i-- > 1;) {
        const double end = xAxis->coordToPixel(out[i - 1].at.back())
            + metrics.horizontalAdvance(out[i - 1].words) + 8;
        const double begin =
            xAxis->coordToPixel(out[i].at.front()) - metrics.horizontalAdvance(out[i].words) - 8;
        out[i - 1].toLeft = out[i - 1].toLeft || (out[i].toLeft && end > begin);
    }
    return out;
}

/// "simulated" above a line, as near to its end as it covers nothing else.
void TimePlot::placeSimulated(int line, std::vector<QRectF>& taken)
{
    const QFont font = textFont(kTinySize);
    const QString words = QCoreApplication::translate("widgets::TimeChart", "simulated");
    const QSizeF size = QFontMetricsF(font).size(Qt::TextSingleLine, words) + QSizeF(4, 4);
    const auto highest = [this](int of, double from, double to) -> std::optional<double> {
        std::optional<double> out; // in pixels: the smallest
        const auto points = graph(of)->data();
        const auto end = points->findEnd(xAxis->pixelToCoord(to));
        for (auto at = points->findBegin(xAxis->pixelToCoord(from)); at != end; ++at) {
            if (std::isnan(at->value))
                return std::nullopt;
            const double y = yAxis->coordToPixel(at->value);
            out = std::min(out.value_or(y), y);
        }
        return out;
    };
    std::optional<QRectF> place;
    for (double right = plotRect().right(); right - size.width() > plotRect().left(); right -= 8) {
        const double left = right - size.width();
        const auto y = highest(line, left, right);
        if (!y)
            continue;
        const QRectF rect(QPointF(left, std::max(*y - size.height(), plotRect().top())), size);
        const bool isFirst = !place;
        if (isFirst)
            place = rect; // better there than nowhere
        const auto crosses = [&](int other) {
            const auto points = graph(other)->data();
            const auto end = points->findEnd(xAxis->pixelToCoord(right));
            return other != line
                && std::any_of(points->findBegin(xAxis->pixelToCoord(left)), end,
                               [&](const QCPGraphData& at) {
                                   const double there = yAxis->coordToPixel(at.value);
                                   return there > rect.top() - 2 && there < rect.bottom() + 2;
                               });
        };
        bool isFree = std::ranges::none_of(
            taken, [&](const QRectF& other) { return other.intersects(rect); });
        for (int other = 0; isFree && other < graphCount(); ++other)
            isFree = !crosses(other);
        if (isFree) {
            place = rect;
            break;
        }
    }
    // Two words in one place can be read by nobody; the legend says it of each line as well.
    if (!place || std::ranges::any_of(m_simulatedAt, [&](const QRectF& other) {
            return other.intersects(*place);
        }))
        return;
    taken.push_back(*place);
    m_simulatedAt.push_back(*place);
    auto* word = new QCPItemText(this);
    word->setFont(font);
    word->setColor(coloursOf(palette()).practice);
    word->setText(words);
    word->setBrush(seeThrough(coloursOf(palette()).surface, 200));
    word->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    word->setPadding(QMargins(2, 2, 2, 2));
    word->position->setType(QCPItemPosition::ptAbsolute);
    word->position->setCoords(place->topLeft());
    m_marks.push_back(word);
}

void TimePlot::draw()
{
    dress();
    scale();
    replot(QCustomPlot::rpImmediateRefresh); // places come out of it
    placeMarkers();
    drawCursor();
    replot(QCustomPlot::rpImmediateRefresh);
}

void TimePlot::drawCursor()
{
    const auto at = m_range.cursor();
    m_cursor->setVisible(at.has_value());
    if (at) {
        m_cursor->start->setCoords(secondsOf(*at), 0);
        m_cursor->end->setCoords(secondsOf(*at), 1);
    }
}

void TimePlot::setFocused(bool focused)
{
    m_focused = focused;
}

void TimePlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_pressed = int(event->position().x());
}

void TimePlot::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    m_range.setCursor(timeAt(x));
    if (!m_pressed)
        return;
    m_zoom->setVisible(std::abs(x - *m_pressed) > 4);
    m_zoom->topLeft->setCoords(*m_pressed, 0);
    m_zoom->bottomRight->setCoords(std::clamp(x, plotRect().left(), plotRect().right()), 1);
    replot(QCustomPlot::rpQueuedReplot);
}

void TimePlot::mouseReleaseEvent(QMouseEvent* event)
{
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    m_zoom->setVisible(false);
    const double x = event->position().x();
    if (pressed && std::abs(x - *pressed) > 4)
        m_range.setRange(timeAt(std::min<double>(x, *pressed)),
                         timeAt(std::max<double>(x, *pressed)));
    else
        replot(QCustomPlot::rpQueuedReplot);
}

void TimePlot::mouseDoubleClickEvent(QMouseEvent*)
{
    m_pressed.reset();
    m_range.reset();
}

void TimePlot::wheelEvent(QWheelEvent* event)
{
    const int turned = event->angleDelta().y();
    if (turned != 0 && event->modifiers() != Qt::ShiftModifier)
        m_range.zoom(turned > 0 ? 0.8 : 1.25, timeAt(event->position().x()));
    event->accept();
}

void TimePlot::leaveEvent(QEvent*)
{
    m_range.setCursor(std::nullopt);
}

} // namespace widgets
