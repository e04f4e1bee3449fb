// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked up in the index of lineage, each with a note of who asked.
#include "core/base/strings.h"
#include "core/object/selector.h"
#include "core/platform/lineagecells.h"
#include "core/platform/lineageindex.h"
#include "core/platform/lineageuri.h"

#include <algorithm>

namespace core {

using lineagecells::cell;
using lineagecells::cellOf;

namespace {

bool isScraped(const LineageFacts& facts)
{
    const auto found = facts.scrapeAnnotations.find("prometheus.io/scrape");
    return found != facts.scrapeAnnotations.end() && found->second == "true";
}

} // namespace

void LineageIndex::forget(Part reader)
{
    const auto found = m_reads.find(reader);
    if (found == m_reads.end())
        return;
    for (Cell* cell : found->second) {
        cell->readers.erase(reader);
        drop(*cell);
    }
    m_reads.erase(found);
}

LineageIndex::Cell& LineageIndex::look(const std::string& name)
{
    const auto [found, isNew] = m_cells.try_emplace(name);
    found->second.name = &found->first;
    if (m_reader && found->second.readers.insert(m_reader).second)
        m_reads[m_reader].push_back(&found->second);
    return found->second;
}

std::vector<LineageIndex::Part> LineageIndex::partsAt(const std::string& name)
{
    std::vector<Part> out;
    for (const Entry& entry : look(name).entries)
        if (out.empty() || out.back() != entry.part)
            out.push_back(entry.part);
    return out;
}

std::set<std::string> LineageIndex::valuesAt(const std::string& name)
{
    std::set<std::string> out;
    for (const Entry& entry : look(name).entries)
        out.insert(entry.value);
    return out;
}

LineageIndex::Answer LineageIndex::outside(std::string host, std::string note)
{
    const auto& known = look(cell("outside", toLower(withoutPort(host)))).entries;
    const int port = portOf(host);
    if (!known.empty()) {
        const int itsPort = std::stoi(known.front().value);
        if (port == 0 || itsPort == 0 || port == itsPort)
            return {Answer::Type::Part, known.front().part, "", ""};
    }
    return {Answer::Type::External, nullptr, std::move(host), std::move(note)};
}

LineageIndex::Answer LineageIndex::answer(std::string_view host, const std::string& fromNamespace)
{
    host = trimmed(host.substr(0, host.find(',')));
    if (const std::size_t scheme = host.find("://"); scheme != host.npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find('/'));
    const std::string name = toLower(withoutPort(host));
    if (name.empty() || name.size() > 300)
        return {.note = "no address is given"};
    for (const ServiceName& candidate : serviceCandidates(name, fromNamespace)) {
        look(cellOf(candidate));
        const auto found = m_services.find(candidate);
        if (found == m_services.end() || !found->second.chosen)
            continue;
        const Teller& teller = found->second.tellers[*found->second.chosen];
        if (teller.workload)
            return {Answer::Type::Part, teller.workload, "", ""};
        if (!teller.service().externalName.empty()) {
            const std::string port = portOf(host) ? ":" + std::to_string(portOf(host)) : "";
            return outside(teller.service().externalName + port,
                           "through Service " + candidate.namespaceName + "/" + candidate.name);
        }
        return {Answer::Type::Service, teller.part, "",
                "the Service selects nothing that is known"};
    }
    const auto labels = split(name, '.');
    const bool isInCluster = labels.size() == 1 || name.ends_with(".svc")
        || name.find(".svc.") != name.npos || name.ends_with(".cluster.local")
        || (labels.size() == 2 && isThere(cell("namespace", labels[1])));
    if (!isInCluster || isAddress(name) || isThere(cell("outside", name)))
        return outside(std::string(host), "");
    return {Answer::Type::Unknown, nullptr, std::string(host),
            "there is no Service \"" + name + "\" for namespace " + fromNamespace};
}

LineageIndex::Part LineageIndex::find(const ObjectKey& key)
{
    const auto& entries = look(cellOf(key)).entries;
    return entries.empty() ? nullptr : entries.front().part;
}

LineageIndex::Part LineageIndex::findAnywhere(const ObjectKey& key)
{
    const auto found = partsAt(cell("kind", key.kind, key.name));
    return found.size() == 1 ? found.front() : nullptr;
}

LineageIndex::Parts LineageIndex::select(const std::string& how, const std::string& namespaces,
                                         const std::string& selector)
{
    const auto labels = LabelSelector::parse(selector);
    const bool byAnnotation = how == "annotation";
    Parts out;
    if (!byAnnotation && how != "port" && (!labels || labels->isEmpty()))
        return out;
    std::vector<std::string> spaces;
    const std::string_view wanted = namespaces.empty() ? std::string_view("*") : namespaces;
    for (const std::string_view each : split(wanted, ','))
        spaces.emplace_back(each);
    for (const std::string& space : spaces) {
        if (how == "service" || (byAnnotation && selector == "service")) {
            selectServices(byAnnotation, space, selector, out);
            continue;
        }
        for (const Entry& entry : look(cell("workloads", space)).entries) {
            const LineageFacts& facts = *entry.part->facts;
            // A port is a number, or a name.
            const bool fits = how == "port"
                ? std::ranges::any_of(facts.containerPorts,
                                      [&](const auto& each) {
                                          return each.first == selector
                                              || std::to_string(each.second) == selector;
                                      })
                : byAnnotation ? isScraped(facts)
                               : labels->matches(facts.podLabels);
            if (fits)
                out.insert(entry.part);
        }
    }
    return out;
}

void LineageIndex::selectServices(bool byAnnotation, const std::string& space,
                                  const std::string& selector, Parts& out)
{
    look(cell("backends", space));
    const auto labels = LabelSelector::parse(selector);
    const bool all = space == "*";
    for (auto at = all ? m_services.begin() : m_services.lower_bound({space, ""});
         at != m_services.end() && (all || at->first.namespaceName == space); ++at) {
        if (!at->second.chosen)
            continue;
        const Teller& teller = at->second.tellers[*at->second.chosen];
        const LineageFacts& facts = *teller.part->facts;
        if (!teller.service().implied && teller.workload
            && (byAnnotation ? isScraped(facts) : labels->matches(facts.labels)))
            out.insert(teller.workload);
    }
}

std::vector<LineageIndex::Part> LineageIndex::holdersOf(const std::string& secret)
{
    return partsAt(cell("holders", secret));
}

std::vector<LineageIndex::Part> LineageIndex::stores(const std::string& system)
{
    return partsAt(cell("stores", system));
}

std::string LineageIndex::addressOf(Part part)
{
    look(cell("address", cellOf(part->facts->key), std::to_string(part->serial)));
    const auto [known, isNew] = m_addresses.try_emplace(part);
    if (isNew)
        known->second = addressNow(part);
    return known->second;
}

void LineageIndex::readFace(Part part)
{
    look(cell("face", cellOf(part->facts->key)));
}

std::set<std::string> LineageIndex::variable(const std::string& namespaceName,
                                             const std::string& name)
{
    return valuesAt(cell("variable", namespaceName.empty() ? "*" : namespaceName, name));
}

std::set<std::string> LineageIndex::declared(const std::string& system, const std::string& name)
{
    return valuesAt(cell("dataset", system, name));
}

std::set<std::string> LineageIndex::dags(const std::string& name)
{
    return valuesAt(cell("dag", name));
}

bool LineageIndex::isBrought(const std::string& id)
{
    return isThere(cell("brought", id));
}

} // namespace core
