// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findingsmodel.h"

#include "core/platform/findingsparts.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace core {

struct FindingsModel::Entry
{
    std::map<std::string, std::uint64_t> seen; ///< versions that the findings rest on
    std::vector<Finding> findings;
    NamespaceClaims claims;
    MirroredNames mirrorsIn; ///< that others copy into it, as it was judged
    std::uint64_t claimsVersion = 0;
    bool isJudged = false;
    /// Plain listeners that its pods reach, with the versions that this rests on.
    std::map<std::pair<ObjectKey, std::string>, std::pair<std::uint64_t, bool>> reaches;
};

namespace {

/// Sums tell changes: a version only grows.
std::uint64_t versionOf(const PlatformModel& model, const std::string& name)
{
    return model.isKnown(name) ? model.space(name).version() + 1 : 0;
}

/// The namespaces that the texts of a namespace's pods may mean.
void addNamed(const PlatformModel& model, const std::string& name,
              std::map<std::string, std::uint64_t>& out)
{
    for (const ModelObject* object : model.space(name).workloads())
        for (const PodFacts& pods : object->facts()->pods)
            for (const EndpointFact& fact : pods.endpoints)
                for (const ServiceName& candidate : serviceCandidates(fact.endpoint.host, name))
                    out.try_emplace(candidate.namespaceName,
                                    versionOf(model, candidate.namespaceName));
}

} // namespace

FindingsModel::FindingsModel(TenantRules rules)
    : m_rules(std::move(rules))
{
}

FindingsModel::~FindingsModel() = default;

bool FindingsModel::isFresh(const PlatformModel& model, const Entry& entry) const
{
    return entry.isJudged && std::ranges::all_of(entry.seen, [&](const auto& each) {
               return versionOf(model, each.first) == each.second;
           });
}

void FindingsModel::judge(const PlatformModel& model, const std::string& name, Entry& entry) const
{
    entry.findings = {};
    entry.seen = {{name, versionOf(model, name)}, {"", versionOf(model, "")}};
    addNamed(model, name, entry.seen);
    std::vector<Finding>& out = entry.findings;
    findNetworkIn(model, name, out);
    if (const auto tenant = m_tenantOf.find(name); tenant != m_tenantOf.end())
        findIsolationIn(model, tenant->second, name, out);
    findQuotasIn(model, name, out);
    findSecurityIn(model, name, m_tenantNamespaces, out);
    findTwiceIn(model, name, out);
    findReferencesIn(model, name, entry.mirrorsIn, out);
    findUnclearAcceptsIn(model, name, out);
    entry.isJudged = true;
}

/// Who is a tenant is told by labels of Namespaces and Capsule's objects, which are of the
/// cluster's scope, and by names. When it changes, everything is judged again.
void FindingsModel::judgeTenants(const PlatformModel& model)
{
    const std::uint64_t version = versionOf(model, "");
    if (version == m_clusterVersion && m_namespaceCount == model.namespaces().size()
        && m_input == &model.input())
        return;
    m_clusterVersion = version;
    m_namespaceCount = model.namespaces().size();
    m_tenants = tenantSpaces(model, m_rules);
    std::map<std::string, std::string> tenantOf;
    for (const TenantSpaces& tenant : m_tenants)
        for (const std::string& name : tenant.namespaces)
            tenantOf.emplace(name, tenant.tenant);
    if (tenantOf != m_tenantOf || m_input != &model.input()) {
        m_entries.clear();
        m_sorted.clear();
        m_graph = nullptr;
    }
    m_tenantOf = std::move(tenantOf);
    m_tenantNamespaces.clear();
    for (const auto& [name, tenant] : m_tenantOf)
        m_tenantNamespaces.insert(name);
    m_input = &model.input();
}

void FindingsModel::judgeListeners(const PlatformModel& model, std::vector<Finding>& out) const
{
    for (const auto& [space, owner] : m_entries)
        for (const PlainListener& listener : owner->claims.listeners) {
            const ModelObject* object = model.find(listener.object);
            if (!object)
                continue;
            std::string tenants;
            for (const TenantSpaces& tenant : m_tenants)
                for (const std::string& name : tenant.namespaces) {
                    const std::uint64_t version =
                        versionOf(model, name) + versionOf(model, space) + versionOf(model, "");
                    auto& known = m_entries.at(name)->reaches[{listener.object, listener.name}];
                    if (known.first != version)
                        known = {version, reachesListener(model, name, *object, listener)};
                    if (known.second)
                        tenants += (tenants.empty() ? "" : ", ") + name;
                }
            if (!tenants.empty())
                out.push_back(plainListenerFinding(*object, listener, tenants));
        }
}

/// Takes what is stale out of the sorted list and puts the fresh ones in: linear in the list, with
/// few comparisons where little has changed.
void FindingsModel::merge(std::vector<const Finding*> fresh)
{
    std::vector<std::pair<const Finding*, const Finding*>> ranges;
    for (const std::vector<Finding>& each : m_stale)
        ranges.emplace_back(each.data(), each.data() + each.size());
    std::ranges::sort(ranges);
    std::erase_if(m_sorted, [&](const Finding* each) {
        const auto after = std::ranges::upper_bound(
            ranges, each, std::less<>(), &std::pair<const Finding*, const Finding*>::first);
        return after != ranges.begin() && each < std::prev(after)->second;
    });
    const auto before = [](const Finding* a, const Finding* b) { return isBefore(*a, *b); };
    std::ranges::sort(fresh, before);
    const auto middle = std::ptrdiff_t(m_sorted.size());
    m_sorted.insert(m_sorted.end(), fresh.begin(), fresh.end());
    std::ranges::inplace_merge(m_sorted, m_sorted.begin() + middle, before);
    const auto doubles = std::ranges::unique(
        m_sorted, [](const Finding* a, const Finding* b) { return isDouble(*a, *b); });
    m_sorted.erase(doubles.begin(), doubles.end());
    m_stale.clear();
}

const std::vector<const Finding*>& FindingsModel::update(const PlatformModel& model,
                                                         const LineageGraphPtr& graph)
{
    m_statistics = {};
    judgeTenants(model);
    judgeAll(model, graph);
    return m_sorted;
}

void FindingsModel::judgeAll(const PlatformModel& model, const LineageGraphPtr& graph)
{
    std::erase_if(m_entries, [&](auto& each) {
        const bool isGone = !model.namespaces().contains(each.first);
        if (isGone)
            m_stale.push_back(std::move(each.second->findings));
        return isGone;
    });
    std::map<std::string, MirroredNames> mirrors;
    for (const auto& [name, space] : model.namespaces()) {
        std::unique_ptr<Entry>& entry = m_entries[name];
        if (!entry)
            entry = std::make_unique<Entry>();
        if (entry->claimsVersion != versionOf(model, name)) {
            entry->claims = claimsIn(model, name);
            entry->claimsVersion = versionOf(model, name);
        }
        for (const auto& [target, names] : entry->claims.mirrored)
            mirrors[target].insert(names.begin(), names.end());
    }
    std::vector<const Finding*> fresh;
    std::vector<const NamespaceClaims*> claims;
    for (const auto& [name, space] : model.namespaces()) {
        Entry& entry = *m_entries[name];
        MirroredNames& into = mirrors[name];
        if (!isFresh(model, entry) || entry.mirrorsIn != into) {
            entry.mirrorsIn = std::move(into);
            m_stale.push_back(std::move(entry.findings));
            judge(model, name, entry);
            ++m_statistics.judged;
            for (const Finding& finding : entry.findings)
                fresh.push_back(&finding);
        }
        claims.push_back(&entry.claims);
    }
    m_stale.push_back(std::move(m_shared));
    m_stale.push_back(std::move(m_flows));
    m_shared = {};
    findCollisions(model, claims, m_shared);
    judgeListeners(model, m_shared);
    if (graph && graph == m_graph) {
        m_flows = m_stale.back();
        for (Finding& finding : m_flows) // the graph does not change with an annotation
            updateAccepted(finding, model);
    } else {
        m_flows = {};
        if (graph) {
            m_statistics.flows = true;
            findFlows(model, *graph, m_rules, m_flows);
            findLayerOne(model, *graph, m_flows);
        }
    }
    m_graph = graph;
    for (const std::vector<Finding>* each : {&m_shared, &m_flows})
        for (const Finding& finding : *each)
            fresh.push_back(&finding);
    merge(std::move(fresh));
}

} // namespace core
