// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/lineagedetail.h"

#include "widgets/controls/factcard.h"
#include "widgets/graph/graphlook.h"
#include "widgets/models/cell.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr std::size_t kMostEdges = 60; // of one side; the list has them all

bool isTopic(const core::LineageNode& node)
{
    return node.type == core::LineageNodeType::Dataset
        && (node.system == "kafka" || node.system == "rabbitmq");
}

QString nameOfNode(const core::LineageNode& node)
{
    return text(node.label.empty() ? node.name : node.label);
}

} // namespace

LineageDetail::LineageDetail(QWidget* parent)
    : QScrollArea(parent)
    , m_kind(new QLabel(this))
    , m_title(new QLabel(this))
    , m_facts(new FactCard(tr("Facts"), this))
    , m_actions(new QWidget(this))
    , m_manifest(new QPushButton(tr("Manifest"), m_actions))
    , m_application(new QPushButton(tr("Application"), m_actions))
    , m_topic(new QPushButton(tr("Topic"), m_actions))
    , m_open(new QPushButton(tr("Open the group"), m_actions))
    , m_edges(new QWidget(this))
    , m_edgeLayout(new QVBoxLayout(m_edges))
{
    auto* inner = new QWidget(this);
    inner->setProperty("surface", true);
    inner->setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(inner);
    layout->setContentsMargins(14, 10, 14, 14);
    layout->setSpacing(8);
    auto* close = new QToolButton(inner);
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close the details"));
    connect(close, &QToolButton::clicked, this, &LineageDetail::closed);
    auto* head = new QHBoxLayout;
    m_kind->setProperty("role", QStringLiteral("section"));
    head->addWidget(m_kind, 1);
    head->addWidget(close);
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setFont(textFont(15, QFont::DemiBold));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addLayout(head);
    layout->addWidget(m_title);
    setupActions(layout);
    layout->addWidget(m_facts);
    m_edgeLayout->setContentsMargins(0, 0, 0, 0);
    m_edgeLayout->setSpacing(3);
    layout->addWidget(m_edges);
    layout->addStretch(1);
    setWidget(inner);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Details of the chosen node"));
    setMinimumWidth(250);
}

void LineageDetail::setupActions(QVBoxLayout* layout)
{
    auto* grid = new QGridLayout(m_actions);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    using enum core::LineageScope;
    const std::pair<core::LineageScope, QString> scopes[] = {
        {Near, tr("Around it")},
        {Upstream, tr("All before")},
        {Downstream, tr("All after")},
        {Impact, tr("Impact")},
    };
    int at = 0;
    const auto place = [&](QPushButton* button) {
        grid->addWidget(button, at / 2, at % 2);
        ++at;
    };
    for (const auto& [scope, words] : scopes) {
        auto* button = new QPushButton(words, m_actions);
        connect(button, &QPushButton::clicked, this,
                [this, wanted = scope] { Q_EMIT scopeRequested(wanted); });
        place(button);
    }
    auto* path = new QPushButton(tr("Path to …"), m_actions);
    path->setToolTip(tr("Then choose the node at the other end."));
    connect(path, &QPushButton::clicked, this, &LineageDetail::pathRequested);
    place(path);
    for (QPushButton* button : {m_manifest, m_application, m_topic, m_open})
        place(button);
    connect(m_manifest, &QPushButton::clicked, this, [this] {
        const core::LineageNode& node = m_graph->node(m_nodes.front());
        Q_EMIT manifestRequested(text(node.application), *node.object);
    });
    connect(m_application, &QPushButton::clicked, this, [this] {
        Q_EMIT applicationRequested(text(m_graph->node(m_nodes.front()).application));
    });
    connect(m_topic, &QPushButton::clicked, this,
            [this] { Q_EMIT topicRequested(text(m_graph->node(m_nodes.front()).id())); });
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT groupOpened(m_id); });
    layout->addWidget(m_actions);
}

void LineageDetail::clearEdges()
{
    while (QLayoutItem* item = m_edgeLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void LineageDetail::addHeading(const QString& words)
{
    auto* label = new QLabel(words, m_edges);
    label->setProperty("role", QStringLiteral("heading"));
    label->setContentsMargins(0, 8, 0, 2);
    m_edgeLayout->addWidget(label);
}

void LineageDetail::addLink(const QString& words, const QString& icon, const std::string& node)
{
    auto* button = new QToolButton(m_edges);
    button->setText(words);
    button->setToolTip(text(node));
    button->setIcon(themedIcon(icon));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    button->setFont(textFont(kTextSize, QFont::Medium));
    connect(button, &QToolButton::clicked, this, [this, node] { Q_EMIT nodeRequested(node); });
    m_edgeLayout->addWidget(button);
}

void LineageDetail::addText(const QString& words, bool mono)
{
    if (words.isEmpty())
        return;
    auto* label = new QLabel(words, m_edges);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("role", QStringLiteral("small"));
    label->setContentsMargins(24, 0, 0, 2);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (mono) {
        label->setFont(monoFont(kTinySize));
        // Paths may be broken at their separators.
        QString breakable = words;
        label->setText(breakable.replace(QLatin1Char('/'), QStringLiteral("/\u200b")));
        label->setAccessibleName(words);
    }
    m_edgeLayout->addWidget(label);
}

void LineageDetail::fillFacts(const core::LineageNode& node, const core::LineageBox& box)
{
    const auto yes = [](bool holds, const QString& words) { return holds ? words : QString(); };
    QStringList known;
    known << yes(node.declared, tr("declared in Git")) << yes(node.existing, tr("in the cluster"));
    known.removeAll(QString());
    std::vector<std::pair<QString, QString>> facts {
        {tr("Health"),
         box.health ? text(core::toString(*box.health))
                 + (box.healthMessage.empty() ? QString()
                                              : QStringLiteral(": ") + text(box.healthMessage))
                    : QString()},
        {tr("Layer"), text(node.layer)},
        {tr("Application"), text(node.application)},
        {tr("Wave"), node.application.empty() ? QString() : QString::number(node.wave)},
        {tr("Known"), known.join(QStringLiteral(", "))},
        {tr("Note"), text(node.note)},
        {tr("Name"), text(node.id())},
        {tr("Place"), placeText(node.place)},
    };
    for (const auto& [key, value] : node.attributes)
        facts.emplace_back(text(key), text(value));
    m_facts->setFacts(facts);
}

void LineageDetail::fillGroup(const core::LineageGraph& graph, const core::LineageBox& box)
{
    m_facts->setFacts({{tr("Holds"), text(box.detail)},
                       {tr("Health"), box.health ? text(core::toString(*box.health)) : QString()}});
    addHeading(tr("In this group"));
    for (std::size_t i = 0; i < box.nodes.size() && i < kMostEdges; ++i) {
        const core::LineageNode& node = graph.node(box.nodes[i]);
        addLink(nameOfNode(node), iconOf(node.type, node.system, node.name), node.id());
    }
}

void LineageDetail::fillEdges(const core::LineageGraph& graph, core::LineageGraph::Index node)
{
    const auto side = [&](const QString& heading,
                          std::span<const core::LineageGraph::Index> edges) {
        if (edges.empty())
            return;
        addHeading(heading.arg(edges.size()));
        for (std::size_t i = 0; i < edges.size() && i < kMostEdges; ++i) {
            const core::LineageEdge& edge = graph.edges()[edges[i]];
            const auto other = edge.from == node ? edge.to : edge.from;
            const core::LineageNode& at = graph.node(other);
            addLink(nameOfNode(at), iconOf(at.type, at.system, at.name), at.id());
            QString what = text(core::toString(edge.relation));
            if (edge.bothWays)
                what += tr(", direction not told");
            addText(what + QStringLiteral(" · ") + evidenceText(edge.strongest())
                    + (at.note.empty() ? QString() : QStringLiteral(" · ") + text(at.note)));
            for (const core::LineageProof& proof : edge.proofs) {
                addText(text(proof.detail));
                addText(placeText(proof.place), true);
            }
        }
        if (edges.size() > kMostEdges)
            addText(tr("and %n more in the list", nullptr, int(edges.size() - kMostEdges)));
    };
    side(tr("Comes from (%1)"), graph.incoming(node));
    side(tr("Goes to (%1)"), graph.outgoing(node));
    const auto held = graph.contents(node);
    if (held.empty())
        return;
    addHeading(tr("Holds (%1)").arg(held.size()));
    for (std::size_t i = 0; i < held.size() && i < kMostEdges; ++i) {
        const core::LineageNode& at = graph.node(held[i]);
        addLink(nameOfNode(at), iconOf(at.type, at.system, at.name), at.id());
    }
}

void LineageDetail::setBox(const core::LineageGraphPtr& graph, const core::LineageBox& box)
{
    // Rebuilt only when it says something else, so that a refresh does not scroll it away.
    const bool isSame = m_graph == graph && m_id == box.id;
    m_graph = graph;
    m_id = box.id;
    m_nodes = box.nodes;
    const core::LineageNode& node = graph->node(box.nodes.front());
    m_kind->setText(box.isGroup ? tr("group") : text(core::kindWord(*graph, box.nodes.front())));
    m_title->setText(text(box.title));
    m_manifest->setVisible(!box.isGroup && node.object.has_value() && !node.application.empty());
    m_application->setVisible(!box.isGroup && !node.application.empty());
    m_topic->setVisible(!box.isGroup && isTopic(node));
    m_open->setVisible(box.isGroup);
    for (int i = 0; i < 5; ++i)
        m_actions->layout()->itemAt(i)->widget()->setVisible(!box.isGroup);
    if (!box.isGroup)
        fillFacts(node, box);
    if (isSame)
        return;
    clearEdges();
    if (box.isGroup)
        fillGroup(*graph, box);
    else
        fillEdges(*graph, box.nodes.front());
    ensureVisible(0, 0);
}

QString LineageDetail::spoken() const
{
    QStringList out {m_kind->text(), m_title->text()};
    for (const QWidget* each : m_edges->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
        if (const auto* label = qobject_cast<const QLabel*>(each))
            out << (label->accessibleName().isEmpty() ? label->text() : label->accessibleName());
        else if (const auto* button = qobject_cast<const QToolButton*>(each))
            out << button->text();
    }
    return out.join(QLatin1Char('\n'));
}

} // namespace widgets
