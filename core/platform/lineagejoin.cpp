// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagejoin.h"

#include "core/base/strings.h"
#include "core/platform/lineageindex.h"
#include "core/platform/lineagelayers.h"
#include "core/platform/lineageuri.h"
#include "core/platform/terraform.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace core {

namespace {

using Index = LineageGraph::Index;

constexpr std::size_t kMaxProofs = 50;
constexpr std::size_t kMaxMatches = 20'000;

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

/// "//queue/x" (the vhost "/") as the management API writes it: "%2F/queue/x".
std::string rabbitName(std::string name)
{
    if (name.starts_with("//"))
        name = "%2F" + name.substr(1);
    return name;
}

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

class Joiner
{
public:
    Joiner(const std::vector<LineagePart>& parts, const LineageRules& rules)
        : m_parts(parts)
        , m_rules(rules)
        , m_index(parts)
        , m_selfNodes(parts.size())
    {
    }
    LineageGraph join();

private:
    struct Pending
    {
        std::size_t part = 0;
        const LineageFlow* flow = nullptr;
    };
    struct PatternKey
    {
        std::string text;
        std::unique_ptr<RE2> pattern;
    };

    Index node(const std::string& namespaceName, const std::string& name, LineageNode&& fresh);
    Index self(std::size_t part);
    Index object(const ObjectKey& key, const std::string& note);
    Index unresolved(const LineageEnd& end, std::size_t part, const std::string& note);
    Index named(const LineageEnd& end, std::size_t part);
    std::optional<Index> sameDag(const LineageEnd& end);
    std::optional<Index> store(const std::string& host, const std::string& system, std::size_t part,
                               std::string& note);
    std::optional<Index> storeAt(const std::string& host, const std::string& system,
                                 std::size_t part, std::string& note);
    Index host(const LineageEnd& end, std::size_t part);
    Index data(const LineageEnd& end, std::size_t part);
    Index objectStoreData(const LineageEnd& end, std::size_t part);
    std::vector<Index> resolve(const LineageEnd& end, std::size_t part);
    std::optional<LineageEnd> withEnvironment(LineageEnd end, std::size_t part) const;
    std::string canonical(Index store) const;

    void addNodes(std::size_t part);
    void addFlows(std::size_t part, const LineageFacts& facts, bool observedOnly);
    void addEdge(Index from, Index to, const LineageFlow& flow);
    void addPattern(const Pending& pending);
    void addMirrors(std::size_t part);
    std::vector<Index> matching(const std::string& pattern, const std::string& system,
                                std::optional<Index> container, bool& valid);
    void connectFolders();
    LineageGraph sorted();

    const std::vector<LineagePart>& m_parts;
    const LineageRules& m_rules;
    LineageIndex m_index;
    std::vector<std::optional<Index>> m_selfNodes;
    std::vector<LineageNode> m_nodes;
    std::vector<std::string> m_addresses; ///< of stores, by node
    std::unordered_map<std::string, Index> m_byId;
    std::unordered_map<std::string, std::pair<std::optional<Index>, std::string>> m_stores;
    std::map<std::pair<std::string, std::string>, std::vector<Index>> m_declared; ///< system, name
    std::vector<LineageEdge> m_edges;
    std::unordered_map<std::uint64_t, std::size_t> m_edgeAt;
    std::vector<Pending> m_patterns;
    std::unordered_map<std::string, std::vector<Index>> m_dags; ///< of Airflow, by name
    bool m_areDagsKnown = false;
    bool m_areNodesAdded = false;
};

Index Joiner::node(const std::string& namespaceName, const std::string& name, LineageNode&& fresh)
{
    const auto [found, isNew] =
        m_byId.emplace(namespaceName + "/" + name, static_cast<Index>(m_nodes.size()));
    if (isNew) {
        fresh.namespaceName = namespaceName;
        fresh.name = name;
        if (fresh.label.empty())
            fresh.label = labelOf(fresh.system, namespaceName, name);
        m_nodes.push_back(std::move(fresh));
        m_addresses.emplace_back();
    }
    return found->second;
}

/// The node of an object itself; of one that only declares a dataset, the dataset.
Index Joiner::self(std::size_t part)
{
    if (m_selfNodes[part])
        return *m_selfNodes[part];
    const LineageFacts& facts = *m_parts[part].facts;
    const LineageNodeFact* own = nullptr;
    const LineageNodeFact* dataset = nullptr;
    for (const LineageNodeFact& fact : facts.nodes) {
        if (!own && fact.end.type == LineageEnd::Type::Self)
            own = &fact;
        if (!dataset && fact.end.type == LineageEnd::Type::Data)
            dataset = &fact;
    }
    if (!own && dataset && facts.key.kind != "ConfigMap") {
        m_selfNodes[part] = 0; // against an end that names itself
        m_selfNodes[part] = data(dataset->end, part);
        return *m_selfNodes[part];
    }
    LineageNode fresh {.type = own ? own->type : LineageNodeType::Service,
                       .system = own && !own->system.empty() ? own->system : facts.key.kind,
                       .label = facts.key.name};
    if (own && !own->label.empty())
        fresh.label = own->label;
    if (own) {
        fresh.layer = own->layer;
        fresh.place = own->place;
        fresh.attributes = own->attributes;
        fresh.internal = own->internal;
    }
    fresh.object = facts.key;
    fresh.kubernetesNamespace = facts.key.namespaceName;
    fresh.application = m_parts[part].application;
    fresh.wave = m_parts[part].wave;
    fresh.declared = m_parts[part].declared;
    fresh.existing = m_parts[part].existing;
    const bool isBelow = facts.key.group == kTerraformGroup;
    const Index index = node((isBelow ? "terraform://" : "kubernetes://") + facts.key.namespaceName,
                             facts.key.kind + "/" + facts.key.name, std::move(fresh));
    if (m_nodes[index].type == LineageNodeType::Store)
        m_addresses[index] = m_index.addressOf(part);
    m_selfNodes[part] = index;
    return index;
}

Index Joiner::object(const ObjectKey& key, const std::string& note)
{
    const auto part = key.namespaceName == "*" ? m_index.findAnywhere(key) : m_index.find(key);
    if (part)
        return self(*part);
    LineageNode fresh {.type = LineageNodeType::Unresolved, .system = key.kind, .label = key.name};
    fresh.note = key.text() + " is not declared" + (note.empty() ? "" : " (" + note + ")");
    return node("kubernetes://" + (key.namespaceName == "*" ? "" : key.namespaceName),
                key.kind + "/" + key.name, std::move(fresh));
}

Index Joiner::unresolved(const LineageEnd& end, std::size_t part, const std::string& note)
{
    const ObjectKey& key = m_parts[part].facts->key;
    LineageNode fresh {
        .type = LineageNodeType::Unresolved, .system = end.system, .label = end.name};
    fresh.note = note;
    fresh.kubernetesNamespace = key.namespaceName;
    return node("unresolved://" + key.namespaceName + "/" + key.kind + "/" + key.name, end.name,
                std::move(fresh));
}

/// DAGs of a repository are in no namespace, those of ConfigMaps in one: a name that is not where
/// it is looked for, and is in exactly one other place, is meant.
std::optional<Index> Joiner::sameDag(const LineageEnd& end)
{
    if (!m_areNodesAdded || m_byId.contains(end.host + "/" + end.name))
        return std::nullopt;
    if (!m_areDagsKnown) {
        m_areDagsKnown = true;
        for (Index i = 0; i < m_nodes.size(); ++i)
            if (m_nodes[i].system == "airflow" && m_nodes[i].type == LineageNodeType::Job)
                m_dags[m_nodes[i].name].push_back(i);
    }
    const auto found = m_dags.find(end.name);
    if (found == m_dags.end() || found->second.size() != 1)
        return std::nullopt;
    return found->second.front();
}

Index Joiner::named(const LineageEnd& end, std::size_t part)
{
    LineageNode fresh {.type = LineageNodeType::External, .system = end.system};
    if (end.system == "dataset")
        fresh.type = LineageNodeType::Dataset;
    if (end.system == "airflow")
        if (const auto elsewhere = sameDag(end))
            return *elsewhere;
    if (end.system == "airflow" || end.system == "camel") {
        fresh.type = LineageNodeType::Unresolved;
        fresh.note = "no DAG of that name is here";
    }
    if (end.system == "http") {
        fresh.label = "HTTP " + (end.name.empty() ? "/" : end.name);
        fresh.note = "whoever calls it";
    }
    fresh.kubernetesNamespace = m_parts[part].facts->key.namespaceName;
    return node(end.host, end.name, std::move(fresh));
}

/// The store (or service) at an address. Nothing, with a note, when it cannot be told.
std::optional<Index> Joiner::store(const std::string& host, const std::string& system,
                                   std::size_t part, std::string& note)
{
    if (host.starts_with("object:")) {
        const auto words = split(std::string_view(host).substr(7), '/');
        if (words.size() != 4)
            return std::nullopt;
        const ObjectKey key {std::string(words[0]), std::string(words[1]), std::string(words[2]),
                             std::string(words[3])};
        const auto found = m_index.find(key);
        if (found && !m_parts[*found].facts->alias.empty()
            && !m_parts[*found].facts->alias.starts_with("object:"))
            return store(m_parts[*found].facts->alias, system, *found, note);
        if (found)
            return self(*found);
        note = key.text() + " is not declared";
        return std::nullopt;
    }
    if (host.starts_with("secret:")) {
        note = "its address stands in Secret " + host.substr(7) + ", which is not read";
        return std::nullopt;
    }
    if (host.empty()) {
        const auto& all = m_index.stores(system);
        if (all.size() == 1)
            return self(all.front());
        note = all.empty() ? "no address is given, and no store of " + system + " is here"
                           : "no address is given, and there are several stores of " + system;
        return std::nullopt;
    }
    // Many ask for the same address.
    const std::string key = system + "\n" + m_parts[part].facts->key.namespaceName + "\n" + host;
    const auto known = m_stores.find(key);
    if (known != m_stores.end()) {
        note = known->second.second;
        return known->second.first;
    }
    const auto found = storeAt(host, system, part, note);
    m_stores.emplace(key, std::pair(found, note));
    return found;
}

std::optional<Index> Joiner::storeAt(const std::string& host, const std::string& system,
                                     std::size_t part, std::string& note)
{
    const auto answer = m_index.answer(host, m_parts[part].facts->key.namespaceName);
    switch (answer.type) {
    case LineageIndex::Answer::Type::Part: {
        const Index index = self(answer.part);
        if (m_addresses[index].empty())
            m_addresses[index] = m_index.addressOf(answer.part);
        return index;
    }
    case LineageIndex::Answer::Type::Service: {
        const Index index = self(answer.part);
        m_nodes[index].note = answer.note;
        m_addresses[index] = m_index.addressOf(answer.part);
        return index;
    }
    case LineageIndex::Answer::Type::External: {
        LineageNode fresh {.type = LineageNodeType::External, .system = system};
        fresh.label = answer.host;
        fresh.note = answer.note;
        const Index index = node(system + "://" + answer.host, "", std::move(fresh));
        m_addresses[index] = answer.host;
        return index;
    }
    case LineageIndex::Answer::Type::Unknown:
        note = answer.note;
        break;
    }
    return std::nullopt;
}

Index Joiner::host(const LineageEnd& end, std::size_t part)
{
    std::string note;
    if (const auto found = store(end.host, end.system, part, note))
        return *found;
    LineageEnd named = end;
    named.name = end.host.empty() ? end.system : end.host;
    return unresolved(named, part, note);
}

std::string Joiner::canonical(Index store) const
{
    return m_addresses[store];
}

/// "bucket/path": the namespace is the bucket, as OpenLineage has it.
Index Joiner::objectStoreData(const LineageEnd& end, std::size_t part)
{
    const std::size_t slash = end.name.find('/');
    const std::string bucket = end.name.substr(0, slash);
    const std::string path = slash == end.name.npos ? "/" : end.name.substr(slash + 1);
    LineageNode fresh {.type = LineageNodeType::Dataset, .system = "s3"};
    const Index index = node("s3://" + bucket, path, std::move(fresh));
    if (!m_nodes[index].container) {
        std::string note;
        m_nodes[index].container = store(end.host, "s3", part, note);
    }
    return index;
}

Index Joiner::data(const LineageEnd& end, std::size_t part)
{
    if (end.system == "s3")
        return objectStoreData(end, part);
    const std::string name = end.system == "rabbitmq" ? rabbitName(end.name) : end.name;
    std::string note;
    auto at = store(end.host, end.system, part, note);
    if (!at && end.host.empty()) {
        // Without an address: the only store that declares a dataset of that name.
        const auto found = m_declared.find({end.system, name});
        if (found != m_declared.end() && found->second.size() == 1)
            return found->second.front();
    }
    LineageNode fresh {.type = LineageNodeType::Dataset, .system = end.system};
    if (at) {
        fresh.container = at;
        return node(end.system + "://" + canonical(*at), name, std::move(fresh));
    }
    fresh.note = note;
    const std::string where = end.host.starts_with("object:") || end.host.starts_with("secret:")
        ? end.host.substr(7)
        : end.host;
    return node(end.system + "://" + (where.empty() ? "unresolved" : where), name,
                std::move(fresh));
}

/// Puts variables of Airflow's workloads for "$NAME"; nothing when one is set nowhere, or twice and
/// differently.
std::optional<LineageEnd> Joiner::withEnvironment(LineageEnd end, std::size_t part) const
{
    const ObjectKey& key = m_parts[part].facts->key;
    for (std::string* text : {&end.name, &end.host}) {
        for (int round = 0; round < 10 && text->find('$') != text->npos; ++round) {
            const std::size_t at = text->find('$');
            std::size_t to = at + 1;
            while (to < text->size()
                   && (std::isalnum(static_cast<unsigned char>((*text)[to])) || (*text)[to] == '_'))
                ++to;
            const std::string name = text->substr(at + 1, to - at - 1);
            std::set<std::string> values;
            for (const LineagePart& other : m_parts)
                if (key.namespaceName.empty()
                    || other.facts->key.namespaceName == key.namespaceName)
                    if (const auto found = other.facts->environment.find(name);
                        found != other.facts->environment.end())
                        values.insert(found->second);
            if (values.size() != 1 || values.begin()->find('$') != std::string::npos)
                return std::nullopt;
            text->replace(at, to - at, *values.begin());
        }
    }
    if (end.system == "s3")
        end.name = objectStorePath(end.name);
    return end;
}

std::vector<Index> Joiner::resolve(const LineageEnd& given, std::size_t part)
{
    using Type = LineageEnd::Type;
    LineageEnd end = given;
    const ObjectKey& key = m_parts[part].facts->key;
    const bool isDag = key.kind == "ConfigMap" || key.kind == "File";
    if (isDag && (end.type == Type::Data || end.type == Type::Host)
        && (end.name + end.host).find('$') != std::string::npos) {
        const auto filled = withEnvironment(end, part);
        if (!filled) {
            end.name += end.host;
            return {unresolved(end, part, "its variable is set nowhere that is read")};
        }
        end = *filled;
    }
    switch (end.type) {
    case Type::Self:
        return {self(part)};
    case Type::Object:
        return {object(end.object, end.note)};
    case Type::Named:
        return {named(end, part)};
    case Type::Host:
        return {host(end, part)};
    case Type::Data:
        return {data(end, part)};
    case Type::Unresolved:
        return {unresolved(end, part, end.note)};
    case Type::Selector: {
        std::vector<Index> out;
        for (const std::size_t found : m_index.select(end.system, end.host, end.name))
            out.push_back(self(found));
        if (out.empty())
            out.push_back(unresolved(end, part, "no workload has these labels"));
        return out;
    }
    case Type::Pattern:
        break;
    }
    return {};
}

void Joiner::addNodes(std::size_t part)
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
                m_nodes[index].container = container.front();
        }
    }
}

void Joiner::addEdge(Index from, Index to, const LineageFlow& flow)
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

void Joiner::addFlows(std::size_t part, const LineageFacts& facts, bool observedOnly)
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

std::vector<Index> Joiner::matching(const std::string& text, const std::string& system,
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
            && (!container || node.container == container) && RE2::FullMatch(node.name, pattern))
            out.push_back(i);
    }
    return out;
}

void Joiner::addPattern(const Pending& pending)
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

void Joiner::addMirrors(std::size_t part)
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
            fresh.container = to;
            const Index copy = node("kafka://" + canonical(*to),
                                    mirror.prefix + m_nodes[topic].name, std::move(fresh));
            addEdge(topic, copy, flow);
        }
    }
}

/// A folder of a bucket and one inside it: who changes one changes the other.
void Joiner::connectFolders()
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

LineageGraph Joiner::sorted()
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
    for (const Index i : order) {
        nodes.push_back(std::move(m_nodes[i]));
        if (nodes.back().container)
            nodes.back().container = renumbered[*nodes.back().container];
    }
    for (LineageEdge& edge : m_edges) {
        edge.from = renumbered[edge.from];
        edge.to = renumbered[edge.to];
    }
    std::ranges::sort(m_edges, {}, [](const LineageEdge& edge) {
        return std::tuple(edge.from, edge.to, edge.relation);
    });
    return {std::move(nodes), std::move(m_edges)};
}

LineageGraph Joiner::join()
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

} // namespace

LineageGraph joinLineage(const std::vector<LineagePart>& parts, const LineageRules& rules)
{
    return Joiner(parts, rules).join();
}

} // namespace core
