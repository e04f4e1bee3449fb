// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageview.h"

#include "core/platform/lineagethrough.h"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace core {

using Index = LineageGraph::Index;

std::string_view toString(LineageScope scope)
{
    constexpr std::array<std::string_view, 7> kWords {
        "whole", "near", "upstream", "downstream", "connected", "impact", "path"};
    return kWords[static_cast<std::size_t>(scope)];
}

std::string_view toString(LineageGrouping grouping)
{
    constexpr std::array<std::string_view, 4> kWords {"none", "tenant", "layer", "application"};
    return kWords[static_cast<std::size_t>(grouping)];
}

std::string_view toString(LineageKinds kinds)
{
    constexpr std::array<std::string_view, 3> kWords {"all", "datasets", "jobs"};
    return kWords[static_cast<std::size_t>(kinds)];
}

namespace {

constexpr std::uint32_t kNoBox = std::numeric_limits<std::uint32_t>::max();

std::string counted(int count, std::string_view word)
{
    std::string out = std::to_string(count) + " " + std::string(word);
    if (count == 1 || word == "unresolved")
        return out;
    return out + (word == "external" ? " systems" : "s");
}

class Viewer
{
public:
    Viewer(const LineageGraph& graph, const LineageQuestion& question,
           const LineageSurroundings& surroundings)
        : m_graph(graph)
        , m_question(question)
        , m_around(surroundings)
        , m_boxOf(graph.nodes().size(), kNoBox)
    {
    }

    LineageView run();

private:
    std::vector<bool> scope();
    void leaveOut(std::vector<bool>& shown);
    bool isShown(const LineageEdge& edge) const;
    std::string groupOf(const LineageNode& node) const;
    void makeBoxes(const std::vector<bool>& shown);
    LineageBox boxOf(Index node) const;
    LineageBox boxOf(const std::string& key, std::vector<Index> nodes) const;
    void addHealth(LineageBox& box, const LineageNode& node) const;
    void hideKinds(std::vector<bool>& shown);
    void makeArrows();
    void addThrough();
    LineageArrow& arrowOf(std::uint32_t from, std::uint32_t to);
    void addRate(LineageArrow& arrow);
    void addSharing();

    const LineageGraph& m_graph;
    const LineageQuestion& m_question;
    const LineageSurroundings& m_around;
    std::vector<std::uint32_t> m_boxOf;
    std::vector<bool> m_shown;
    std::vector<bool> m_hidden; ///< only because of their kind: ways lead through them
    std::map<std::pair<std::uint32_t, std::uint32_t>, LineageArrow> m_arrows;
    /// Which arrows count a figure.
    std::map<std::pair<std::string, Measure>, std::vector<std::pair<std::uint32_t, std::uint32_t>>>
        m_counted;
    LineageView m_out;
};

std::vector<bool> Viewer::scope()
{
    std::vector<bool> out(m_graph.nodes().size());
    const auto focus = m_graph.find(m_question.focus);
    if (!focus || m_question.scope == LineageScope::Whole) {
        out.flip();
        return out;
    }
    const auto add = [&out](const std::vector<Index>& nodes) {
        for (const Index node : nodes)
            out[node] = true;
    };
    const LineageWalk walk {.permitted = m_question.permitted};
    const LineageWalk near {.depth = m_question.depth, .permitted = m_question.permitted};
    out[*focus] = true;
    switch (m_question.scope) {
    case LineageScope::Whole:
        break;
    case LineageScope::Near:
        add(m_graph.upstream(*focus, near));
        add(m_graph.downstream(*focus, near));
        for (const Index held : m_graph.contents(*focus))
            out[held] = true;
        break;
    case LineageScope::Connected:
        add(m_graph.upstream(*focus, walk));
        add(m_graph.downstream(*focus, walk));
        break;
    case LineageScope::Upstream:
        add(m_graph.upstream(*focus, walk));
        break;
    case LineageScope::Downstream:
        add(m_graph.downstream(*focus, walk));
        break;
    case LineageScope::Impact:
        add(m_graph.impact(*focus, walk));
        break;
    case LineageScope::Path:
        if (const auto end = m_graph.find(m_question.end)) {
            const auto way = m_graph.path(*focus, *end, walk);
            m_out.noPath = way.empty();
            add(way);
            out[*end] = true;
        }
        break;
    }
    return out;
}

bool Viewer::isShown(const LineageEdge& edge) const
{
    return m_question.permitted || edge.strongest() != LineageEvidence::Permitted;
}

/// Plumbing, and what nothing that is shown leads to or from.
void Viewer::leaveOut(std::vector<bool>& shown)
{
    const auto focus = m_graph.find(m_question.focus);
    const auto end = m_graph.find(m_question.end);
    const auto isAsked = [&](Index node) { return node == focus || node == end; };
    for (Index i = 0; i < shown.size(); ++i) {
        if (!shown[i])
            ++m_out.outside;
        else if (m_graph.node(i).internal && !m_question.internal && !isAsked(i)) {
            ++m_out.hiddenInternal;
            shown[i] = false;
        }
    }
    std::vector<bool> linked(shown.size());
    for (const LineageEdge& edge : m_graph.edges()) {
        if (!shown[edge.from] || !shown[edge.to])
            continue;
        if (!isShown(edge))
            ++m_out.hiddenPermitted;
        else
            linked[edge.from] = linked[edge.to] = true;
    }
    const bool isWhole = !focus || m_question.scope == LineageScope::Whole;
    for (Index i = 0; i < shown.size(); ++i)
        if (isWhole && shown[i] && !linked[i] && !m_question.unlinked && !isAsked(i)) {
            ++m_out.hiddenUnlinked;
            shown[i] = false;
        }
}

/// Jobs or datasets go where only the others are wanted, save for what was asked for.
void Viewer::hideKinds(std::vector<bool>& shown)
{
    m_hidden.assign(shown.size(), false);
    if (m_question.kinds == LineageKinds::All)
        return;
    const auto focus = m_graph.find(m_question.focus);
    const auto end = m_graph.find(m_question.end);
    for (Index i = 0; i < shown.size(); ++i) {
        using enum LineageNodeType;
        const LineageNodeType type = m_graph.node(i).type;
        const bool goes = m_question.kinds == LineageKinds::Datasets
            ? type == Job || type == Service
            : type == Dataset || type == Store;
        if (!shown[i] || !goes || i == focus || i == end)
            continue;
        shown[i] = false;
        m_hidden[i] = true;
        ++m_out.hiddenKinds;
    }
}

std::string Viewer::groupOf(const LineageNode& node) const
{
    switch (m_question.grouping) {
    case LineageGrouping::None:
        break;
    case LineageGrouping::Layer:
        return node.layer;
    case LineageGrouping::Application:
        return node.application;
    case LineageGrouping::Tenant:
        if (const auto found = m_around.tenants.find(node.kubernetesNamespace);
            found != m_around.tenants.end())
            return found->second;
        break;
    }
    return {};
}

void Viewer::makeBoxes(const std::vector<bool>& shown)
{
    std::map<std::string, std::vector<Index>> groups;
    for (Index i = 0; i < shown.size(); ++i) {
        if (!shown[i])
            continue;
        const std::string key = groupOf(m_graph.node(i));
        const std::string id = "group:" + std::string(toString(m_question.grouping)) + "/" + key;
        if (key.empty() || m_question.open.contains(id))
            m_out.boxes.push_back(boxOf(i));
        else
            groups[key].push_back(i);
    }
    for (auto& [key, nodes] : groups)
        m_out.boxes.push_back(nodes.size() == 1 ? boxOf(nodes.front())
                                                : boxOf(key, std::move(nodes)));
    std::ranges::sort(m_out.boxes, {}, &LineageBox::id);
    for (std::uint32_t i = 0; i < m_out.boxes.size(); ++i)
        for (const Index node : m_out.boxes[i].nodes)
            m_boxOf[node] = i;
}

LineageBox Viewer::boxOf(Index node) const
{
    const LineageNode& from = m_graph.node(node);
    LineageBox out {.id = from.id(), .title = from.label.empty() ? from.name : from.label};
    out.detail = kindWord(m_graph, node);
    if (const auto container = m_graph.containerOf(node)) {
        const LineageNode& holder = m_graph.node(*container);
        out.detail += " · " + (holder.label.empty() ? holder.name : holder.label);
    } else if (!from.kubernetesNamespace.empty() && from.type != LineageNodeType::Dataset) {
        out.detail += " · " + from.kubernetesNamespace;
    }
    if (from.type == LineageNodeType::Unresolved && !from.note.empty())
        out.detail = from.note;
    out.type = from.type;
    out.system = from.system;
    out.layer = from.layer;
    out.nodes = {node};
    out.isFocus = out.id == m_question.focus;
    out.undeclared = from.existing && !from.declared && from.type != LineageNodeType::External
        && from.type != LineageNodeType::Unresolved;
    addHealth(out, from);
    return out;
}

LineageBox Viewer::boxOf(const std::string& key, std::vector<Index> nodes) const
{
    LineageBox out {.id = "group:" + std::string(toString(m_question.grouping)) + "/" + key,
                    .title = key,
                    .key = key,
                    .isGroup = true};
    std::array<int, 6> counts {};
    for (const Index node : nodes) {
        const LineageNode& each = m_graph.node(node);
        ++counts[static_cast<std::size_t>(each.type)];
        out.isFocus = out.isFocus || each.id() == m_question.focus;
        addHealth(out, each);
        out.layer = node == nodes.front() || out.layer == each.layer ? each.layer : "";
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            out.detail += (out.detail.empty() ? "" : ", ")
                + counted(counts[i], toString(static_cast<LineageNodeType>(i)));
    out.type = static_cast<LineageNodeType>(std::ranges::max_element(counts) - counts.begin());
    out.nodes = std::move(nodes);
    return out;
}

void Viewer::addHealth(LineageBox& box, const LineageNode& node) const
{
    if (!m_around.input || !node.object)
        return;
    const PlatformObject* object = m_around.input->find(*node.object);
    if (!object || !object->live || !object->live->health.status)
        return;
    const HealthAssessment& health = object->live->health;
    const Health worst = box.health ? worse(*box.health, *health.status) : *health.status;
    if (worst != box.health)
        box.healthMessage = health.message;
    box.health = worst;
}

LineageArrow& Viewer::arrowOf(std::uint32_t from, std::uint32_t to)
{
    LineageArrow& arrow = m_arrows[{from, to}];
    if (arrow.edges.empty())
        arrow = {.from = from, .to = to, .bothWays = true};
    return arrow;
}

void Viewer::makeArrows()
{
    for (Index i = 0; i < m_graph.edges().size(); ++i) {
        const LineageEdge& edge = m_graph.edges()[i];
        const std::uint32_t from = m_boxOf[edge.from];
        const std::uint32_t to = m_boxOf[edge.to];
        if (from == kNoBox || to == kNoBox || !isShown(edge)
            || (from == to && m_out.boxes[from].isGroup))
            continue;
        LineageArrow& arrow = arrowOf(from, to);
        if (arrow.edges.empty())
            arrow.relation = edge.relation;
        arrow.edges.push_back(i);
        arrow.evidence = std::max(arrow.evidence, edge.strongest());
        arrow.bothWays = arrow.bothWays && edge.bothWays;
    }
    if (m_question.kinds != LineageKinds::All)
        addThrough();
    for (auto& [ends, arrow] : m_arrows)
        addRate(arrow);
    addSharing();
    for (auto& [ends, arrow] : m_arrows)
        m_out.arrows.push_back(std::move(arrow));
}

void Viewer::addThrough()
{
    const auto add = [](std::vector<Index>& to, Index value) {
        if (std::ranges::find(to, value) == to.end())
            to.push_back(value);
    };
    for (const LineageThrough& way :
         lineageThrough(m_graph, m_shown, m_hidden, m_question.permitted)) {
        const std::uint32_t from = m_boxOf[way.from];
        const std::uint32_t to = m_boxOf[way.to];
        if (from == to)
            continue;
        LineageArrow& arrow = arrowOf(from, to);
        if (arrow.edges.empty())
            arrow.relation = m_graph.edges()[way.edges.front()].relation;
        arrow.evidence = std::max(arrow.evidence, way.evidence);
        arrow.bothWays = arrow.bothWays && way.bothWays;
        for (const Index edge : way.edges) {
            add(arrow.edges, edge);
            for (const Index node : {m_graph.edges()[edge].from, m_graph.edges()[edge].to})
                if (m_hidden[node])
                    add(arrow.through, node);
        }
    }
}

/// What goes in where the edge ends at a dataset, what comes out where it begins at one; each
/// dataset counts once. Of a way through what is not drawn its end counts, or its beginning where
/// the datasets are what is not drawn: never both, which would be the same records twice.
void Viewer::addRate(LineageArrow& arrow)
{
    if (!m_around.telemetry)
        return;
    std::set<std::pair<std::string, Measure>> keys;
    for (const Index at : arrow.edges) {
        const LineageEdge& edge = m_graph.edges()[at];
        if (edge.strongest() == LineageEvidence::Permitted
            || edge.relation == LineageRelation::Contains)
            continue;
        if (!arrow.through.empty()
            && (m_question.kinds == LineageKinds::Datasets ? m_boxOf[edge.to] != arrow.to
                                                           : m_boxOf[edge.from] != arrow.from))
            continue;
        if (m_graph.node(edge.to).type == LineageNodeType::Dataset)
            keys.emplace(m_graph.node(edge.to).id(), Measure::RecordsIn);
        else if (m_graph.node(edge.from).type == LineageNodeType::Dataset)
            keys.emplace(m_graph.node(edge.from).id(), Measure::RecordsOut);
    }
    for (const auto& [subject, measure] : keys)
        if (const Figure* figure = m_around.telemetry->find(subject, measure)) {
            arrow.rate = arrow.rate.value_or(0) + figure->value;
            arrow.simulated = arrow.simulated || figure->simulated;
            m_counted[{subject, measure}].push_back({arrow.from, arrow.to});
        }
}

void Viewer::addSharing()
{
    for (const auto& [figure, counted] : m_counted)
        for (const auto& ends : counted) {
            LineageArrow& arrow = m_arrows[ends];
            arrow.sharing = std::max(arrow.sharing, int(counted.size()));
        }
}

LineageView Viewer::run()
{
    m_shown = scope();
    leaveOut(m_shown);
    hideKinds(m_shown);
    makeBoxes(m_shown);
    makeArrows();
    return std::move(m_out);
}

} // namespace

LineageView lineageView(const LineageGraph& graph, const LineageQuestion& question,
                        const LineageSurroundings& surroundings)
{
    return Viewer(graph, question, surroundings).run();
}

LineageQuestion usualQuestion(const LineageGraph& graph)
{
    constexpr std::size_t kAtOnce = 250;
    LineageQuestion out;
    if (graph.nodes().size() > kAtOnce)
        out.grouping = LineageGrouping::Application;
    return out;
}

std::optional<std::uint32_t> LineageView::find(std::string_view box) const
{
    const auto found = std::ranges::lower_bound(boxes, box, {}, &LineageBox::id);
    if (found == boxes.end() || found->id != box)
        return std::nullopt;
    return static_cast<std::uint32_t>(found - boxes.begin());
}

std::optional<std::uint32_t> LineageView::boxOf(LineageGraph::Index node) const
{
    for (std::uint32_t i = 0; i < boxes.size(); ++i)
        if (std::ranges::find(boxes[i].nodes, node) != boxes[i].nodes.end())
            return i;
    return std::nullopt;
}

std::string kindWord(const LineageGraph& graph, Index index)
{
    const LineageNode& node = graph.node(index);
    switch (node.type) {
    case LineageNodeType::External:
        return "outside the cluster";
    case LineageNodeType::Unresolved:
        return "not told";
    case LineageNodeType::Job:
    case LineageNodeType::Service:
    case LineageNodeType::Store:
        if (node.system == "airflow")
            return graph.containerOf(index) ? "task" : "DAG";
        if (node.object && node.namespaceName.starts_with("kubernetes://"))
            return node.object->kind;
        return node.system.empty() ? std::string(toString(node.type)) : node.system;
    case LineageNodeType::Dataset:
        break;
    }
    if (node.system == "kafka")
        return "topic";
    if (node.system == "rabbitmq")
        return node.name.find("/exchange/") != node.name.npos ? "exchange" : "queue";
    if (node.system == "s3")
        return node.name == "/" ? "bucket" : "folder";
    if (node.system == "cassandra")
        return node.name.find('.') != node.name.npos ? "table" : "keyspace";
    return node.system.empty() ? "dataset" : node.system;
}

std::string describe(const LineageGraph& graph, const LineageEdge& edge)
{
    struct Words
    {
        std::string_view does;
        std::string_view may;
        bool backwards; ///< the second node is who does it
    };
    constexpr std::array<Words, 12> kWords {{{"writes", "write", false},
                                             {"reads", "read", true},
                                             {"uses", "use", false},
                                             {"routes to", "route to", false},
                                             {"calls", "call", false},
                                             {"triggers", "trigger", false},
                                             {"runs", "run", false},
                                             {"sends to", "send to", false},
                                             {"exports to", "export to", false},
                                             {"scrapes", "scrape", true},
                                             {"queries", "query", true},
                                             {"contains", "contain", false}}};
    const auto name = [&](Index at) {
        const LineageNode& node = graph.node(at);
        return kindWord(graph, at) + " " + (node.label.empty() ? node.name : node.label);
    };
    const Words& words = kWords[static_cast<std::size_t>(edge.relation)];
    const bool onlyMay = edge.strongest() == LineageEvidence::Permitted;
    const std::string verb = onlyMay ? "may " + std::string(words.may) : std::string(words.does);
    return name(words.backwards ? edge.to : edge.from) + " " + verb + " "
        + name(words.backwards ? edge.from : edge.to);
}

} // namespace core
