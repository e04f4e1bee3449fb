// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/reachability.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace core {

namespace {

const Labels kNoLabels;
const std::vector<ContainerPort> kNoPorts;

/// A target with the pods behind it.
struct Target
{
    ReachTarget shown;
    std::vector<NetworkEnd> ends;
};

NetworkEnd podEnd(const PlatformModel& model, const std::string& space, const Labels& labels,
                  const std::vector<ContainerPort>& ports, bool hostNetwork = false)
{
    return {space, &labels, &model.namespaceLabels(space), &ports, hostNetwork, std::nullopt};
}

/// Verdicts of several pod sets as one: what some allow and some deny depends.
NetworkVerdict combined(const std::vector<NetworkVerdict>& verdicts)
{
    NetworkVerdict out = verdicts.front();
    for (const NetworkVerdict& each : verdicts)
        if (each.reach != out.reach)
            out.reach = Reach::Depends;
    return out;
}

class MatrixBuilder
{
public:
    MatrixBuilder(const PlatformModel& model, const std::vector<TenantSpaces>& tenants)
        : m_model(model)
        , m_tenants(tenants)
    {
    }

    ReachMatrix build()
    {
        addServices();
        addOthers();
        ReachMatrix out;
        for (const TenantSpaces& tenant : m_tenants)
            for (const std::string& space : tenant.namespaces)
                out.rows.push_back(rowOf(tenant, space));
        for (Target& target : m_targets)
            out.targets.push_back(std::move(target.shown));
        return out;
    }

private:
    void addServices()
    {
        for (const auto& [name, space] : m_model.namespaces())
            for (const ModelObject* object : space.services())
                for (const ServiceFacts& service : object->facts()->services)
                    if (service.externalName.empty())
                        for (const ServicePort& port : service.ports)
                            addService(name, service, port);
    }

    void addService(const std::string& space, const ServiceFacts& service, const ServicePort& port)
    {
        if (!service.selector)
            return; // nobody says which pods are behind it
        Target target;
        std::vector<const void*> pods;
        int number = port.targetPort != 0 ? port.targetPort
            : port.targetName.empty()     ? port.port
                                          : 0;
        for (const PlatformModel::Selected& selected : m_model.selected(space, service)) {
            target.ends.push_back(podEnd(m_model, space, selected.pods->labels,
                                         selected.pods->ports, selected.pods->hostNetwork));
            pods.push_back(selected.pods);
            if (number == 0)
                number = podPort(port, selected.pods->ports);
        }
        if (target.ends.empty())
            target.ends.push_back(podEnd(m_model, space, *service.selector, kNoPorts));
        const std::string title = space + "/" + service.name + ":" + std::to_string(port.port);
        const auto key = std::tuple(space, pods, number, port.protocol);
        if (const auto known = m_byPods.find(key); known != m_byPods.end() && !pods.empty()) {
            m_targets[known->second].shown.services.push_back(service.name);
            return;
        }
        m_byPods.emplace(key, m_targets.size());
        target.shown = {ReachTarget::Type::Service, title,    space, {service.name},
                        {port.protocol, number},    port.port};
        m_targets.push_back(std::move(target));
    }

    void addOthers()
    {
        for (const TenantSpaces& tenant : m_tenants)
            for (const std::string& space : tenant.namespaces) {
                Target target;
                target.shown = {
                    ReachTarget::Type::Tenant, "any pod of " + space, space, {}, {"TCP", 0}, 0};
                target.ends.push_back(podEnd(m_model, space, kNoLabels, kNoPorts));
                m_targets.push_back(std::move(target));
            }
        static const Labels dnsLabels {{"k8s-app", "kube-dns"}};
        static const std::vector<ContainerPort> dnsPorts {{"dns", 53, "UDP"},
                                                          {"dns-tcp", 53, "TCP"}};
        Target dns;
        dns.shown = {
            ReachTarget::Type::Dns, "DNS (kube-system:53/UDP)", "kube-system", {}, {"UDP", 53}, 53};
        dns.ends.push_back(podEnd(m_model, "kube-system", dnsLabels, dnsPorts));
        m_targets.push_back(std::move(dns));
        for (const int port : {80, 443}) {
            Target world;
            world.shown = {ReachTarget::Type::World,
                           "the world:" + std::to_string(port),
                           "",
                           {},
                           {"TCP", port},
                           port};
            world.ends.push_back({});
            m_targets.push_back(std::move(world));
        }
    }

    NetworkVerdict verdictOf(const NetworkEnd& source, const Target& target) const
    {
        const auto& policies = m_model.space(source.namespaceName).policies();
        std::vector<NetworkVerdict> verdicts;
        for (const NetworkEnd& end : target.ends)
            verdicts.push_back(connectionVerdict(source, end, target.shown.port, policies,
                                                 end.isPod()
                                                     ? m_model.space(end.namespaceName).policies()
                                                     : m_model.space("").policies()));
        return combined(verdicts);
    }

    /// Whether the verdict for a pod may differ from that for a pod without labels.
    bool labelsMatter(const std::string& source, const std::string& target)
    {
        const auto isSelective = [&](const std::string& space, bool ofPeers) {
            const auto [found, added] = m_selective.try_emplace({space, ofPeers});
            if (added)
                for (const NetworkPolicy& policy : m_model.space(space).policies())
                    found->second = found->second
                        || (ofPeers ? hasSelectivePeers(*policy.facts)
                                    : !policy.facts->pods.isEmpty());
            return found->second;
        };
        return isSelective(source, false) || isSelective(target, true);
    }

    static bool hasSelectivePeers(const NetworkPolicyFacts& facts)
    {
        return std::ranges::any_of(facts.ingress, [](const NetworkPolicyFacts::Rule& rule) {
            return std::ranges::any_of(rule.peers, [](const NetworkPolicyFacts::Peer& peer) {
                return peer.pods && !peer.pods->isEmpty();
            });
        });
    }

    ReachRow rowOf(const TenantSpaces& tenant, const std::string& space)
    {
        ReachRow row {tenant.tenant, space, {}};
        const NetworkEnd anyPod = podEnd(m_model, space, kNoLabels, kNoPorts);
        for (const Target& target : m_targets) {
            ReachCell cell;
            cell.verdict = verdictOf(anyPod, target);
            cell.reach = cell.verdict.reach;
            const bool matters = labelsMatter(space, target.shown.namespaceName);
            for (const ModelObject* object : m_model.space(space).workloads())
                for (const PodFacts& pods : object->facts()->pods) {
                    if (!matters && !pods.hostNetwork)
                        continue;
                    const NetworkVerdict verdict = verdictOf(
                        podEnd(m_model, space, pods.labels, pods.ports, pods.hostNetwork), target);
                    if (verdict.reach != cell.reach)
                        cell.exceptions.push_back({object->key().text(), verdict});
                }
            cell.isMixed = !cell.exceptions.empty();
            row.cells.push_back(std::move(cell));
        }
        return row;
    }

    const PlatformModel& m_model;
    const std::vector<TenantSpaces>& m_tenants;
    std::vector<Target> m_targets;
    std::map<std::pair<std::string, bool>, bool> m_selective;
    std::map<std::tuple<std::string, std::vector<const void*>, int, std::string>, std::size_t>
        m_byPods;
};

} // namespace

int podPort(const ServicePort& port, const std::vector<ContainerPort>& ports)
{
    if (port.targetName.empty())
        return port.targetPort != 0 ? port.targetPort : port.port;
    for (const ContainerPort& each : ports)
        if (each.name == port.targetName && each.protocol == port.protocol)
            return each.port;
    return 0;
}

ReachMatrix reachMatrix(const PlatformModel& model, const std::vector<TenantSpaces>& tenants)
{
    return MatrixBuilder(model, tenants).build();
}

std::optional<NetworkVerdict> serviceVerdict(const PlatformModel& model,
                                             const std::string& sourceNamespace,
                                             const PodFacts& source, const ServiceName& target,
                                             const ServiceFacts& service, int servicePort)
{
    const auto port = std::ranges::find(service.ports, servicePort, &ServicePort::port);
    if (port == service.ports.end())
        return std::nullopt;
    const NetworkEnd from =
        podEnd(model, sourceNamespace, source.labels, source.ports, source.hostNetwork);
    std::vector<NetworkVerdict> verdicts;
    for (const PlatformModel::Selected& selected : model.selected(target.namespaceName, service)) {
        const NetworkEnd to = podEnd(model, target.namespaceName, selected.pods->labels,
                                     selected.pods->ports, selected.pods->hostNetwork);
        const int number = podPort(*port, selected.pods->ports);
        verdicts.push_back(connectionVerdict(from, to, {port->protocol, number},
                                             model.space(sourceNamespace).policies(),
                                             model.space(target.namespaceName).policies()));
    }
    if (verdicts.empty())
        return std::nullopt;
    return combined(verdicts);
}

} // namespace core
