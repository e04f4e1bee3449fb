// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/lineagegraph.h"

#include "widgets/graph/boxitem.h"
#include "widgets/graph/graphlegend.h"
#include "widgets/graph/graphlook.h"
#include "widgets/graph/lineagescene.h"
#include "widgets/models/filterwords.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"

#include <QHelpEvent>
#include <QImage>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr double kLeast = 0.02;
constexpr double kMost = 2.5;
constexpr double kLegible = 0.44; // fitting does not go below it when nodes are few
constexpr std::size_t kFew = 120;
constexpr double kWorthFolding = 1.12; // so much larger the picture has to become by a fold
constexpr double kRunBack = 0.6; // links that run back are hard to follow: what they cost
// Bands are never equally wide, and may be less so where fewer links run back by that.
constexpr double kUneven[] = {1.12, 1.3};
constexpr int kLegendHeight = 26; // below the picture, so that it hides nothing

/// A box as filters see it.
class BoxRow : public FieldRow
{
public:
    BoxRow(const core::LineageBox& box, const core::LineageGraph* graph, const ObjectLabels* labels)
        : FieldRow(fieldsOf(box, graph))
    {
        if (graph && labels)
            m_labels = lineageLabels(*graph, box, *labels);
    }
    std::optional<LabelSets> labels() const override { return m_labels; }

private:
    static std::vector<std::pair<QString, QString>> fieldsOf(const core::LineageBox& box,
                                                             const core::LineageGraph* graph)
    {
        std::vector<std::pair<QString, QString>> fields {{QStringLiteral("id"), text(box.id)}};
        for (const QString& key : lineageFilterKeys())
            if (graph)
                fields.emplace_back(key, lineageField(*graph, box, key));
        if (!graph)
            fields.emplace_back(QStringLiteral("name"), text(box.title + ' ' + box.detail));
        return fields;
    }

    std::optional<LabelSets> m_labels;
};

} // namespace

LineageGraph::LineageGraph(QWidget* parent)
    : QGraphicsView(parent)
    , m_scene(new LineageScene(coloursOf(palette()), this))
    , m_legend(new GraphLegend(this))
{
    setScene(m_scene);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setTransformationAnchor(AnchorUnderMouse);
    setOptimizationFlag(DontAdjustForAntialiasing);
    setViewportUpdateMode(SmartViewportUpdate);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setAccessibleDescription(
        tr("Arrow keys go along the edges, Enter opens a node, T shows the same as a list."));
    setBackgroundBrush(coloursOf(palette()).surface);
    setViewportMargins(0, 0, 0, kLegendHeight);
    describe();
}

void LineageGraph::setLineage(core::LineageView view, core::LineageGraphPtr graph,
                              ObjectLabelsPtr labels)
{
    m_graph = std::move(graph);
    m_labels = std::move(labels);
    const bool isOther = m_scene->setView(std::move(view));
    m_legend->setView(m_scene->view());
    describe();
    if (!isOther)
        return;
    m_folds.clear();
    search(m_words);
    if (m_fitted)
        fit();
}

const core::LineageView& LineageGraph::shown() const
{
    return m_scene->view();
}

void LineageGraph::choose(const std::string& box)
{
    m_scene->choose(box);
    if (const auto chosen = m_scene->chosen())
        bringIntoView(*chosen);
    describe();
}

std::string LineageGraph::chosen() const
{
    const auto box = m_scene->chosen();
    return box ? m_scene->view().boxes[*box].id : std::string();
}

void LineageGraph::take(std::optional<std::uint32_t> box)
{
    const std::string before = chosen();
    choose(box ? m_scene->view().boxes[*box].id : std::string());
    if (chosen() != before)
        Q_EMIT choiceChanged(chosen());
}

void LineageGraph::bringIntoView(std::uint32_t box)
{
    const BoxItem* item = m_scene->item(box);
    const QRectF rect = item->sceneBoundingRect();
    const QRectF seen = mapToScene(viewport()->rect()).boundingRect();
    if (!seen.contains(rect))
        ensureVisible(rect, 60, 60);
}

void LineageGraph::search(const QString& words)
{
    m_words = words;
    m_found.clear();
    const FilterWords wanted(words);
    const auto& boxes = m_scene->view().boxes;
    const ObjectLabels* labels = wanted.asksForLabels() ? m_labels.get() : nullptr;
    for (std::uint32_t i = 0; !wanted.isEmpty() && i < boxes.size(); ++i)
        if (wanted.matches(BoxRow(boxes[i], m_graph.get(), labels)))
            m_found.push_back(i);
    m_matches = int(m_found.size());
    if (wanted.isEmpty())
        m_scene->setMatches(std::nullopt);
    else
        m_scene->setMatches(std::set<std::uint32_t>(m_found.begin(), m_found.end()));
}

void LineageGraph::nextMatch()
{
    if (m_found.empty())
        return;
    const auto chosen = m_scene->chosen();
    auto next = chosen ? std::ranges::upper_bound(m_found, *chosen) : m_found.begin();
    if (next == m_found.end())
        next = m_found.begin();
    take(*next);
}

/// Chains that are too long for the window go on below their beginning, where everything becomes
/// larger by that.
void LineageGraph::fold()
{
    const std::size_t count = m_scene->view().boxes.size();
    if (count == 0 || count > kFew) {
        m_scene->fold(0);
        return;
    }
    if (m_folds.empty()) {
        const LineageScene::Folded whole = m_scene->folded(0);
        m_folds.emplace_back(0, whole);
        for (int bands = 2; bands <= 5; ++bands)
            for (const double uneven : kUneven) {
                const double each = uneven * whole.size.width() / bands;
                m_folds.emplace_back(each, m_scene->folded(each));
            }
    }
    double best = 0;
    double width = 0;
    for (const auto& [each, folded] : m_folds) {
        const double scale = std::min({1.0, viewport()->width() / folded.size.width(),
                                       viewport()->height() / folded.size.height()});
        const double worth = scale * (1 - kRunBack * folded.runBack);
        if (worth > best * (best < kLegible * 1.2 ? 1.02 : kWorthFolding)) {
            best = worth;
            width = each;
        }
    }
    m_scene->fold(width);
}

/// The whole picture; a small one is not made smaller than can be read, a large one may be.
void LineageGraph::fit()
{
    m_fitted = true;
    if (m_scene->view().boxes.empty() || viewport()->width() < 40)
        return;
    fold();
    const QRectF all = sceneRect();
    const double both =
        std::min(viewport()->width() / all.width(), viewport()->height() / all.height());
    double scale = std::min(both, 1.0);
    if (m_scene->view().boxes.size() < kFew)
        scale = std::max(scale, kLegible);
    setTransform(QTransform::fromScale(scale, scale));
    m_scene->placeRates(scale);
    if (scale > both) // what does not fit begins at its upper left
        centerOn(all.left() + viewport()->width() / scale / 2,
                 all.height() * scale > viewport()->height()
                     ? all.top() + viewport()->height() / scale / 2
                     : all.center().y());
    else
        centerOn(all.center());
}

void LineageGraph::zoomBy(double factor)
{
    const double scale = std::clamp(transform().m11() * factor, kLeast, kMost);
    m_fitted = false;
    const double by = scale / transform().m11();
    QGraphicsView::scale(by, by);
    m_scene->placeRates(scale);
}

bool LineageGraph::exportPng(const QString& file)
{
    constexpr double kLargest = 12'000;
    const QRectF all = sceneRect();
    const double ratio = std::min(2.0, kLargest / std::max({all.width(), all.height(), 1.0}));
    QImage image((all.size() * ratio).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return false;
    image.fill(coloursOf(palette()).surface);
    QPainter painter(&image);
    m_scene->render(&painter, QRectF(QPointF(0, 0), QSizeF(image.size())), all);
    painter.end();
    return image.save(file, "PNG");
}

void LineageGraph::describe()
{
    const auto& boxes = m_scene->view().boxes;
    const auto degraded = std::ranges::count_if(
        boxes, [](const core::LineageBox& box) { return box.health == core::Health::Degraded; });
    QString name = tr("Lineage: %n nodes", nullptr, int(boxes.size()))
        + tr(", %n edges", nullptr, int(m_scene->view().arrows.size()));
    if (degraded > 0)
        name += tr(", %n degraded", nullptr, int(degraded));
    if (const auto chosen = m_scene->chosen())
        name += tr("; chosen: %1, %2").arg(text(boxes[*chosen].title), text(boxes[*chosen].detail));
    setAccessibleName(name);
}

void LineageGraph::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) {
        m_scene->setColours(coloursOf(palette()));
        setBackgroundBrush(coloursOf(palette()).surface);
    }
    QGraphicsView::changeEvent(event);
}

void LineageGraph::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted) {
        fit();
        if (const auto chosen = m_scene->chosen())
            bringIntoView(*chosen);
    }
    const QRect seen = viewport()->geometry();
    m_legend->setGeometry(seen.left(), seen.bottom() + 1, seen.width(), kLegendHeight);
}

void LineageGraph::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() & Qt::ShiftModifier) {
        QGraphicsView::wheelEvent(event);
        return;
    }
    zoomBy(std::pow(1.0015, event->angleDelta().y()));
    event->accept();
}

void LineageGraph::keyPressEvent(QKeyEvent* event)
{
    const auto chosen = m_scene->chosen();
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(1.25);
        return;
    case Qt::Key_Minus:
        zoomBy(0.8);
        return;
    case Qt::Key_0:
        fit();
        return;
    case Qt::Key_Home:
        take(m_scene->first());
        return;
    case Qt::Key_Escape:
        if (chosen) {
            take(std::nullopt);
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (chosen)
            Q_EMIT opened(this->chosen());
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!chosen)
            take(m_scene->first());
        else if (const auto next = m_scene->neighbour(*chosen, Qt::Key(event->key())))
            take(next);
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void LineageGraph::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    m_moved = false;
}

void LineageGraph::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton) {
        const QPoint way = event->pos() - m_pressed;
        if (!m_moved && way.manhattanLength() < 5)
            return;
        m_moved = true;
        m_fitted = false;
        viewport()->setCursor(Qt::ClosedHandCursor);
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - way.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() - way.y());
        m_pressed = event->pos();
        return;
    }
    const auto box = m_scene->boxAt(mapToScene(event->pos()));
    m_scene->setHovered(box);
    viewport()->setCursor(box ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void LineageGraph::mouseReleaseEvent(QMouseEvent* event)
{
    viewport()->setCursor(Qt::ArrowCursor);
    if (event->button() == Qt::LeftButton && !m_moved)
        take(m_scene->boxAt(mapToScene(event->pos())));
}

void LineageGraph::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const auto box = m_scene->boxAt(mapToScene(event->pos())))
        Q_EMIT opened(m_scene->view().boxes[*box].id);
}

void LineageGraph::leaveEvent(QEvent* event)
{
    m_scene->setHovered(std::nullopt);
    QGraphicsView::leaveEvent(event);
}

bool LineageGraph::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QGraphicsView::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto box = m_scene->boxAt(mapToScene(help->pos()));
    QString words;
    if (box) {
        const core::LineageBox& shown = m_scene->view().boxes[*box];
        words = text(shown.title) + QLatin1Char('\n') + text(shown.detail);
        if (shown.health)
            words += QLatin1Char('\n') + text(core::toString(*shown.health))
                + (shown.healthMessage.empty() ? QString()
                                               : QStringLiteral(": ") + text(shown.healthMessage));
        if (shown.undeclared)
            words += QLatin1Char('\n') + tr("It exists, and nobody declares it.");
    }
    QToolTip::showText(help->globalPos(), words.toHtmlEscaped(), viewport());
    return true;
}

/// The ring of the keyboard's focus round the picture.
void LineageGraph::drawForeground(QPainter* painter, const QRectF&)
{
    if (!hasFocus())
        return;
    painter->save();
    painter->resetTransform();
    painter->setRenderHint(QPainter::Antialiasing, false);
    QPen pen(coloursOf(palette()).accent, 1);
    painter->setPen(pen);
    painter->drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    painter->restore();
}

} // namespace widgets
