// SPDX-License-Identifier: GPL-3.0-or-later
// Who an end of a flow is: names become nodes, by what the index answers.
#include "core/base/strings.h"
#include "core/platform/lineagejoiner.h"
#include "core/platform/lineageuri.h"
#include "core/platform/terraform.h"

#include <algorithm>
#include <cctype>

namespace core {

using Slot = LineageSlot;

std::string rabbitName(std::string name)
{
    if (name.starts_with("//"))
        name = "%2F" + name.substr(1);
    return name;
}

Slot LineageJoiner::said(const std::string& namespaceName, const std::string& name,
                         LineageSaid what)
{
    const Slot slot = m_nodes.slot(namespaceName, name);
    if (m_now)
        m_nodes.say(m_now->claims, slot, std::move(what), m_step);
    return slot;
}

/// The node of an object itself; of one that only declares a dataset, the dataset.
Slot LineageJoiner::self(Part part)
{
    m_index.readFace(part);
    const LineageFacts& facts = *part->facts;
    const LineageNodeFact* own = nullptr;
    const LineageNodeFact* dataset = nullptr;
    for (const LineageNodeFact& fact : facts.nodes) {
        if (!own && fact.end.type == LineageEnd::Type::Self)
            own = &fact;
        if (!dataset && fact.end.type == LineageEnd::Type::Data)
            dataset = &fact;
    }
    const bool isOpen = std::ranges::find(m_selves, part) != m_selves.end();
    if (!own && dataset && facts.key.kind != "ConfigMap" && !isOpen) {
        m_selves.push_back(part);
        const Slot out = data(dataset->end, part);
        m_selves.pop_back();
        return out;
    }
    const bool isBelow = facts.key.group == kTerraformGroup;
    const Slot slot =
        m_nodes.slot((isBelow ? "terraform://" : "kubernetes://") + facts.key.namespaceName,
                     facts.key.kind + "/" + facts.key.name);
    if (m_now)
        m_nodes.claim(
            m_now->claims,
            {.type = LineageClaim::Type::Self, .step = m_step, .slot = slot, .part = part});
    return slot;
}

Slot LineageJoiner::object(const ObjectKey& key, const std::string& note)
{
    const Part part = key.namespaceName == "*" ? m_index.findAnywhere(key) : m_index.find(key);
    if (part)
        return self(part);
    LineageSaid what {.type = LineageNodeType::Unresolved, .system = key.kind, .label = key.name};
    what.note = key.text() + " is not declared" + (note.empty() ? "" : " (" + note + ")");
    return said("kubernetes://" + (key.namespaceName == "*" ? "" : key.namespaceName),
                key.kind + "/" + key.name, std::move(what));
}

Slot LineageJoiner::unresolved(const LineageEnd& end, Part part, const std::string& note)
{
    const ObjectKey& key = part->facts->key;
    return said("unresolved://" + key.namespaceName + "/" + key.kind + "/" + key.name, end.name,
                {.type = LineageNodeType::Unresolved,
                 .system = end.system,
                 .label = end.name,
                 .note = note,
                 .kubernetesNamespace = key.namespaceName});
}

/// DAGs of a repository are in no namespace, those of ConfigMaps in one: a name that is not where
/// it is looked for, and is in exactly one other place, is meant.
std::optional<std::string> LineageJoiner::sameDag(const LineageEnd& end)
{
    if (!m_areFlows || m_index.isBrought(end.host + "/" + end.name))
        return std::nullopt;
    const auto found = m_index.dags(end.name);
    if (found.size() != 1)
        return std::nullopt;
    return found.begin()->substr(0, found.begin()->size() - end.name.size() - 1);
}

Slot LineageJoiner::named(const LineageEnd& end, Part part)
{
    LineageSaid what {.type = LineageNodeType::External, .system = end.system};
    if (end.system == "dataset")
        what.type = LineageNodeType::Dataset;
    std::string where = end.host;
    if (end.system == "airflow")
        if (const auto elsewhere = sameDag(end))
            where = *elsewhere;
    if (end.system == "airflow" || end.system == "camel") {
        what.type = LineageNodeType::Unresolved;
        what.note = "no DAG of that name is here";
    }
    if (end.system == "http") {
        what.label = "HTTP " + (end.name.empty() ? "/" : end.name);
        what.note = "whoever calls it";
    }
    what.kubernetesNamespace = part->facts->key.namespaceName;
    return said(where, end.name, std::move(what));
}

LineageJoiner::Store LineageJoiner::storeOf(Part part)
{
    return {self(part), m_index.addressOf(part)};
}

/// The store (or service) at an address. Nothing, with a note, when it cannot be told.
std::optional<LineageJoiner::Store> LineageJoiner::store(const std::string& host,
                                                         const std::string& system, Part part,
                                                         std::string& note)
{
    if (host.starts_with("object:")) {
        const auto words = split(std::string_view(host).substr(7), '/');
        if (words.size() != 4)
            return std::nullopt;
        const ObjectKey key {std::string(words[0]), std::string(words[1]), std::string(words[2]),
                             std::string(words[3])};
        const Part found = m_index.find(key);
        if (!found) {
            note = key.text() + " is not declared";
            return std::nullopt;
        }
        m_index.readFace(found);
        const std::string& alias = found->facts->alias;
        if (!alias.empty() && !alias.starts_with("object:"))
            return store(alias, system, found, note);
        return storeOf(found);
    }
    if (host.starts_with("secret:")) {
        note = "its address stands in Secret " + host.substr(7) + ", which is not read";
        return std::nullopt;
    }
    if (host.empty()) {
        const auto all = m_index.stores(system);
        if (all.size() == 1)
            return storeOf(all.front());
        note = all.empty() ? "no address is given, and no store of " + system + " is here"
                           : "no address is given, and there are several stores of " + system;
        return std::nullopt;
    }
    return storeAt(host, system, part, note);
}

std::optional<LineageJoiner::Store> LineageJoiner::storeAt(const std::string& host,
                                                           const std::string& system, Part part,
                                                           std::string& note)
{
    const auto answer = m_index.answer(host, part->facts->key.namespaceName);
    switch (answer.type) {
    case LineageIndex::Answer::Type::Part:
        return storeOf(answer.part);
    case LineageIndex::Answer::Type::Service: {
        const Store out = storeOf(answer.part);
        if (m_now)
            m_nodes.claim(m_now->claims,
                          {.type = LineageClaim::Type::Note, .step = m_step, .slot = out.slot});
        return out;
    }
    case LineageIndex::Answer::Type::External:
        return Store {said(system + "://" + answer.host, "",
                           {.type = LineageNodeType::External,
                            .system = system,
                            .label = answer.host,
                            .note = answer.note}),
                      answer.host};
    case LineageIndex::Answer::Type::Unknown:
        note = answer.note;
        break;
    }
    return std::nullopt;
}

std::optional<LineageJoiner::Store> LineageJoiner::containerAt(const LineageEnd& end, Part part,
                                                               std::string& note)
{
    const LineageStep step = std::exchange(m_step, LineageStep::Aside);
    auto out = store(end.host, end.system, part, note);
    m_step = step;
    return out;
}

Slot LineageJoiner::host(const LineageEnd& end, Part part)
{
    std::string note;
    if (const auto found = store(end.host, end.system, part, note))
        return found->slot;
    LineageEnd named = end;
    named.name = end.host.empty() ? end.system : end.host;
    return unresolved(named, part, note);
}

/// "bucket/path": the namespace is the bucket, as OpenLineage has it.
Slot LineageJoiner::objectStoreData(const LineageEnd& end, Part part)
{
    const std::size_t slash = end.name.find('/');
    const std::string bucket = end.name.substr(0, slash);
    const std::string path = slash == end.name.npos ? "/" : end.name.substr(slash + 1);
    LineageSaid what {.type = LineageNodeType::Dataset, .system = "s3"};
    std::string note;
    if (const auto found = containerAt(end, part, note))
        what.container = found->slot;
    return said("s3://" + bucket, path, std::move(what));
}

Slot LineageJoiner::data(const LineageEnd& end, Part part)
{
    if (end.system == "s3")
        return objectStoreData(end, part);
    const std::string name = end.system == "rabbitmq" ? rabbitName(end.name) : end.name;
    std::string note;
    LineageSaid what {.type = LineageNodeType::Dataset, .system = end.system};
    if (const auto at = containerAt(end, part, note)) {
        what.container = at->slot;
        return said(end.system + "://" + at->address, name, std::move(what));
    }
    if (end.host.empty()) {
        // Without an address: the only store that declares a dataset of that name.
        const auto found = m_index.declared(end.system, name);
        if (found.size() == 1)
            return said(found.begin()->substr(0, found.begin()->size() - name.size() - 1), name,
                        std::move(what));
    }
    what.note = note;
    const std::string where = end.host.starts_with("object:") || end.host.starts_with("secret:")
        ? end.host.substr(7)
        : end.host;
    return said(end.system + "://" + (where.empty() ? "unresolved" : where), name, std::move(what));
}

/// What a part declares at a place that is known without asking who else declares it.
std::vector<std::pair<std::string, std::string>> LineageJoiner::declaredBy(Part part)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const LineageNodeFact& fact : part->facts->nodes) {
        if (fact.end.type != LineageEnd::Type::Data || fact.type != LineageNodeType::Dataset
            || fact.end.system == "s3")
            continue;
        const auto end = filled(fact.end, part);
        if (!end)
            continue;
        const std::string name = end->system == "rabbitmq" ? rabbitName(end->name) : end->name;
        std::string note;
        const auto at = containerAt(*end, part, note);
        if (!at && end->host.empty())
            continue;
        const std::string where =
            end->host.starts_with("object:") || end->host.starts_with("secret:")
            ? end->host.substr(7)
            : end->host;
        out.emplace_back(end->system + "\n" + name,
                         end->system + "://" + (at ? at->address : where) + "/" + name);
    }
    return out;
}

/// Puts variables of Airflow's workloads for "$NAME"; nothing when one is set nowhere, or twice and
/// differently.
std::optional<std::string> LineageJoiner::withVariables(std::string text,
                                                        const std::string& namespaceName)
{
    for (int round = 0; round < 10 && text.find('$') != text.npos; ++round) {
        const std::size_t at = text.find('$');
        std::size_t to = at + 1;
        while (to < text.size()
               && (std::isalnum(static_cast<unsigned char>(text[to])) || text[to] == '_'))
            ++to;
        const auto values = m_index.variable(namespaceName, text.substr(at + 1, to - at - 1));
        if (values.size() != 1 || values.begin()->find('$') != std::string::npos)
            return std::nullopt;
        text.replace(at, to - at, *values.begin());
    }
    return text;
}

std::optional<LineageEnd> LineageJoiner::filled(const LineageEnd& end, Part part)
{
    const ObjectKey& key = part->facts->key;
    const bool isDag = key.kind == "ConfigMap" || key.kind == "File";
    if (!isDag || (end.type != LineageEnd::Type::Data && end.type != LineageEnd::Type::Host)
        || (end.name + end.host).find('$') == std::string::npos)
        return end;
    const auto name = withVariables(end.name, key.namespaceName);
    const auto host = withVariables(end.host, key.namespaceName);
    if (!name || !host)
        return std::nullopt;
    LineageEnd out = end;
    out.name = end.system == "s3" ? objectStorePath(*name) : *name;
    out.host = *host;
    return out;
}

std::vector<Slot> LineageJoiner::resolve(const LineageEnd& given, Part part)
{
    using Type = LineageEnd::Type;
    const auto end = filled(given, part);
    if (!end) {
        LineageEnd open = given;
        open.name += open.host;
        return {unresolved(open, part, "its variable is set nowhere that is read")};
    }
    switch (end->type) {
    case Type::Self:
        return {self(part)};
    case Type::Object:
        return {object(end->object, end->note)};
    case Type::Named:
        return {named(*end, part)};
    case Type::Host:
        return {host(*end, part)};
    case Type::Data:
        return {data(*end, part)};
    case Type::Unresolved:
        return {unresolved(*end, part, end->note)};
    case Type::Selector: {
        std::vector<Slot> out;
        for (const Part found : m_index.select(end->system, end->host, end->name))
            out.push_back(self(found));
        if (out.empty())
            out.push_back(unresolved(*end, part, "no workload has these labels"));
        return out;
    }
    case Type::Pattern:
        break;
    }
    return {};
}

} // namespace core
