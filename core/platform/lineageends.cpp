// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "core/platform/lineagejoiner.h"
#include "core/platform/lineagelayers.h"
#include "core/platform/lineageuri.h"
#include "core/platform/terraform.h"

#include <algorithm>
#include <cctype>

namespace core {

using Index = LineageGraph::Index;

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

} // namespace

std::string rabbitName(std::string name)
{
    if (name.starts_with("//"))
        name = "%2F" + name.substr(1);
    return name;
}

Index LineageJoiner::node(const std::string& namespaceName, const std::string& name,
                          LineageNode&& fresh, std::optional<Index> container)
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
        m_containers.push_back(container.value_or(LineageGraph::kNone));
    }
    return found->second;
}

/// The node of an object itself; of one that only declares a dataset, the dataset.
Index LineageJoiner::self(std::size_t part)
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

Index LineageJoiner::object(const ObjectKey& key, const std::string& note)
{
    const auto part = key.namespaceName == "*" ? m_index.findAnywhere(key) : m_index.find(key);
    if (part)
        return self(*part);
    LineageNode fresh {.type = LineageNodeType::Unresolved, .system = key.kind, .label = key.name};
    fresh.note = key.text() + " is not declared" + (note.empty() ? "" : " (" + note + ")");
    return node("kubernetes://" + (key.namespaceName == "*" ? "" : key.namespaceName),
                key.kind + "/" + key.name, std::move(fresh));
}

Index LineageJoiner::unresolved(const LineageEnd& end, std::size_t part, const std::string& note)
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
std::optional<Index> LineageJoiner::sameDag(const LineageEnd& end)
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

Index LineageJoiner::named(const LineageEnd& end, std::size_t part)
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
std::optional<Index> LineageJoiner::store(const std::string& host, const std::string& system,
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

std::optional<Index> LineageJoiner::storeAt(const std::string& host, const std::string& system,
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

Index LineageJoiner::host(const LineageEnd& end, std::size_t part)
{
    std::string note;
    if (const auto found = store(end.host, end.system, part, note))
        return *found;
    LineageEnd named = end;
    named.name = end.host.empty() ? end.system : end.host;
    return unresolved(named, part, note);
}

std::string LineageJoiner::canonical(Index store) const
{
    return m_addresses[store];
}

/// "bucket/path": the namespace is the bucket, as OpenLineage has it.
Index LineageJoiner::objectStoreData(const LineageEnd& end, std::size_t part)
{
    const std::size_t slash = end.name.find('/');
    const std::string bucket = end.name.substr(0, slash);
    const std::string path = slash == end.name.npos ? "/" : end.name.substr(slash + 1);
    LineageNode fresh {.type = LineageNodeType::Dataset, .system = "s3"};
    const Index index = node("s3://" + bucket, path, std::move(fresh));
    if (m_containers[index] == LineageGraph::kNone) {
        std::string note;
        const auto found = store(end.host, "s3", part, note);
        m_containers[index] = found.value_or(LineageGraph::kNone);
    }
    return index;
}

Index LineageJoiner::data(const LineageEnd& end, std::size_t part)
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
        return node(end.system + "://" + canonical(*at), name, std::move(fresh), at);
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
std::optional<LineageEnd> LineageJoiner::withEnvironment(LineageEnd end, std::size_t part) const
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

std::vector<Index> LineageJoiner::resolve(const LineageEnd& given, std::size_t part)
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

} // namespace core
