// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagenodes.h"

#include "core/platform/terraform.h"

#include <algorithm>
#include <tuple>

namespace core {

namespace {

/// The last step of a name, for a box.
std::string labelOf(const std::string& system, const std::string& namespaceName,
                    const std::string& name)
{
    if (system == "rabbitmq")
        return name.substr(name.rfind('/') + 1);
    if (system == "s3")
        return namespaceName.substr(5) + (name == "/" ? "" : "/" + name);
    return name.empty() ? namespaceName : name;
}

/// An object as a node of its own.
LineageNode nodeOf(const LineagePart& part)
{
    const LineageFacts& facts = *part.facts;
    LineageNode out {
        .type = LineageNodeType::Service, .system = facts.key.kind, .label = facts.key.name};
    const auto own = std::ranges::find_if(facts.nodes, [](const LineageNodeFact& fact) {
        return fact.end.type == LineageEnd::Type::Self;
    });
    if (own != facts.nodes.end()) {
        out.type = own->type;
        if (!own->system.empty())
            out.system = own->system;
        if (!own->label.empty())
            out.label = own->label;
        out.layer = own->layer;
        out.place = own->place;
        out.attributes = own->attributes;
        out.internal = own->internal;
    }
    out.object = facts.key;
    out.kubernetesNamespace = facts.key.namespaceName;
    out.application = part.application;
    out.wave = part.wave;
    out.declared = part.declared;
    out.existing = part.existing;
    return out;
}

void apply(const LineageNodeFact& fact, const LineagePart& own, LineageNode& node)
{
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
}

const LineageNodeFact& factOf(const LineageClaim& claim)
{
    return *static_cast<const LineageNodeFact*>(claim.what);
}

bool isFactBefore(const LineageClaim& a, const LineageClaim& b)
{
    return a.part == b.part ? a.what < b.what : LineagePartOrder()(a.part, b.part);
}

} // namespace

LineageSlot LineageNodes::slot(const std::string& namespaceName, const std::string& name)
{
    const auto [found, isNew] = m_byId.try_emplace(namespaceName + "/" + name, kNoSlot);
    if (!isNew)
        return found->second;
    if (m_free.empty()) {
        found->second = static_cast<LineageSlot>(m_nodes.size());
        m_nodes.emplace_back();
    } else {
        found->second = m_free.back();
        m_free.pop_back();
        m_nodes[found->second] = {};
    }
    m_nodes[found->second].namespaceName = namespaceName;
    m_nodes[found->second].name = name;
    touch(found->second); // so that it is swept if nobody says anything of it
    return found->second;
}

void LineageNodes::touchIfThere(const std::string& namespaceName, const std::string& name)
{
    if (const auto found = m_byId.find(namespaceName + "/" + name); found != m_byId.end())
        touch(found->second);
}

void LineageNodes::touch(LineageSlot slot)
{
    if (m_nodes[slot].isStale)
        return;
    m_nodes[slot].isStale = true;
    m_stale.push_back(slot);
}

void LineageNodes::say(std::vector<LineageClaim>& claims, LineageSlot slot, LineageSaid said,
                       LineageStep step)
{
    auto& all = m_nodes[slot].said;
    auto known = std::ranges::find_if(all, [&](const auto& each) { return *each.first == said; });
    if (known == all.end()) {
        all.emplace_back(std::make_shared<const LineageSaid>(std::move(said)), 0);
        known = std::prev(all.end());
    }
    claim(
        claims,
        {.type = LineageClaim::Type::Said, .step = step, .slot = slot, .what = known->first.get()});
}

void LineageNodes::claim(std::vector<LineageClaim>& claims, LineageClaim claim)
{
    Node& node = m_nodes[claim.slot];
    if (claim.step != LineageStep::Aside)
        ++node.named[static_cast<std::size_t>(claim.step)];
    switch (claim.type) {
    case LineageClaim::Type::Said:
        for (auto& [said, count] : node.said)
            if (said.get() == claim.what)
                ++count;
        break;
    case LineageClaim::Type::Self:
        ++node.selves[claim.part];
        break;
    case LineageClaim::Type::Fact:
        node.facts.insert(std::ranges::upper_bound(node.facts, claim, isFactBefore), claim);
        break;
    case LineageClaim::Type::Note:
        ++node.notes;
        break;
    case LineageClaim::Type::Named:
        break;
    }
    touch(claim.slot);
    claims.push_back(claim);
}

void LineageNodes::takeBack(const std::vector<LineageClaim>& claims)
{
    for (const LineageClaim& claim : claims) {
        Node& node = m_nodes[claim.slot];
        if (claim.step != LineageStep::Aside)
            --node.named[static_cast<std::size_t>(claim.step)];
        switch (claim.type) {
        case LineageClaim::Type::Said:
            std::erase_if(node.said, [&](auto& each) {
                return each.first.get() == claim.what && --each.second == 0;
            });
            break;
        case LineageClaim::Type::Self:
            if (const auto found = node.selves.find(claim.part); --found->second == 0)
                node.selves.erase(found);
            break;
        case LineageClaim::Type::Fact:
            node.facts.erase(std::ranges::find_if(node.facts, [&](const LineageClaim& each) {
                return each.what == claim.what && each.part == claim.part;
            }));
            break;
        case LineageClaim::Type::Note:
            --node.notes;
            break;
        case LineageClaim::Type::Named:
            break;
        }
        touch(claim.slot);
    }
}

/// Who knows where it is held knows more than who does not; then what tells most.
bool LineageNodes::isBetter(const LineageSaid& a, const LineageSaid& b) const
{
    const auto tied = [](const LineageSaid& said) {
        return std::tuple(said.container == kNoSlot, said.type, said.note.empty(), said.system,
                          said.label, said.note, said.kubernetesNamespace);
    };
    if (const auto order = tied(a) <=> tied(b); order != 0)
        return order < 0;
    if (a.container == b.container)
        return false;
    const Node& x = m_nodes[a.container];
    const Node& y = m_nodes[b.container];
    return std::tie(x.namespaceName, x.name) < std::tie(y.namespaceName, y.name);
}

const LineageSaid* LineageNodes::best(const Node& node) const
{
    const LineageSaid* out = nullptr;
    for (const auto& [said, count] : node.said)
        if (!out || isBetter(*said, *out))
            out = said.get();
    return out;
}

LineageNodePtr LineageNodes::made(LineageSlot slot, LineageSlot& container) const
{
    const Node& node = m_nodes[slot];
    const LineageSaid* said = node.selves.empty() ? best(node) : nullptr;
    if ((node.named[0] + node.named[1] + node.named[2] + node.held == 0)
        || (!said && node.selves.empty()))
        return nullptr;
    LineageNode out;
    if (said) {
        out.type = said->type;
        out.system = said->system;
        out.label = said->label;
        out.note = said->note;
        out.kubernetesNamespace = said->kubernetesNamespace;
        container = said->container;
    } else {
        out = nodeOf(*node.selves.begin()->first);
    }
    if (out.label.empty())
        out.label = labelOf(out.system, node.namespaceName, node.name);
    out.namespaceName = node.namespaceName;
    out.name = node.name;
    for (const LineageClaim& claim : node.facts) {
        if (factOf(claim).end.type != LineageEnd::Type::Self)
            apply(factOf(claim), *claim.part, out);
        if (claim.container != kNoSlot && claim.container != slot)
            container = claim.container;
    }
    if (node.notes != 0)
        out.note = "the Service selects nothing that is known";
    return std::make_shared<const LineageNode>(std::move(out));
}

void LineageNodes::hold(LineageSlot slot, LineageSlot container)
{
    Node& node = m_nodes[slot];
    if (node.container == container)
        return;
    if (node.container != kNoSlot) {
        --m_nodes[node.container].held;
        touch(node.container);
    }
    node.container = container;
    if (container != kNoSlot) {
        ++m_nodes[container].held;
        touch(container);
    }
}

std::vector<LineageSlot> LineageNodes::settle()
{
    std::vector<LineageSlot> out;
    while (!m_stale.empty()) {
        const LineageSlot slot = m_stale.back();
        m_stale.pop_back();
        m_nodes[slot].isStale = false;
        LineageSlot container = kNoSlot;
        LineageNodePtr next = made(slot, container);
        hold(slot, next ? container : kNoSlot);
        Node& node = m_nodes[slot];
        if (!next || !node.plain || *next != *node.plain)
            node.plain = std::move(next);
        out.push_back(slot);
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

void LineageNodes::sweep(const std::vector<LineageSlot>& touched)
{
    for (const LineageSlot slot : touched) {
        Node& node = m_nodes[slot];
        if (!node.isUsed || node.plain || !node.said.empty() || !node.selves.empty()
            || !node.facts.empty() || node.notes != 0
            || node.named[0] + node.named[1] + node.named[2] + node.held != 0)
            continue;
        m_byId.erase(node.namespaceName + "/" + node.name);
        node = {};
        node.isUsed = false;
        m_free.push_back(slot);
    }
}

} // namespace core
