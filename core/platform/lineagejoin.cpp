// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagejoin.h"

#include "core/base/strings.h"
#include "core/platform/lineagejoiner.h"
#include "core/platform/lineagelayers.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace core {

using Index = LineageGraph::Index;

namespace {

constexpr std::size_t kMaxProofs = 50;
constexpr std::size_t kMaxMatches = 20'000;

/// "…/queue/(^jobs)": RabbitMQ looks for its patterns anywhere in a name unless they are anchored.
std::string rabbitPattern(const std::string& text)
{
    for (const std::string_view mark : {"exchange)/(", "/queue/("}) {
        const std::size_t found = text.find(mark);
        if (found == text.npos || !text.ends_with(')'))
            continue;
        const std::size_t at = found + mark.size();
        std::string inner = text.substr(at, text.size() - at - 1);
        const bool begins = inner.starts_with('^');
        const bool ends = inner.ends_with('$') && !inner.ends_with("\\$");
        inner = inner.substr(begins, inner.size() - begins - ends);
        return text.substr(0, at - 1) + (begins ? "" : ".*") + "(" + inner + ")"
            + (ends ? "" : ".*");
    }
    return text;
}

} // namespace

void LineageJoiner::addNodes(std::size_t part)
{
    const LineagePart& own = m_parts[part];
    for (const LineageNodeFact& fact : own.facts->nodes) {
        const Index index = resolve(fact.end, part).front();
        LineageNode& node = m_nodes[index];
        if (fact.end.type != LineageEnd::Type::Self) {
            const bool isFirst = !node.declared && !node.existing;
            node.type = fact.type;
            node.note = fact.type == LineageNodeType::Dataset ? node.note : "";
            if (!fact.label.empty())
                node.label = fact.label;
            if (isFirst) {
                node.object = own.facts->key;
                node.application = own.application;
                node.wave = own.wave;
                node.place = fact.place;
                node.kubernetesNamespace = own.facts->key.namespaceName;
            }
            node.attributes.insert(fact.attributes.begin(), fact.attributes.end());
            node.declared = node.declared || own.declared;
            // Only an object of its own shows that its dataset exists: a script may not have run.
            if (own.facts->key.group != "batch" && own.facts->key.kind != "ConfigMap")
                node.existing = node.existing || own.existing;
            if (!fact.layer.empty())
                node.layer = fact.layer;
            if (fact.type == LineageNodeType::Dataset)
                m_declared[{node.system, node.name}].push_back(index);
        }
        if (fact.container) {
            const auto container = resolve(*fact.container, part);
            if (!container.empty() && container.front() != index)
                m_containers[index] = container.front();
        }
    }
}

void LineageJoiner::addEdge(Index from, Index to, const LineageFlow& flow)
{
    if (from == to)
        return;
    const std::uint64_t key =
        (std::uint64_t(from) << 36) | (std::uint64_t(to) << 8) | std::uint64_t(flow.relation);
    const auto [found, isNew] = m_edgeAt.emplace(key, m_edges.size());
    if (isNew)
        m_edges.push_back({from, to, flow.relation, flow.bothWays, {}});
    LineageEdge& edge = m_edges[found->second];
    edge.bothWays = edge.bothWays && flow.bothWays;
    if (edge.proofs.size() < kMaxProofs
        && std::ranges::find(edge.proofs, flow.proof) == edge.proofs.end())
        edge.proofs.push_back(flow.proof);
}

void LineageJoiner::addFlows(std::size_t part, const LineageFacts& facts, bool observedOnly)
{
    for (const LineageFlow& flow : facts.flows) {
        if (observedOnly && flow.proof.evidence != LineageEvidence::Observed)
            continue;
        if (flow.from.type == LineageEnd::Type::Pattern
            || flow.to.type == LineageEnd::Type::Pattern) {
            m_patterns.push_back({part, &flow});
            continue;
        }
        // What a user may do is what the workloads that hold its Secret may do.
        std::vector<std::size_t> actors {part};
        if (!facts.principalSecret.empty())
            if (auto holders = m_index.holdersOf(facts.principalSecret); !holders.empty())
                actors = std::move(holders);
        const auto ends = [&](const LineageEnd& end) {
            if (end.type != LineageEnd::Type::Self)
                return resolve(end, part);
            std::vector<Index> out;
            for (const std::size_t actor : actors)
                out.push_back(self(actor));
            return out;
        };
        const auto tos = ends(flow.to);
        for (const Index from : ends(flow.from))
            for (const Index to : tos)
                addEdge(from, to, flow);
    }
}

std::vector<Index> LineageJoiner::matching(const std::string& text, const std::string& system,
                                           std::optional<Index> container, bool& valid)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    const RE2 pattern(text, options);
    valid = text.size() <= 4'096 && pattern.ok();
    std::vector<Index> out;
    if (!valid)
        return out;
    for (Index i = 0; i < m_nodes.size() && out.size() < kMaxMatches; ++i) {
        const LineageNode& node = m_nodes[i];
        if (node.type == LineageNodeType::Dataset && node.system == system
            && (!container || m_containers[i] == *container) && RE2::FullMatch(node.name, pattern))
            out.push_back(i);
    }
    return out;
}

void LineageJoiner::addPattern(const Pending& pending)
{
    const LineageFlow& flow = *pending.flow;
    const bool isFrom = flow.from.type == LineageEnd::Type::Pattern;
    const LineageEnd& end = isFrom ? flow.from : flow.to;
    std::string note;
    const auto container = store(end.host, end.system, pending.part, note);
    const std::string text =
        end.system == "rabbitmq" ? rabbitPattern(rabbitName(end.name)) : end.name;
    bool valid = true;
    auto found = matching(text, end.system, container, valid);
    const bool isPermitted = flow.proof.evidence == LineageEvidence::Permitted;
    if (found.empty() && isPermitted)
        return;
    if (found.empty())
        found.push_back(unresolved(end, pending.part,
                                   valid ? "no known name matches the pattern"
                                         : "the pattern is no regular expression"));
    std::vector<std::size_t> actors {pending.part};
    const std::string& secret = m_parts[pending.part].facts->principalSecret;
    if (!secret.empty())
        if (auto holders = m_index.holdersOf(secret); !holders.empty())
            actors = std::move(holders);
    const LineageEnd& other = isFrom ? flow.to : flow.from;
    std::vector<Index> others;
    if (other.type == LineageEnd::Type::Self)
        for (const std::size_t actor : actors)
            others.push_back(self(actor));
    else
        others = resolve(other, pending.part);
    for (const Index each : found)
        for (const Index actor : others)
            isFrom ? addEdge(each, actor, flow) : addEdge(actor, each, flow);
}

void LineageJoiner::addMirrors(std::size_t part)
{
    for (const LineageMirror& mirror : m_parts[part].facts->mirrors) {
        std::string note;
        const auto from = store(mirror.fromHost, "kafka", part, note);
        const auto to = store(mirror.toHost, "kafka", part, note);
        const Index job = self(part);
        LineageFlow flow {
            .relation = LineageRelation::Uses, .bothWays = true, .proof = mirror.proof};
        if (from)
            addEdge(*from, job, flow);
        if (to)
            addEdge(job, *to, flow);
        if (!from || !to || *from == *to) {
            LineageEnd end {.name = from ? mirror.toHost : mirror.fromHost};
            addEdge(job, unresolved(end, part, note.empty() ? "both clusters are the same" : note),
                    flow);
            continue;
        }
        bool valid = true;
        bool excludeValid = true;
        // Strimzi's pattern may be a comma list.
        std::string pattern = mirror.pattern;
        for (std::size_t at = pattern.find(','); at != pattern.npos; at = pattern.find(',', at + 1))
            pattern.replace(at, 1, "|");
        const auto excluded = mirror.exclude.empty()
            ? std::vector<Index> {}
            : matching(mirror.exclude, "kafka", from, excludeValid);
        flow.relation = LineageRelation::Writes;
        flow.bothWays = false;
        flow.proof.detail = "mirrored by KafkaMirrorMaker2 " + m_parts[part].facts->key.name;
        for (const Index topic : matching("(" + pattern + ")", "kafka", from, valid)) {
            if (std::ranges::find(excluded, topic) != excluded.end()
                || m_nodes[topic].name.starts_with("__"))
                continue;
            LineageNode fresh {.type = LineageNodeType::Dataset, .system = "kafka"};
            const Index copy = node("kafka://" + canonical(*to),
                                    mirror.prefix + m_nodes[topic].name, std::move(fresh), to);
            addEdge(topic, copy, flow);
        }
    }
}

/// A folder of a bucket and one inside it: who changes one changes the other.
void LineageJoiner::connectFolders()
{
    std::map<std::string, std::vector<Index>> buckets;
    for (Index i = 0; i < m_nodes.size(); ++i)
        if (m_nodes[i].system == "s3" && m_nodes[i].type == LineageNodeType::Dataset)
            buckets[m_nodes[i].namespaceName].push_back(i);
    LineageFlow flow {.relation = LineageRelation::Contains, .bothWays = true};
    flow.proof = {LineageEvidence::Inferred, "one path lies in the other", {}};
    for (const auto& [bucket, nodes] : buckets) {
        std::unordered_map<std::string, Index> byPath;
        for (const Index index : nodes)
            byPath.emplace(m_nodes[index].name, index);
        for (const Index index : nodes) {
            // To the nearest folder that is a node.
            std::string path = m_nodes[index].name;
            while (path != "/") {
                const std::size_t slash = path.rfind('/');
                path = slash == path.npos ? "/" : path.substr(0, slash);
                const auto parent = byPath.find(path);
                if (parent == byPath.end() || parent->second == index)
                    continue;
                addEdge(parent->second, index, flow);
                break;
            }
        }
    }
}

LineageGraph LineageJoiner::sorted()
{
    std::vector<Index> order(m_nodes.size());
    std::iota(order.begin(), order.end(), Index(0));
    std::ranges::sort(order, {}, [&](Index i) {
        return std::pair<std::string_view, std::string_view>(m_nodes[i].namespaceName,
                                                             m_nodes[i].name);
    });
    std::vector<Index> renumbered(order.size());
    for (Index i = 0; i < order.size(); ++i)
        renumbered[order[i]] = i;
    std::vector<LineageNode> nodes;
    nodes.reserve(order.size());
    std::vector<Index> containers;
    for (const Index i : order) {
        nodes.push_back(std::move(m_nodes[i]));
        const Index container = m_containers[i];
        containers.push_back(container == LineageGraph::kNone ? container : renumbered[container]);
    }
    for (LineageEdge& edge : m_edges) {
        edge.from = renumbered[edge.from];
        edge.to = renumbered[edge.to];
    }
    std::ranges::sort(m_edges, {}, [](const LineageEdge& edge) {
        return std::tuple(edge.from, edge.to, edge.relation);
    });
    return {std::move(nodes), std::move(m_edges), std::move(containers)};
}

LineageGraph LineageJoiner::join()
{
    for (std::size_t i = 0; i < m_parts.size(); ++i)
        addNodes(i);
    m_areNodesAdded = true;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        addFlows(i, *m_parts[i].facts, false);
        if (m_parts[i].observed)
            addFlows(i, *m_parts[i].observed, true);
    }
    for (std::size_t i = 0; i < m_parts.size(); ++i)
        addMirrors(i);
    for (const Pending& pending : m_patterns)
        addPattern(pending);
    connectFolders();
    assignLayers(m_nodes, m_rules);
    return sorted();
}

LineageGraph joinLineage(const std::vector<LineagePart>& parts, const LineageRules& rules)
{
    return LineageJoiner(parts, rules).join();
}

} // namespace core
