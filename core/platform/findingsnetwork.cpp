// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about connections, and about what tenants may reach.
#include "core/platform/findings.h"

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

bool hasPlainListeners(const PlatformModel& model)
{
    return std::ranges::any_of(model.namespaces(), [](const auto& space) {
        return std::ranges::any_of(space.second.services(), [](const ModelObject* object) {
            return std::ranges::any_of(object->facts()->listeners,
                                       [](const ListenerFacts& each) { return !each.tls; });
        });
    });
}

void findPlainListeners(const PlatformModel& model, const ReachMatrix& matrix,
                        std::vector<Finding>& out)
{
    for (const auto& [name, space] : model.namespaces())
        for (const auto& [key, object] : space.objects()) {
            if (!object.facts())
                continue;
            for (const ListenerFacts& listener : object.facts()->listeners) {
                if (listener.tls || listener.port == 0)
                    continue;
                std::string tenants;
                for (std::size_t i = 0; i < matrix.targets.size(); ++i) {
                    const ReachTarget& target = matrix.targets[i];
                    if (target.namespaceName != name || target.port.number != listener.port
                        || target.services.empty()
                        || !target.services.front().starts_with(key.name))
                        continue;
                    for (const ReachRow& row : matrix.rows)
                        if (row.cells[i].reach == Reach::Allowed
                            && tenants.find(row.namespaceName) == std::string::npos)
                            tenants += (tenants.empty() ? "" : ", ") + row.namespaceName;
                }
                if (!tenants.empty())
                    out.push_back(
                        makeFinding("plain-listener",
                                    "Listener \"" + listener.name + "\" (port "
                                        + std::to_string(listener.port) + ") of " + key.text()
                                        + " speaks without TLS and is open to " + tenants + ".",
                                    object, listener.pointer));
            }
        }
}

} // namespace

void findNetwork(const PlatformModel& model, std::vector<Finding>& out)
{
    for (const auto& [name, space] : model.namespaces()) {
        for (const ModelObject* object : space.workloads())
            for (const PodFacts& pods : object->facts()->pods) {
                EndpointJudge judge(model, *object, pods, out);
                for (const EndpointFact& fact : pods.endpoints)
                    judge.judge(fact);
            }
        for (const auto& [key, object] : space.objects()) {
            const ObjectFacts* facts = object.facts();
            if (!facts || key.kind != "Service" || !key.group.empty() || facts->services.empty())
                continue;
            const ServiceFacts& service = facts->services.front();
            if (service.selector && !space.workloads().empty() && object.object.isDeclared()
                && !sharesLabels(space, *service.selector))
                out.push_back(makeFinding(
                    "selects-nothing", key.text() + " selects no pods of those that are declared.",
                    object, "/spec/selector"));
        }
    }
}

void findTenants(const PlatformModel& model, const TenantRules& rules, std::vector<Finding>& out)
{
    const std::vector<TenantSpaces> tenants = tenantSpaces(model, rules);
    for (const TenantSpaces& tenant : tenants)
        for (const std::string& name : tenant.namespaces) {
            const ModelObject* space = model.find({"", "Namespace", "", name});
            for (IsolationCheck& check : isolationChecks(model, name)) {
                if (check.ok)
                    continue;
                ModelObject unknown;
                unknown.object.key = {"", "Namespace", "", name};
                Finding finding =
                    makeFinding(check.code, "Tenant " + tenant.tenant + ": " + check.text,
                                space ? *space : unknown);
                finding.place = check.place;
                out.push_back(std::move(finding));
            }
        }
    if (hasPlainListeners(model)) // the matrix is the dearest of all views
        findPlainListeners(model, reachMatrix(model, tenants), out);
    for (const auto& [name, space] : model.namespaces())
        for (const QuotaView& quota : quotaViews(model, name))
            for (const QuotaLine& line : quota.lines) {
                const ModelObject* object = model.find(quota.key);
                if (!object || !line.isExceeded())
                    continue;
                std::string message = "A sync would need " + line.pending.canonical() + " "
                    + line.resource + " of the " + line.hard.canonical() + " that "
                    + quota.key.text() + " allows";
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

} // namespace core
