// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagejoiner.h"

#include "core/platform/terraform.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace core {

using Slot = LineageSlot;

namespace {

LineageProofPtr proofOf(const LineageFactsPtr& facts, const LineageFlow& flow)
{
    return {facts, &flow.proof};
}

} // namespace

LineageJoiner::LineageJoiner(const LineageRules& rules)
    : m_layers(rules)
    , m_folderProof(std::make_shared<const LineageProof>(
          LineageProof {LineageEvidence::Inferred, "one path lies in the other", {}}))
{
}

LineageJoiner::~LineageJoiner() = default;

LineageJoiner::Joined& LineageJoiner::joinedOf(Part part)
{
    return *m_parts.at(part);
}

LineageJoiner::Part LineageJoiner::add(LineagePart part)
{
    auto joined = std::make_unique<Joined>();
    joined->part = std::move(part);
    const Part out = &joined->part;
    m_parts.emplace(out, std::move(joined));
    m_index.put(out);
    m_stale.insert(out);
    return out;
}

void LineageJoiner::change(Part part, LineagePart next)
{
    Joined& joined = joinedOf(part);
    undo(joined); // it points into the facts that go
    joined.part = std::move(next);
    m_index.put(part);
    touchSelf(part);
    m_stale.insert(part);
}

void LineageJoiner::remove(Part part)
{
    undo(joinedOf(part));
    touchSelf(part);
    m_index.remove(part);
    m_stale.erase(part);
    m_removed.push_back(part);
}

/// Others may name its node, and need not look again for what it says of itself to be another.
void LineageJoiner::touchSelf(Part part)
{
    const ObjectKey& key = part->facts->key;
    const bool isBelow = key.group == kTerraformGroup;
    m_nodes.touchIfThere((isBelow ? "terraform://" : "kubernetes://") + key.namespaceName,
                         key.kind + "/" + key.name);
}

void LineageJoiner::undo(Joined& joined)
{
    m_nodes.takeBack(joined.claims);
    m_edges.takeBack(joined.edges, &joined);
    for (const Matcher* matcher : joined.matchers) {
        const auto found = m_matchers.find(matcher);
        for (auto& [slot, match] : found->second->matches)
            erase(*found->second, match);
        erase(*found->second, found->second->whole);
        m_inOrder.erase(found->second.get());
        m_matchers.erase(found);
    }
    joined.claims.clear();
    joined.edges.clear();
    joined.matchers.clear();
    joined.number = 0;
    m_index.forget(&joined.part);
}

/// Finds out who has to be joined again: what a part declares comes first, since others ask for it.
void LineageJoiner::lookAgain()
{
    LineageIndex::Parts toDeclare = m_stale;
    for (const Part reader : m_index.settle())
        toDeclare.insert(reader);
    while (!toDeclare.empty()) {
        for (const Part part : toDeclare) {
            undo(joinedOf(part));
            m_stale.insert(part);
            m_index.record(part);
            m_index.declare(part, declaredBy(part));
        }
        m_index.record(nullptr);
        toDeclare = m_index.settle();
    }
}

void LineageJoiner::join(Joined& joined)
{
    m_now = &joined;
    m_index.record(&joined.part);
    m_areFlows = false;
    addNodes(joined);
    m_areFlows = true;
    addFlows(joined, joined.part.facts, false);
    if (joined.part.observed)
        addFlows(joined, joined.part.observed, true);
    for (const LineageMirror& mirror : joined.part.facts->mirrors)
        addMirror(joined, mirror);
    m_index.record(nullptr);
    m_now = nullptr;
}

void LineageJoiner::addNodes(Joined& joined)
{
    const Part part = &joined.part;
    for (const LineageNodeFact& fact : part->facts->nodes) {
        const auto slots = resolve(fact.end, part);
        if (slots.empty())
            continue;
        LineageClaim claim {
            .type = LineageClaim::Type::Fact, .slot = slots.front(), .what = &fact, .part = part};
        if (fact.container) {
            const auto container = resolve(*fact.container, part);
            if (!container.empty())
                claim.container = container.front();
        }
        m_nodes.claim(joined.claims, claim);
    }
}

/// What a user may do is what the workloads that hold its Secret may do.
std::vector<LineageJoiner::Part> LineageJoiner::actorsOf(const std::string& secret, Part part)
{
    std::vector<Part> out;
    if (!secret.empty())
        out = m_index.holdersOf(secret);
    if (out.empty())
        out.push_back(part);
    return out;
}

std::vector<Slot> LineageJoiner::endsOf(const LineageEnd& end, const std::string& secret, Part part)
{
    if (end.type != LineageEnd::Type::Self)
        return resolve(end, part);
    std::vector<Slot> out;
    for (const Part actor : actorsOf(secret, part))
        out.push_back(self(actor));
    return out;
}

void LineageJoiner::addFlows(Joined& joined, const LineageFactsPtr& facts, bool observedOnly)
{
    for (const LineageFlow& flow : facts->flows) {
        if (observedOnly && flow.proof.evidence != LineageEvidence::Observed)
            continue;
        if (flow.from.type == LineageEnd::Type::Pattern
            || flow.to.type == LineageEnd::Type::Pattern) {
            addPattern(joined, facts, flow);
            continue;
        }
        const auto froms = endsOf(flow.from, facts->principalSecret, &joined.part);
        const auto tos = endsOf(flow.to, facts->principalSecret, &joined.part);
        for (const Slot from : froms)
            for (const Slot to : tos)
                addEdge(joined, from, to, flow, proofOf(facts, flow));
    }
}

void LineageJoiner::addEdge(Joined& joined, Slot from, Slot to, const LineageFlow& flow,
                            LineageProofPtr proof)
{
    m_edges.add(joined.edges, {from, to, flow.relation},
                {.owner = &joined,
                 .step = 0,
                 .part = &joined.part,
                 .number = joined.number++,
                 .bothWays = flow.bothWays,
                 .proof = std::move(proof)});
}

/// Nodes and edges follow from what is said of them; what they look like to patterns decides which
/// of those have to be looked at.
void LineageJoiner::settleNodes(std::vector<Slot>& changed)
{
    const auto touched = m_nodes.settle();
    m_faces.resize(m_nodes.size());
    for (const Slot slot : touched) {
        const LineageNodes::Node& node = m_nodes[slot];
        Face now;
        if (node.isThere()) {
            now.isThere = true;
            now.isInFirst = node.isInFirst();
            now.isDataset = node.plain->type == LineageNodeType::Dataset;
            now.system = node.plain->system;
            now.container = node.container;
            now.mirrors = node.mirrors;
        }
        if (now != m_faces[slot]) {
            m_faces[slot] = std::move(now);
            changed.push_back(slot);
        }
    }
    m_touched.insert(m_touched.end(), touched.begin(), touched.end());
}

LineageGraphPtr LineageJoiner::graph()
{
    lookAgain();
    m_joinedLast = m_stale.size();
    for (const Part part : m_stale)
        join(joinedOf(part));
    m_stale.clear();
    std::vector<Slot> changed;
    settleNodes(changed);
    runMatchers(changed);
    const auto edges = m_edges.settle();
    std::ranges::sort(m_touched);
    m_touched.erase(std::ranges::unique(m_touched).begin(), m_touched.end());
    const auto shown = m_layers.settle(m_nodes, m_touched);
    if (m_sorter.take(m_nodes, shown, m_edges, edges) || !m_graph)
        m_graph = std::make_shared<const LineageGraph>(m_sorter.make());
    m_edges.sweep(edges);
    m_nodes.sweep(m_touched);
    m_touched.clear();
    for (const Part part : m_removed)
        m_parts.erase(part);
    m_removed.clear();
    return m_graph;
}

LineageGraph joinLineage(const std::vector<LineagePart>& parts, const LineageRules& rules)
{
    LineageJoiner joiner(rules);
    std::uint32_t serial = 0;
    for (LineagePart part : parts) {
        part.serial = serial++;
        joiner.add(std::move(part));
    }
    return *joiner.graph();
}

} // namespace core
