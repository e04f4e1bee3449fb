// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageindex.h"

#include "core/base/strings.h"
#include "core/platform/lineageuri.h"

#include <algorithm>

namespace core {

LineageIndex::LineageIndex(const std::vector<LineagePart>& parts)
    : m_parts(parts)
{
    m_byKey.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const LineageFacts& facts = *parts[i].facts;
        m_namespaces.insert(facts.key.namespaceName);
        m_byKey.emplace(facts.key, i);
        if (!facts.isEmpty())
            m_byKindAndName[{facts.key.kind, facts.key.name}].push_back(i);
        if (facts.isWorkload)
            m_workloads[facts.key.namespaceName].push_back(i);
        if (!facts.system.empty())
            m_stores[facts.system].push_back(i);
        for (const std::string& secret : facts.secrets)
            m_secretHolders[secret].push_back(i);
        for (const std::string& host : facts.outside)
            m_outside.emplace(withoutPort(host), std::pair(i, portOf(host)));
    }
    // A declared Service goes before one that an operator would make; that goes before one that the
    // cluster has and nobody declares, which is what the operator made.
    const auto rank = [&](const ServiceEntry& entry) {
        return entry.service->implied ? 1 : parts[entry.part].declared ? 2 : 0;
    };
    for (std::size_t i = 0; i < parts.size(); ++i)
        for (const LineageService& service : parts[i].facts->services) {
            ServiceEntry entry {i, &service, {}};
            entry.workload = service.implied ? i : workloadOf(service);
            const ServiceName name {service.namespaceName, service.name};
            const auto [before, added] = m_services.emplace(name, entry);
            if (!added
                && (service.implied ? rank(entry) > rank(before->second)
                                    : rank(entry) >= rank(before->second)))
                before->second = entry;
            if (entry.workload)
                m_servicesOf[*entry.workload].push_back(&service);
        }
}

std::optional<std::size_t> LineageIndex::workloadOf(const LineageService& service) const
{
    const auto found = m_workloads.find(service.namespaceName);
    if (service.selector.empty() || found == m_workloads.end())
        return std::nullopt;
    std::optional<std::size_t> out;
    for (const std::size_t part : found->second) {
        const LineageFacts& facts = *m_parts[part].facts;
        const auto& labels = facts.podLabels;
        const bool fits = std::ranges::all_of(service.selector, [&](const auto& wanted) {
            // The StatefulSet's controller labels each pod with its own name.
            if (wanted.first == "statefulset.kubernetes.io/pod-name")
                return wanted.second.substr(0, wanted.second.rfind('-')) == facts.key.name;
            const auto label = labels.find(wanted.first);
            return label != labels.end() && label->second == wanted.second;
        });
        // A Job that only shares labels with a server does not answer.
        const bool isJob = m_parts[part].facts->key.group == "batch";
        if (fits && (!out || (m_parts[*out].facts->key.group == "batch" && !isJob)))
            out = part;
    }
    return out;
}

LineageIndex::Answer LineageIndex::outside(std::string host, std::string note) const
{
    const auto found = m_outside.find(toLower(withoutPort(host)));
    const int port = portOf(host);
    if (found != m_outside.end()
        && (port == 0 || found->second.second == 0 || port == found->second.second))
        return {Answer::Type::Part, found->second.first, "", ""};
    return {Answer::Type::External, 0, std::move(host), std::move(note)};
}

LineageIndex::Answer LineageIndex::answer(std::string_view host,
                                          const std::string& fromNamespace) const
{
    host = trimmed(host.substr(0, host.find(',')));
    if (const std::size_t scheme = host.find("://"); scheme != host.npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find('/'));
    const std::string name = toLower(withoutPort(host));
    if (name.empty() || name.size() > 300)
        return {.note = "no address is given"};
    for (const ServiceName& candidate : serviceCandidates(name, fromNamespace)) {
        const auto found = m_services.find(candidate);
        if (found == m_services.end())
            continue;
        const ServiceEntry& entry = found->second;
        if (entry.workload)
            return {Answer::Type::Part, *entry.workload, "", ""};
        if (!entry.service->externalName.empty()) {
            const std::string port = portOf(host) ? ":" + std::to_string(portOf(host)) : "";
            return outside(entry.service->externalName + port,
                           "through Service " + candidate.namespaceName + "/" + candidate.name);
        }
        return {Answer::Type::Service, entry.part, "", "the Service selects nothing that is known"};
    }
    const auto labels = split(name, '.');
    const bool isInCluster = labels.size() == 1 || name.ends_with(".svc")
        || name.find(".svc.") != name.npos || name.ends_with(".cluster.local")
        || (labels.size() == 2 && m_namespaces.contains(std::string(labels[1])));
    if (!isInCluster || isAddress(name) || m_outside.contains(name))
        return outside(std::string(host), "");
    return {Answer::Type::Unknown, 0, std::string(host),
            "there is no Service \"" + name + "\" for namespace " + fromNamespace};
}

std::optional<std::size_t> LineageIndex::find(const ObjectKey& key) const
{
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> LineageIndex::findAnywhere(const ObjectKey& key) const
{
    const auto found = m_byKindAndName.find({key.kind, key.name});
    if (found == m_byKindAndName.end() || found->second.size() != 1)
        return std::nullopt;
    return found->second.front();
}

std::vector<std::size_t> LineageIndex::select(const std::string& how, const std::string& namespaces,
                                              const std::string& selector) const
{
    std::vector<std::size_t> out;
    const auto wanted = split(namespaces, ',');
    const auto isWanted = [&](const std::string& each) {
        return namespaces.empty() || std::ranges::find(wanted, each) != wanted.end();
    };
    const auto isScraped = [](const LineageFacts& facts) {
        const auto found = facts.scrapeAnnotations.find("prometheus.io/scrape");
        return found != facts.scrapeAnnotations.end() && found->second == "true";
    };
    const auto add = [&](std::size_t part) {
        if (std::ranges::find(out, part) == out.end())
            out.push_back(part);
    };
    if (how == "port") { // a number, or a name
        for (const auto& [space, workloads] : m_workloads)
            for (const std::size_t part : isWanted(space) ? workloads : std::vector<std::size_t> {})
                if (std::ranges::any_of(m_parts[part].facts->containerPorts, [&](const auto& each) {
                        return each.first == selector || std::to_string(each.second) == selector;
                    }))
                    add(part);
        return out;
    }
    const auto labels = LabelSelector::parse(selector);
    if (how != "annotation" && (!labels || labels->isEmpty()))
        return out;
    const bool bySelector = how == "service" || (how == "annotation" && selector == "service");
    if (bySelector) {
        for (const auto& [name, entry] : m_services) {
            const LineageFacts& facts = *m_parts[entry.part].facts;
            if (!entry.service->implied && entry.workload && isWanted(name.namespaceName)
                && (how == "annotation" ? isScraped(facts) : labels->matches(facts.labels)))
                add(*entry.workload);
        }
        return out;
    }
    for (const auto& [space, workloads] : m_workloads)
        if (isWanted(space))
            for (const std::size_t part : workloads) {
                const LineageFacts& facts = *m_parts[part].facts;
                if (how == "annotation" ? isScraped(facts) : labels->matches(facts.podLabels))
                    add(part);
            }
    return out;
}

std::vector<std::size_t> LineageIndex::holdersOf(const std::string& secret) const
{
    const auto found = m_secretHolders.find(secret);
    return found == m_secretHolders.end() ? std::vector<std::size_t> {} : found->second;
}

const std::vector<std::size_t>& LineageIndex::stores(const std::string& system) const
{
    static const std::vector<std::size_t> none;
    const auto found = m_stores.find(system);
    return found == m_stores.end() ? none : found->second;
}

std::string LineageIndex::addressOf(std::size_t part) const
{
    const LineageFacts& facts = *m_parts[part].facts;
    if (!facts.outside.empty())
        return facts.outside.front();
    const LineageService* best = nullptr;
    if (const auto found = m_servicesOf.find(part); found != m_servicesOf.end())
        for (const LineageService* each : found->second)
            // Of several Services the plain one: not headless, then as it was found.
            if (!best || (best->headless && !each->headless)
                || (best->headless == each->headless && best->implied && !each->implied))
                best = each;
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
