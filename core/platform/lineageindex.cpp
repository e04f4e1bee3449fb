// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageindex.h"

#include "core/base/strings.h"
#include "core/platform/lineagecells.h"
#include "core/platform/lineageuri.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace core {

using lineagecells::cell;
using lineagecells::cellOf;

namespace {

template<class Map>
void append(std::string& out, const Map& values)
{
    for (const auto& [key, value] : values) {
        out.append(key).append("=");
        if constexpr (std::is_convertible_v<decltype(value), std::string_view>)
            out.append(value);
        else
            out.append(std::to_string(value));
        out.append(";");
    }
    out += '\n';
}

std::string textOf(const LineageService& service)
{
    std::string out = service.externalName + "\n";
    append(out, service.selector);
    append(out, service.ports);
    out += service.headless ? 'h' : '-';
    out += service.implied ? 'i' : '-';
    return out;
}

/// What is to be known of a workload to select it.
std::string workloadText(const LineageFacts& facts)
{
    std::string out = facts.key.group + "\n" + facts.key.name + "\n";
    append(out, facts.podLabels);
    append(out, facts.scrapeAnnotations);
    append(out, facts.containerPorts);
    return out;
}

/// What others call a part by.
std::string faceOf(const LineageFacts& facts)
{
    std::string out = facts.alias + "\n";
    const LineageEnd* dataset = nullptr;
    for (const LineageNodeFact& fact : facts.nodes) {
        if (fact.end.type == LineageEnd::Type::Self)
            out += "self\n";
        if (!dataset && fact.end.type == LineageEnd::Type::Data)
            dataset = &fact.end;
    }
    if (dataset)
        out += dataset->system + "\n" + dataset->host + "\n" + dataset->name;
    return out;
}

} // namespace

bool LineagePartOrder::operator()(const LineagePart* a, const LineagePart* b) const
{
    if (a == b)
        return false;
    const auto tied = [](const LineagePart& part) {
        return std::tuple<bool, const ObjectKey&, std::uint32_t>(part.facts->key.kind == "File",
                                                                 part.facts->key, part.serial);
    };
    return tied(*a) < tied(*b);
}

LineageIndex::Names LineageIndex::namesOf(Part part)
{
    const LineageFacts& facts = *part->facts;
    const ObjectKey& key = facts.key;
    Names out;
    const auto add = [&](std::string name, std::string value) {
        out.emplace_back(std::move(name), std::move(value));
    };
    add(cellOf(key), "");
    add(cell("face", cellOf(key)), faceOf(facts));
    add(cell("namespace", key.namespaceName), "");
    if (!facts.isEmpty())
        add(cell("kind", key.kind, key.name), "");
    if (facts.isWorkload) {
        add(cell("workloads", key.namespaceName), workloadText(facts));
        add(cell("workloads", "*"), workloadText(facts));
    }
    if (!facts.system.empty())
        add(cell("stores", facts.system), "");
    for (const std::string& secret : facts.secrets)
        add(cell("holders", secret), "");
    for (const std::string& host : facts.outside)
        add(cell("outside", withoutPort(host)), std::to_string(portOf(host)));
    for (const auto& [name, value] : facts.environment) {
        add(cell("variable", key.namespaceName, name), value);
        add(cell("variable", "*", name), value);
    }
    for (std::size_t i = 0; i < facts.services.size(); ++i) {
        const LineageService& service = facts.services[i];
        std::string text = std::to_string(i) + (part->declared ? "d" : "-") + textOf(service);
        append(text, facts.labels);
        append(text, facts.scrapeAnnotations);
        add(cell("service", service.namespaceName, service.name), std::move(text));
    }
    const auto brought = [&](const LineageEnd& end) {
        if (end.type == LineageEnd::Type::Named)
            add(cell("brought", end.host + "/" + end.name), "");
    };
    for (const LineageNodeFact& fact : facts.nodes) {
        brought(fact.end);
        if (fact.container)
            brought(*fact.container);
        if (fact.end.type == LineageEnd::Type::Named && fact.end.system == "airflow"
            && fact.type == LineageNodeType::Job)
            add(cell("dag", fact.end.name), fact.end.host + "/" + fact.end.name);
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

void LineageIndex::drop(Cell& cell)
{
    if (cell.entries.empty() && cell.readers.empty())
        m_cells.erase(m_cells.find(*cell.name));
}

/// Puts what is new into its cells and takes out what is no longer said.
void LineageIndex::enter(Part part, Names& known, Names next)
{
    Names gone;
    Names fresh;
    std::ranges::set_difference(known, next, std::back_inserter(gone));
    std::ranges::set_difference(next, known, std::back_inserter(fresh));
    for (const auto& [name, value] : gone) {
        Cell& cell = m_cells.find(name)->second;
        const auto at = std::ranges::find_if(cell.entries, [&](const Entry& entry) {
            return entry.part == part && entry.value == value;
        });
        cell.entries.erase(at);
        drop(cell);
        m_changed.insert(name);
    }
    const LineagePartOrder isBefore;
    for (const auto& [name, value] : fresh) {
        const auto [found, isNew] = m_cells.try_emplace(name);
        Cell& cell = found->second;
        cell.name = &found->first;
        const auto at = std::ranges::upper_bound(
            cell.entries, Entry {part, value}, [&](const Entry& a, const Entry& b) {
                return a.part == b.part ? a.value < b.value : isBefore(a.part, b.part);
            });
        cell.entries.insert(at, {part, value});
        m_changed.insert(name);
    }
    known = std::move(next);
}

void LineageIndex::put(Part part)
{
    Names& known = m_names[part];
    const auto isWorkload = [](const Names& names) {
        return std::ranges::any_of(
            names, [](const auto& each) { return each.first.starts_with("workloads\n"); });
    };
    Names next = namesOf(part);
    const std::string& space = part->facts->key.namespaceName;
    if (isWorkload(known) || isWorkload(next))
        m_staleWorkloads[space].insert(part);
    if (part->facts->isWorkload)
        m_workloads[space].insert(part);
    else if (const auto found = m_workloads.find(space); found != m_workloads.end())
        found->second.erase(part);
    m_staleAddresses.insert(part);
    enter(part, known, std::move(next));
}

void LineageIndex::remove(Part part)
{
    const std::string& space = part->facts->key.namespaceName;
    if (const auto found = m_workloads.find(space); found != m_workloads.end()) {
        if (found->second.erase(part) != 0)
            m_staleWorkloads[space].insert(part);
        if (found->second.empty())
            m_workloads.erase(found);
    }
    enter(part, m_names[part], {});
    enter(part, m_declared[part], {});
    m_names.erase(part);
    m_declared.erase(part);
    forget(part);
    m_staleAddresses.erase(part);
    m_addresses.erase(part);
    m_gone.insert(part);
}

void LineageIndex::declare(Part part, Names datasets)
{
    for (auto& [name, id] : datasets)
        name = cell("dataset", name);
    std::ranges::sort(datasets);
    datasets.erase(std::ranges::unique(datasets).begin(), datasets.end());
    enter(part, m_declared[part], std::move(datasets));
}

LineageIndex::Parts LineageIndex::settle()
{
    settleServices();
    settleAddresses();
    Parts out;
    for (const std::string& name : m_changed)
        if (const auto found = m_cells.find(name); found != m_cells.end())
            for (const Part reader : found->second.readers)
                out.insert(reader);
    m_changed.clear();
    m_gone.clear();
    return out;
}

/// Services are looked at again where they changed, where who they select did, and where somebody
/// came whom they would select.
void LineageIndex::settleServices()
{
    constexpr std::string_view kService = "service\n";
    for (auto at = m_changed.lower_bound(std::string(kService));
         at != m_changed.end() && at->starts_with(kService); ++at) {
        const auto words = split(std::string_view(*at).substr(kService.size()), '\n');
        m_staleServices.insert({std::string(words.front()), std::string(words.back())});
    }
    for (const auto& [space, workloads] : m_staleWorkloads)
        for (auto at = m_services.lower_bound({space, ""});
             at != m_services.end() && at->first.namespaceName == space; ++at)
            if (!m_staleServices.contains(at->first) && isTouched(at->second, workloads))
                m_staleServices.insert(at->first);
    m_staleWorkloads.clear();
    for (const ServiceName& name : m_staleServices)
        settleService(name);
    m_staleServices.clear();
}

bool LineageIndex::isTouched(const Backend& backend, const Parts& workloads) const
{
    return std::ranges::any_of(backend.tellers, [&](const Teller& teller) {
        return std::ranges::any_of(workloads, [&](Part workload) {
            return teller.workload == workload
                || (!m_gone.contains(workload) && workload->facts->isWorkload
                    && !teller.service().implied && fits(teller.service(), workload));
        });
    });
}

/// A declared Service goes before one that an operator would make; that goes before one that the
/// cluster has and nobody declares, which is what the operator made.
std::optional<std::size_t> LineageIndex::chosenOf(const std::vector<Teller>& tellers)
{
    const auto rank = [](const Teller& teller) {
        return teller.service().implied ? 1 : teller.part->declared ? 2 : 0;
    };
    std::optional<std::size_t> out;
    for (std::size_t i = 0; i < tellers.size(); ++i)
        if (!out
            || (tellers[i].service().implied ? rank(tellers[i]) > rank(tellers[*out])
                                             : rank(tellers[i]) >= rank(tellers[*out])))
            out = i;
    return out;
}

void LineageIndex::settleService(const ServiceName& name)
{
    Backend& backend = m_services[name];
    const auto leave = [&](Part workload) {
        const auto found = m_servicesOf.find(workload);
        if (found == m_servicesOf.end())
            return;
        found->second.erase(name);
        if (found->second.empty())
            m_servicesOf.erase(found);
        if (!m_gone.contains(workload))
            m_staleAddresses.insert(workload);
    };
    for (const Teller& teller : backend.tellers)
        if (teller.workload)
            leave(teller.workload);
    backend.tellers.clear();
    backend.chosen.reset();
    std::string seen;
    const auto found = m_cells.find(cell("service", name.namespaceName, name.name));
    if (found != m_cells.end())
        for (const Entry& entry : found->second.entries) {
            Teller teller {entry.part, std::stoul(entry.value), nullptr};
            teller.workload = teller.service().implied ? entry.part : workloadOf(teller.service());
            if (teller.workload) {
                m_servicesOf[teller.workload].insert(name);
                m_staleAddresses.insert(teller.workload);
            }
            backend.tellers.push_back(teller);
        }
    std::ranges::stable_sort(backend.tellers, [](const Teller& a, const Teller& b) {
        const LineagePartOrder isBefore;
        return a.part == b.part ? a.at < b.at : isBefore(a.part, b.part);
    });
    backend.chosen = chosenOf(backend.tellers);
    if (backend.chosen) {
        const Teller& chosen = backend.tellers[*backend.chosen];
        const auto told = [](Part part) {
            return part ? cellOf(part->facts->key) + "\n" + std::to_string(part->serial) : "";
        };
        seen = told(chosen.part) + "\n" + told(chosen.workload) + "\n" + textOf(chosen.service());
        append(seen, chosen.part->facts->labels);
        append(seen, chosen.part->facts->scrapeAnnotations);
    }
    if (seen != backend.seen) {
        m_changed.insert(cellOf(name));
        m_changed.insert(cell("backends", name.namespaceName));
        m_changed.insert(cell("backends", "*"));
    }
    backend.seen = std::move(seen);
    if (backend.tellers.empty())
        m_services.erase(name);
}

void LineageIndex::settleAddresses()
{
    for (const Part part : m_staleAddresses) {
        const auto told = m_addresses.find(part);
        if (told == m_addresses.end())
            continue;
        std::string now = addressNow(part);
        if (now == told->second)
            continue;
        told->second = std::move(now);
        m_changed.insert(cell("address", cellOf(part->facts->key), std::to_string(part->serial)));
    }
    m_staleAddresses.clear();
}

bool LineageIndex::fits(const LineageService& service, Part workload) const
{
    const LineageFacts& facts = *workload->facts;
    return !service.selector.empty()
        && std::ranges::all_of(service.selector, [&](const auto& wanted) {
               // The StatefulSet's controller labels each pod with its own name.
               if (wanted.first == "statefulset.kubernetes.io/pod-name")
                   return wanted.second.substr(0, wanted.second.rfind('-')) == facts.key.name;
               const auto label = facts.podLabels.find(wanted.first);
               return label != facts.podLabels.end() && label->second == wanted.second;
           });
}

LineageIndex::Part LineageIndex::workloadOf(const LineageService& service) const
{
    const auto found = m_workloads.find(service.namespaceName);
    if (found == m_workloads.end())
        return nullptr;
    Part out = nullptr;
    for (const Part part : found->second) {
        // A Job that only shares labels with a server does not answer.
        const bool isJob = part->facts->key.group == "batch";
        if (fits(service, part) && (!out || (out->facts->key.group == "batch" && !isJob)))
            out = part;
    }
    return out;
}

std::string LineageIndex::addressNow(Part part) const
{
    const LineageFacts& facts = *part->facts;
    if (!facts.outside.empty())
        return facts.outside.front();
    std::vector<const Teller*> tellers;
    if (const auto found = m_servicesOf.find(part); found != m_servicesOf.end())
        for (const ServiceName& name : found->second)
            for (const Teller& teller : m_services.at(name).tellers)
                if (teller.workload == part)
                    tellers.push_back(&teller);
    std::ranges::sort(tellers, [](const Teller* a, const Teller* b) {
        const LineagePartOrder isBefore;
        return a->part == b->part ? a->at < b->at : isBefore(a->part, b->part);
    });
    const LineageService* best = nullptr;
    for (const Teller* teller : tellers) {
        const LineageService* each = &teller->service();
        // Of several Services the plain one: not headless, then as it was found.
        if (!best || (best->headless && !each->headless)
            || (best->headless == each->headless && best->implied && !each->implied))
            best = each;
    }
    int port = facts.port;
    if (best && !best->ports.empty()) {
        const auto fits = std::ranges::any_of(
            best->ports, [&](const auto& each) { return each.second == facts.port; });
        port = fits ? facts.port : best->ports.front().second;
    }
    std::string out = (best ? best->name : facts.key.name) + "." + facts.key.namespaceName + ".svc";
    if (port)
        out += ":" + std::to_string(port);
    return out;
}

} // namespace core
