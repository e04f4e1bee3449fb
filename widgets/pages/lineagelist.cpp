// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/lineagelist.h"

#include "widgets/controls/viewtable.h"
#include "widgets/graph/graphlook.h"
#include "widgets/text/texts.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace widgets {

namespace {

enum NodeColumn
{
    NameColumn,
    TypeColumn,
    DetailColumn,
    LayerColumn,
    HealthColumn,
    ApplicationColumn,
    InColumn,
    OutColumn,
    PlaceColumn,
};

enum EdgeColumn
{
    FromColumn,
    RelationColumn,
    ToColumn,
    EvidenceColumn,
    RateColumn,
    ProofColumn,
    WhereColumn,
};

/// What the readers of both lists hold.
struct Shown
{
    core::LineageGraphPtr graph;
    core::LineageView view;
    std::vector<int> in;
    std::vector<int> out;
};

Cell nodeCell(const Shown& shown, int row, int column)
{
    const core::LineageBox& box = shown.view.boxes[std::size_t(row)];
    const core::LineageNode& node = shown.graph->node(box.nodes.front());
    switch (column) {
    case NameColumn:
        return {.text = text(box.title),
                .icon = iconOf(box),
                .tone = Cell::Tone::Secondary,
                .tip = text(box.id)};
    case TypeColumn:
        return {.text = box.isGroup ? LineageList::tr("group") : typeText(box.type),
                .tone = Cell::Tone::Secondary};
    case DetailColumn:
        return {.text = text(box.detail), .tone = Cell::Tone::Secondary, .tip = text(box.detail)};
    case LayerColumn:
        return {.text = text(box.layer)};
    case HealthColumn:
        return healthCell(box.health, text(box.healthMessage));
    case ApplicationColumn:
        return {.text = box.isGroup ? QString() : text(node.application)};
    case InColumn:
        return countCell(shown.in[std::size_t(row)]);
    case OutColumn:
        return countCell(shown.out[std::size_t(row)]);
    default:
        return box.isGroup ? Cell {} : placeCell(node.place);
    }
}

Cell edgeCell(const Shown& shown, int row, int column)
{
    const core::LineageArrow& arrow = shown.view.arrows[std::size_t(row)];
    const core::LineageEdge& edge = shown.graph->edges()[arrow.edges.front()];
    const core::LineageProof& proof = edge.proofs.front();
    const core::LineageBox& from = shown.view.boxes[arrow.from];
    const core::LineageBox& to = shown.view.boxes[arrow.to];
    switch (column) {
    case FromColumn:
        return {.text = text(from.title),
                .icon = iconOf(from),
                .tone = Cell::Tone::Secondary,
                .tip = text(from.id)};
    case RelationColumn: {
        const QString words = arrow.edges.size() > 1
            ? LineageList::tr("%n edges", nullptr, int(arrow.edges.size()))
            : text(core::toString(edge.relation));
        return {.text = words, .tip = text(core::describe(*shown.graph, edge))};
    }
    case ToColumn:
        return {.text = text(to.title),
                .icon = iconOf(to),
                .tone = Cell::Tone::Secondary,
                .tip = text(to.id)};
    case EvidenceColumn:
        return {.text = evidenceText(arrow.evidence), .order = int(arrow.evidence)};
    case RateColumn:
        if (!arrow.rate)
            return countCell(0);
        return {.text = rateText(arrow), .order = *arrow.rate};
    case ProofColumn:
        return {
            .text = text(proof.detail), .tone = Cell::Tone::Secondary, .tip = text(proof.detail)};
    default:
        return placeCell(proof.place);
    }
}

} // namespace

LineageList::LineageList(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
    , m_nodes(new ViewTable({{tr("Node"), 220},
                             {tr("Type"), 90},
                             {tr("What it is"), 190},
                             {tr("Layer"), 92},
                             {tr("Health"), 116},
                             {tr("Application"), 120},
                             {tr("In"), 50, true},
                             {tr("Out"), 50, true},
                             {tr("Declared in"), 220}},
                            tr("Nodes of the lineage"), m_stack))
    , m_edges(new ViewTable({{tr("From"), 190},
                             {tr("Relation"), 84},
                             {tr("To"), 190},
                             {tr("Evidence"), 84},
                             {tr("Rate"), 260, true},
                             {tr("Read from"), 220},
                             {tr("Place"), 220}},
                            tr("Edges of the lineage"), m_stack))
{
    m_tabs->addTab(tr("Nodes"));
    m_tabs->addTab(tr("Edges"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Which list"));
    m_stack->addWidget(m_nodes);
    m_stack->addWidget(m_edges);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 2, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    const auto boxOf = [this](int row, bool edge) {
        return edge ? m_view.boxes[m_view.arrows[std::size_t(row)].from].id
                    : m_view.boxes[std::size_t(row)].id;
    };
    for (ViewTable* table : {m_nodes, m_edges}) {
        const bool edge = table == m_edges;
        connect(table, &ViewTable::browsed, this,
                [this, boxOf, edge](int row) { Q_EMIT choiceChanged(boxOf(row, edge)); });
        connect(table, &ViewTable::chosen, this,
                [this, boxOf, edge](int row) { Q_EMIT opened(boxOf(row, edge)); });
    }
}

ViewTable* LineageList::current() const
{
    return m_tabs->currentIndex() == 0 ? m_nodes : m_edges;
}

void LineageList::setLineage(const core::LineageGraphPtr& graph, const core::LineageView& view,
                             const ObjectLabelsPtr& labels)
{
    m_view = view;
    auto shown = std::make_shared<Shown>();
    *shown = {graph, view, std::vector<int>(view.boxes.size()),
              std::vector<int>(view.boxes.size())};
    for (const core::LineageArrow& arrow : view.arrows) {
        ++shown->out[arrow.from];
        ++shown->in[arrow.to];
    }
    m_nodes->setFields(
        {lineageFilterKeys(),
         [shown](int row, const QString& key) {
             return lineageField(*shown->graph, shown->view.boxes[std::size_t(row)], key);
         },
         [shown, labels](int row) {
             return lineageLabels(*shown->graph, shown->view.boxes[std::size_t(row)], *labels);
         }});
    m_edges->setFields(
        {{}, {}, [shown, labels](int row) { // of both ends
             const auto& arrow = shown->view.arrows[std::size_t(row)];
             auto out = lineageLabels(*shown->graph, shown->view.boxes[arrow.from], *labels);
             const auto to = lineageLabels(*shown->graph, shown->view.boxes[arrow.to], *labels);
             out.insert(out.end(), to.begin(), to.end());
             return out;
         }});
    m_nodes->setRows(
        int(view.boxes.size()),
        [shown](int row, int column) { return nodeCell(*shown, row, column); },
        [this](int row) { return text(m_view.boxes[std::size_t(row)].id); });
    m_edges->setRows(
        int(view.arrows.size()),
        [shown](int row, int column) { return edgeCell(*shown, row, column); },
        [this](int row) {
            const core::LineageArrow& arrow = m_view.arrows[std::size_t(row)];
            return text(m_view.boxes[arrow.from].id) + QLatin1Char('\n')
                + text(m_view.boxes[arrow.to].id);
        });
    m_tabs->setTabText(0, tr("Nodes %1").arg(view.boxes.size()));
    m_tabs->setTabText(1, tr("Edges %1").arg(view.arrows.size()));
}

void LineageList::setWords(const QString& words)
{
    m_nodes->setWords(words);
    m_edges->setWords(words);
}

void LineageList::choose(const std::string& box)
{
    m_nodes->select(text(box));
}

void LineageList::focusRows()
{
    current()->focusRows();
}

int LineageList::shownCount() const
{
    return current()->shownCount();
}

int LineageList::allCount() const
{
    return current()->allCount();
}

void LineageList::showEdges(bool edges)
{
    m_tabs->setCurrentIndex(edges ? 1 : 0);
}

} // namespace widgets
