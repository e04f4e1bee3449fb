// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topicdetail.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/charts/sharedtimerange.h"
#include "widgets/charts/timechart.h"
#include "widgets/controls/factcard.h"
#include "widgets/controls/viewtable.h"
#include "widgets/graph/graphlook.h"
#include "widgets/pages/topiccells.h"
#include "widgets/pages/topicsamples.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace widgets {

namespace {

constexpr int kMostRows = 8; // of a list within the details; it scrolls beyond

} // namespace

TopicDetail::TopicDetail(EngineBridge& bridge, const WallClock& clock, QWidget* parent)
    : QScrollArea(parent)
    , m_bridge(bridge)
    , m_clock(clock)
    , m_views(core::noViews())
    , m_range(new SharedTimeRange(this))
    , m_history(new TopicHistory(bridge, this))
    , m_timer(new QTimer(this))
{
    auto* inner = new QWidget(this);
    inner->setProperty("surface", true);
    inner->setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(inner);
    layout->setContentsMargins(16, 10, 16, 16);
    layout->setSpacing(10);
    setupHead(layout);
    m_rates = new TimeChart(tr("Records"), core::Measure::RecordsIn, *m_range, inner);
    m_lag = new TimeChart(tr("Lag"), core::Measure::Lag, *m_range, inner);
    m_age = new TimeChart(tr("Behind by"), core::Measure::LagSeconds, *m_range, inner);
    for (TimeChart* chart : {m_rates, m_lag, m_age}) {
        chart->setMinimumHeight(190);
        layout->addWidget(chart);
    }
    setupLists(layout);
    layout->addStretch(1);
    setWidget(inner);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Details of the topic"));
    setMinimumWidth(300);
    m_range->setNow(m_clock.now());
    m_timer->setInterval(5000);
    connect(m_timer, &QTimer::timeout, this, &TopicDetail::askHistory);
    connect(m_history, &TopicHistory::changed, this, &TopicDetail::fillCharts);
    connect(m_range, &SharedTimeRange::rangeChanged, this, [this] {
        if (!m_range->isFollowing())
            askHistory();
    });
}

void TopicDetail::setupHead(QVBoxLayout* layout)
{
    m_kind = new QLabel(this);
    m_kind->setProperty("role", QStringLiteral("section"));
    m_title = new QLabel(this);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setFont(textFont(17, QFont::DemiBold));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the details"));
    close->setToolTip(tr("Close (Esc)"));
    connect(close, &QToolButton::clicked, this, &TopicDetail::closed);
    auto* head = new QHBoxLayout;
    head->addWidget(m_kind, 1);
    head->addWidget(close);
    auto* lineage = new QPushButton(tr("Lineage"), this);
    m_manifest = new QPushButton(tr("Manifest"), this);
    m_application = new QPushButton(tr("Application"), this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    for (QPushButton* button : {lineage, m_manifest, m_application})
        buttons->addWidget(button);
    buttons->addStretch(1);
    m_facts = new FactCard(tr("Facts"), this);
    layout->addLayout(head);
    layout->addWidget(m_title);
    layout->addLayout(buttons);
    layout->addWidget(m_facts);
    connect(lineage, &QPushButton::clicked, this,
            [this] { Q_EMIT lineageRequested(text(m_row.topic.id)); });
    connect(m_application, &QPushButton::clicked, this,
            [this] { Q_EMIT applicationRequested(text(m_row.topic.application)); });
    connect(m_manifest, &QPushButton::clicked, this, [this] {
        const auto node = m_views->lineage->find(m_row.topic.id);
        if (node && m_views->lineage->node(*node).object)
            Q_EMIT manifestRequested(text(m_row.topic.application),
                                     *m_views->lineage->node(*node).object);
    });
}

void TopicDetail::setupLists(QVBoxLayout* layout)
{
    const auto heading = [this, layout](const QString& words) {
        auto* label = new QLabel(words, this);
        label->setProperty("role", QStringLiteral("heading"));
        layout->addWidget(label);
        return label;
    };
    const auto table = [this, layout](std::vector<ViewTableModel::Column> columns,
                                      const QString& name) {
        auto* out = new ViewTable(std::move(columns), name, this);
        out->setFitted(kMostRows);
        layout->addWidget(out);
        return out;
    };
    m_groupsTitle = heading(tr("Consumer groups"));
    m_groupTable = table({{tr("Group"), 170},
                          {tr("Reads"), 110, true},
                          {tr("Lag"), 90, true},
                          {tr("Behind by"), 90, true}},
                         tr("Consumer groups"));
    m_usersTitle = heading(tr("Who uses it"));
    m_userTable = table({{tr("How"), 92},
                         {tr("Who"), 180},
                         {tr("Evidence"), 84},
                         {tr("Read from"), 190},
                         {tr("Place"), 220}},
                        tr("Who uses it"));
    m_findingsTitle = heading(tr("Findings"));
    m_findingTable = table({{tr("Severity"), 96}, {tr("Finding"), 460}}, tr("Findings"));
    connect(m_userTable, &ViewTable::chosen, this, [this](int row) {
        const core::LineageNode& node = m_views->lineage->node(m_users[std::size_t(row)].node);
        if (node.type == core::LineageNodeType::Dataset)
            Q_EMIT topicRequested(text(node.id()));
        else
            Q_EMIT lineageRequested(text(node.id()));
    });
}

void TopicDetail::setRow(const core::PlatformViewsPtr& views, const core::TopicRow& row)
{
    const bool isOther = m_row.topic.id != row.topic.id;
    m_views = views;
    m_row = row;
    m_kind->setText(text(row.type()) + QStringLiteral(" · ") + marksText(row));
    m_title->setText(text(row.topic.name));
    const auto node = views->lineage->find(row.topic.id);
    m_application->setVisible(!row.topic.application.empty());
    m_manifest->setVisible(!row.topic.application.empty() && node
                           && views->lineage->node(*node).object.has_value());
    fillFacts();
    fillUsers();
    fillGroups();
    fillFindings();
    if (isOther) {
        m_history->show(row.topic.id);
        m_range->reset();
        ensureVisible(0, 0);
    }
    askHistory();
    fillCharts();
}

void TopicDetail::clear()
{
    m_history->show({});
    m_row = {};
}

void TopicDetail::fillFacts()
{
    const core::Topic& topic = m_row.topic;
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? QString::number(*value) : QString();
    };
    QStringList clients;
    for (const std::string& client : m_row.clients)
        clients << text(client);
    std::vector<std::pair<QString, QString>> facts {
        {tr("Cluster"), text(topic.cluster)},
        {tr("Virtual host"), text(topic.vhost)},
        {tr("Partitions"), number(topic.partitions)},
        {tr("Replicas"), number(topic.replicas)},
        {tr("Kept for"), topic.retentionMs ? retentionText(topic.retentionMs) : QString()},
        {tr("Declared in"), placeText(topic.place)},
        {tr("Clients"), clients.join(QStringLiteral(", "))},
        {tr("Note"), text(topic.note)},
    };
    for (const auto& [key, value] : topic.attributes)
        if (key != "partitions" && key != "replicas" && key != "retention.ms" && key != "cluster")
            facts.emplace_back(text(key), text(value));
    m_facts->setFacts(facts);
}

/// Every edge of the topic's node, with its strongest proof.
void TopicDetail::fillUsers()
{
    m_users.clear();
    const core::LineageGraph& graph = *m_views->lineage;
    const auto add = [&](core::LineageGraph::Index node, core::LineageGraph::Index at, bool in) {
        const core::LineageEdge& edge = graph.edges()[at];
        const bool mayOnly = edge.strongest() == core::LineageEvidence::Permitted;
        QString role = edge.bothWays ? tr("uses")
            : edge.relation == core::LineageRelation::Binds
            ? (in ? tr("sends to it") : tr("it sends to"))
            : in ? tr("writes")
                 : tr("reads");
        if (mayOnly)
            role = in ? tr("may write") : tr("may read");
        const auto proof =
            std::ranges::find(edge.proofs, edge.strongest(), &core::LineageProof::evidence);
        m_users.push_back({role, edge.from == node ? edge.to : edge.from,
                           proof == edge.proofs.end() ? edge.proofs.front() : *proof});
    };
    if (const auto node = graph.find(m_row.topic.id)) {
        for (const auto at : graph.incoming(*node))
            add(*node, at, true);
        for (const auto at : graph.outgoing(*node))
            if (!graph.edges()[at].bothWays)
                add(*node, at, false);
    }
    auto users = std::make_shared<std::vector<User>>(m_users);
    m_userTable->setRows(
        int(m_users.size()),
        [users, views = m_views](int row, int column) -> Cell {
            const User& user = (*users)[std::size_t(row)];
            const core::LineageNode& node = views->lineage->node(user.node);
            switch (column) {
            case 0:
                return {.text = user.role};
            case 1:
                return {.text = text(node.label.empty() ? node.name : node.label),
                        .icon = iconOf(node.type, node.system, node.name),
                        .tone = Cell::Tone::Secondary,
                        .tip = text(node.id())};
            case 2:
                return {.text = evidenceText(user.proof.evidence)};
            case 3:
                return {.text = text(user.proof.detail),
                        .tone = Cell::Tone::Secondary,
                        .tip = text(user.proof.detail)};
            default:
                return placeCell(user.proof.place);
            }
        },
        [users](int row) {
            const User& user = (*users)[std::size_t(row)];
            return user.role + QString::number(user.node) + text(user.proof.detail);
        });
    m_userTable->setVisible(!m_users.empty());
    m_usersTitle->setText(m_users.empty() ? tr("Nobody is known to use it")
                                          : tr("Who uses it (%1)").arg(m_users.size()));
}

void TopicDetail::fillGroups()
{
    auto groups = std::make_shared<std::vector<core::TopicGroup>>(m_row.groups);
    m_groupTable->setRows(
        int(groups->size()),
        [groups](int row, int column) -> Cell {
            const core::TopicGroup& group = (*groups)[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = text(group.name)};
            case 1:
                return figureCell(group.out, core::Measure::RecordsOut);
            case 2:
                return figureCell(group.lag, core::Measure::Lag);
            default:
                return figureCell(group.lagSeconds, core::Measure::LagSeconds);
            }
        },
        [groups](int row) { return text((*groups)[std::size_t(row)].name); });
    m_groupTable->setVisible(!groups->empty());
    m_groupsTitle->setVisible(!groups->empty());
}

void TopicDetail::fillFindings()
{
    m_findings = core::findingsOf(m_row.topic, *m_views->findings);
    auto findings = std::make_shared<std::vector<core::Finding>>(m_findings);
    m_findingTable->setRows(
        int(findings->size()),
        [findings](int row, int column) -> Cell {
            const core::Finding& finding = (*findings)[std::size_t(row)];
            if (column == 0)
                return severityCell(finding.severity, finding.accepted);
            return {.text = text(finding.message), .tip = text(finding.message)};
        },
        [findings](int row) {
            return text((*findings)[std::size_t(row)].code + (*findings)[std::size_t(row)].message);
        });
    m_findingTable->setVisible(!findings->empty());
    m_findingsTitle->setVisible(!findings->empty());
}

/// Syncs that ended or run, by their applications' names.
std::vector<ChartMarker> TopicDetail::markers() const
{
    std::vector<ChartMarker> out;
    for (const auto& [name, state] : m_bridge.snapshot()->applications)
        if (state->operation && state->operation->startedAt != core::WallTime {})
            out.push_back({state->operation->startedAt, text(name)});
    std::ranges::sort(out, {}, &ChartMarker::at);
    return out;
}

void TopicDetail::fillCharts()
{
    using enum core::Measure;
    m_range->setNow(m_clock.now());
    const bool isQueue = m_row.topic.type == core::Topic::Type::Queue;
    const auto lines = [this](std::initializer_list<core::Measure> measures, const QString& whole) {
        std::vector<TimeChart::Line> out;
        for (const core::Series& series : m_history->series())
            for (const core::Measure measure : measures)
                if (series.key.measure == measure) {
                    const QString of = measure == RecordsIn ? tr("in")
                        : measure == RecordsOut             ? tr("out")
                                                            : whole;
                    out.push_back({series.key.part.empty() ? of : text(series.key.part), series});
                }
        return out;
    };
    const auto reason = [this](const core::TopicFigure& figure) {
        if (!m_history->failure().isEmpty())
            return m_history->failure();
        return figure.value ? tr("No samples yet") : text(figure.reason);
    };
    m_rates->setLines(lines({RecordsIn, RecordsOut}, {}), reason(m_row.in));
    auto lag =
        isQueue ? lines({Depth}, tr("in the queue")) : lines({Lag}, tr("group furthest behind"));
    auto age = lines({LagSeconds}, tr("slowest group"));
    // A second empty chart would only say the same again.
    m_lag->setVisible(!lag.empty());
    m_age->setVisible(!age.empty());
    m_lag->setLines(std::move(lag), reason(m_row.lag));
    m_age->setLines(std::move(age), reason(m_row.lagSeconds));
    for (TimeChart* chart : {m_rates, m_lag, m_age})
        chart->setMarkers(markers());
}

void TopicDetail::askHistory()
{
    m_range->setNow(m_clock.now());
    m_history->ask(m_range->from(), m_range->to());
}

void TopicDetail::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    if (!m_clock.isFixed())
        m_timer->start();
}

void TopicDetail::hideEvent(QHideEvent* event)
{
    m_timer->stop();
    QScrollArea::hideEvent(event);
}

} // namespace widgets
