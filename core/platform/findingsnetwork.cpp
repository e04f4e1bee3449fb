// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about connections, and about what tenants may reach.
#include "core/platform/findingsparts.h"

#include <algorithm>

namespace core {

namespace {

/// Judges one endpoint that a pod's texts name.
class EndpointJudge
{
public:
    EndpointJudge(const PlatformModel& model, const ModelObject& object, const PodFacts& pods,
                  std::vector<Finding>& out)
        : m_model(model)
        , m_object(object)
        , m_pods(pods)
        , m_out(out)
    {
    }

    void judge(const EndpointFact& fact)
    {
        const std::string& space = m_object.key().namespaceName;
        const auto found = m_model.resolve(fact.endpoint.host, space);
        if (!found) {
            missing(fact);
            return;
        }
        const auto& [name, entry] = *found;
        if (!entry.facts->externalName.empty() || entry.facts->ports.empty())
            return;
        const int port = portOf(fact.endpoint, *entry.facts);
        if (port == 0)
            return;
        const std::string target = "Service " + name.namespaceName + "/" + name.name;
        if (std::ranges::find(entry.facts->ports, port, &ServicePort::port)
            == entry.facts->ports.end()) {
            add("no-such-port", fact,
                said(fact) + target + " on port " + std::to_string(port)
                    + ", which it does not have.",
                entry.owner);
            return;
        }
        const auto verdict = serviceVerdict(m_model, space, m_pods, name, *entry.facts, port);
        if (verdict && verdict->reach == Reach::Denied)
            add("not-permitted", fact,
                said(fact) + target + ":" + std::to_string(port)
                    + ", which is not permitted: " + verdict->reason() + ".",
                m_model.find(verdict->egress.reach == Reach::Denied ? verdict->egress.policy
                                                                    : verdict->ingress.policy));
    }

private:
    std::string said(const EndpointFact& fact) const
    {
        return fact.from + " of " + m_object.key().text() + " names ";
    }

    void add(const char* code, const EndpointFact& fact, std::string message,
             const ModelObject* other)
    {
        Finding finding = makeFinding(code, std::move(message), m_object, fact.pointer);
        if (other)
            finding.related.push_back(other->object.place());
        m_out.push_back(std::move(finding));
    }

    static int portOf(const Endpoint& endpoint, const ServiceFacts& service)
    {
        if (endpoint.port != 0)
            return endpoint.port;
        if (const int port = defaultPort(endpoint.scheme); port != 0)
            return port;
        return service.ports.size() == 1 ? service.ports.front().port : 0;
    }

    /// Only where the text says beyond doubt that it means a Service of a namespace that we know:
    /// an operator of its own may make others.
    void missing(const EndpointFact& fact)
    {
        const std::string& host = fact.endpoint.host;
        if (host.find(".svc") == std::string::npos)
            return;
        const auto candidates = serviceCandidates(host, m_object.key().namespaceName);
        if (candidates.size() != 1
            || m_model.space(candidates.front().namespaceName).objects().empty())
            return;
        const ServiceName& name = candidates.front();
        add("missing-service", fact,
            said(fact) + "Service " + name.namespaceName + "/" + name.name
                + ", which is not there.",
            nullptr);
    }

    const PlatformModel& m_model;
    const ModelObject& m_object;
    const PodFacts& m_pods;
    std::vector<Finding>& m_out;
};

/// Whether any pods carry any label of a selector. Those that carry only some may get the others
/// when they run (role: primary); pods of kinds that we cannot read may be behind it all the same.
bool sharesLabels(const ModelNamespace& space, const Labels& selector)
{
    return std::ranges::any_of(space.workloads(), [&](const ModelObject* object) {
        return std::ranges::any_of(object->facts()->pods, [&](const PodFacts& pods) {
            return std::ranges::any_of(selector, [&](const auto& label) {
                const auto found = pods.labels.find(label.first);
                return found != pods.labels.end() && found->second == label.second;
            });
        });
    });
}

} // namespace

static void findIdleService(const PlatformModel& model, const ModelObject& object,
                            std::vector<Finding>& out)
{
    const ObjectKey& key = object.key();
    if (key.kind != "Service" || !key.group.empty() || !object.facts()
        || object.facts()->services.empty())
        return;
    const ModelNamespace& space = model.space(key.namespaceName);
    const ServiceFacts& service = object.facts()->services.front();
    if (service.selector && !space.workloads().empty() && object.object.isDeclared()
        && !sharesLabels(space, *service.selector))
        out.push_back(makeFinding("selects-nothing",
                                  key.text() + " selects no pods of those that are declared.",
                                  object, "/spec/selector"));
}

void findNetworkOf(const PlatformModel& model, const ModelObject& object, std::vector<Finding>& out)
{
    if (object.isWorkload())
        for (const PodFacts& pods : object.facts()->pods) {
            EndpointJudge judge(model, object, pods, out);
            for (const EndpointFact& fact : pods.endpoints)
                judge.judge(fact);
        }
    findIdleService(model, object, out);
}

std::set<std::string> namedBy(const ModelObject& object)
{
    std::set<std::string> out;
    if (!object.isWorkload())
        return out;
    const std::string& own = object.key().namespaceName;
    for (const PodFacts& pods : object.facts()->pods)
        for (const EndpointFact& fact : pods.endpoints)
            for (const ServiceName& candidate : serviceCandidates(fact.endpoint.host, own))
                out.insert(candidate.namespaceName);
    out.erase(own);
    return out;
}

void findIsolationIn(const PlatformModel& model, const std::string& tenant, const std::string& name,
                     std::vector<Finding>& out)
{
    ModelObject unknown;
    unknown.object.key = {"", "Namespace", "", name};
    const ModelObject* space = model.find(unknown.object.key);
    for (IsolationCheck& check : isolationChecks(model, name)) {
        if (check.ok)
            continue;
        Finding finding = makeFinding(check.code, "Tenant " + tenant + ": " + check.text,
                                      space ? *space : unknown);
        finding.place = check.place;
        out.push_back(std::move(finding));
    }
}

void findQuotasIn(const PlatformModel& model, const std::string& name, std::vector<Finding>& out)
{
    if (model.space(name).quotas().empty())
        return;
    for (const QuotaView& quota : quotaViews(model, name))
        for (const QuotaLine& line : quota.lines) {
            const ModelObject* object = model.find(quota.key);
            if (!object || !line.isExceeded())
                continue;
            std::string message = "A sync would need " + line.pending.canonical() + " "
                + line.resource + " of the " + line.hard.canonical() + " that " + quota.key.text()
                + " allows";
            if (!line.consumers.empty())
                message += "; " + line.consumers.front().key.text() + " asks for "
                    + line.consumers.front().amount.canonical();
            Finding finding = makeFinding("quota-exceeded", message + ".", *object,
                                          "/spec/hard/" + line.resource);
            for (const QuotaLine::Consumer& consumer : line.consumers)
                if (finding.related.size() < 5)
                    finding.related.push_back(consumer.place);
            out.push_back(std::move(finding));
        }
}

bool reachesListener(const PlatformModel& model, const std::string& fromNamespace,
                     const ModelObject& cluster, const PlainListener& listener)
{
    const PodFacts anyPod;
    const std::string& space = cluster.key().namespaceName;
    for (const ServiceFacts& service : cluster.facts()->services)
        for (const ServicePort& port : service.ports) {
            if ((port.targetPort != 0 ? port.targetPort : port.port) != listener.port)
                continue;
            const auto verdict = serviceVerdict(model, fromNamespace, anyPod, {space, service.name},
                                                service, port.port);
            if (verdict && verdict->reach == Reach::Allowed)
                return true;
        }
    return false;
}

Finding plainListenerFinding(const ModelObject& cluster, const PlainListener& listener,
                             const std::string& tenants)
{
    return makeFinding("plain-listener",
                       "Listener \"" + listener.name + "\" (port " + std::to_string(listener.port)
                           + ") of " + cluster.key().text() + " speaks without TLS and is open to "
                           + tenants + ".",
                       cluster, listener.pointer);
}

} // namespace core
