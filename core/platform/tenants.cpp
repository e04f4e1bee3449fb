// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/tenants.h"

#include "core/base/strings.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace core {

namespace {

constexpr const char* kCapsuleLabel = "capsule.clastix.io/tenant";

struct Membership
{
    std::string tenant;
    std::string knownBy;
};

/// Which Capsule Tenants list which namespaces in their status.
std::map<std::string, std::string> capsuleSpaces(const PlatformModel& model)
{
    std::map<std::string, std::string> out;
    for (const auto& [key, object] : model.space("").objects())
        for (const ObjectFacts* facts : {object.declared.get(), object.live.get()})
            if (facts && facts->tenant)
                for (const std::string& name : facts->tenant->namespaces)
                    out[name] = key.name;
    return out;
}

std::optional<Membership> membershipOf(const PlatformModel& model, const std::string& name,
                                       const std::map<std::string, std::string>& capsule,
                                       const TenantRules& rules)
{
    const Labels& labels = model.namespaceLabels(name);
    if (const auto found = labels.find(kCapsuleLabel); found != labels.end())
        return Membership {found->second, "Capsule Tenant " + found->second};
    if (const auto found = capsule.find(name); found != capsule.end())
        return Membership {found->second, "Capsule Tenant " + found->second};
    if (const auto found = labels.find(rules.label);
        !rules.label.empty() && found != labels.end() && !found->second.empty())
        return Membership {found->second, "label " + rules.label};
    if (!rules.pattern.empty() && globMatches(rules.pattern, name))
        return Membership {name, "name pattern " + rules.pattern};
    return std::nullopt;
}

std::map<std::string, TenantView> members(const PlatformModel& model, const TenantRules& rules)
{
    std::map<std::string, TenantView> out;
    const auto capsule = capsuleSpaces(model);
    for (const auto& [name, space] : model.namespaces()) {
        if (name.empty())
            continue;
        const auto membership = membershipOf(model, name, capsule, rules);
        if (!membership)
            continue;
        TenantView& view = out[membership->tenant];
        view.name = membership->tenant;
        view.knownBy = membership->knownBy;
        view.namespaces.push_back(name);
    }
    return out;
}

void addCapsule(const PlatformModel& model, TenantView& view)
{
    const ModelObject* object = model.find({"capsule.clastix.io", "Tenant", "", view.name});
    if (!object || !object->facts() || !object->facts()->tenant)
        return;
    const CapsuleTenantFacts& facts = *object->facts()->tenant;
    view.owners = facts.owners;
    view.place = object->object.place();
    view.state = facts.isCordoned ? "Cordoned" : facts.state;
    if (object->live && object->live->tenant && !object->live->tenant->state.empty())
        view.state = object->live->tenant->state;
}

void addLine(const QuotaLine& line, bool isFirst, QuotaLine& to)
{
    to.hard = isFirst ? line.hard : to.hard + line.hard;
    if (line.used)
        to.used = to.used ? *to.used + *line.used : *line.used;
    to.requested = to.requested + line.requested;
    to.pending = to.pending + line.pending;
    std::ranges::copy(line.consumers, std::back_inserter(to.consumers));
}

/// What a Capsule Tenant grants as a whole, or the sum of its namespaces' quotas.
void addTotal(const PlatformModel& model, TenantView& view)
{
    std::map<std::string, QuotaLine> lines;
    for (const QuotaView& quota : view.quotas)
        if (quota.scopes.empty())
            for (const QuotaLine& line : quota.lines) {
                const auto [found, isNew] = lines.try_emplace(line.resource);
                found->second.resource = line.resource;
                addLine(line, isNew, found->second);
            }
    const ModelObject* object = model.find({"capsule.clastix.io", "Tenant", "", view.name});
    if (object && object->facts() && object->facts()->tenant)
        for (const auto& [resource, hard] : object->facts()->tenant->quota) {
            const auto [found, isNew] = lines.try_emplace(resource);
            QuotaLine& line = found->second;
            line.resource = resource;
            if (isNew) // no namespace has a quota of it yet: Capsule will make them
                line.requested = line.pending = needFor(view.need, resource);
            if (isNew || hard < line.hard)
                line.hard = hard;
        }
    for (auto& [resource, line] : lines) {
        std::ranges::stable_sort(line.consumers,
                                 [](const auto& a, const auto& b) { return b.amount < a.amount; });
        view.total.push_back(std::move(line));
    }
}

bool isOf(const RbacSubject& subject, const std::vector<std::string>& namespaces)
{
    if (subject.kind == "ServiceAccount")
        return std::ranges::find(namespaces, subject.namespaceName) != namespaces.end();
    constexpr std::string_view group = "system:serviceaccounts:";
    return subject.kind == "Group" && subject.name.starts_with(group)
        && std::ranges::find(namespaces, subject.name.substr(group.size())) != namespaces.end();
}

void addGrants(const RbacIndex& rbac, TenantView& view)
{
    const auto add = [&](Grant grant) {
        const bool isKnown = std::ranges::any_of(view.grants, [&](const Grant& each) {
            return each.binding == grant.binding && each.subject == grant.subject;
        });
        if (!isKnown)
            view.grants.push_back(std::move(grant));
    };
    for (const std::string& name : view.namespaces)
        for (Grant& grant : rbac.grantsIn(name))
            // The platform's own rights over the whole cluster are the platform's affair.
            if (!grant.namespaceName.empty() || isOf(grant.subject, view.namespaces))
                add(std::move(grant));
    for (const RbacSubject& subject : rbac.subjects())
        if (isOf(subject, view.namespaces))
            for (Grant& grant : rbac.grantsOf(subject, ""))
                add(std::move(grant));
}

/// A right outside of a tenant's own namespaces.
void checkRights(TenantView& view)
{
    IsolationCheck check {"tenant-wide-rights", "No rights outside its namespaces", true, "", {}};
    for (const Grant& grant : view.grants) {
        const bool isInside =
            std::ranges::find(view.namespaces, grant.namespaceName) != view.namespaces.end();
        if (isInside || !isOf(grant.subject, view.namespaces))
            continue;
        check.ok = false;
        check.text = grant.subject.text() + " has the rights of " + grant.role.text() + " in "
            + (grant.namespaceName.empty() ? "the whole cluster"
                                           : "namespace " + grant.namespaceName)
            + ", by " + grant.binding.text() + ".";
        break;
    }
    if (check.ok)
        check.text = "No account of " + view.name + " has rights outside of its namespaces.";
    check.place = view.place;
    view.checks.push_back(std::move(check));
}

/// Writes the checklist of one namespace.
class Checker
{
public:
    Checker(const PlatformModel& model, const std::string& name)
        : m_model(model)
        , m_space(model.space(name))
        , m_name(name)
    {
        if (const ModelObject* object = model.find({"", "Namespace", "", name}))
            m_place = object->object.place();
        else
            m_place.object = "Namespace " + name;
    }

    std::vector<IsolationCheck> check()
    {
        defaultDeny(true);
        defaultDeny(false);
        quota();
        limits();
        podSecurity();
        defaultToken();
        return std::move(m_out);
    }

private:
    void add(const char* code, const char* title, bool ok, std::string text,
             std::optional<Place> place = std::nullopt)
    {
        m_out.push_back({code, title, ok, std::move(text), place.value_or(m_place)});
    }

    Place placeOf(const ObjectKey& key) const
    {
        const ModelObject* object = m_model.find(key);
        return object ? object->object.place() : m_place;
    }

    void defaultDeny(bool isIngress)
    {
        const char* const code =
            isIngress ? "tenant-no-default-deny-ingress" : "tenant-no-default-deny-egress";
        const char* const title =
            isIngress ? "Incoming traffic denied by default" : "Outgoing traffic denied by default";
        for (const NetworkPolicy& policy : m_space.policies()) {
            const NetworkPolicyFacts& facts = *policy.facts;
            if (facts.isBroken || !facts.pods.isEmpty()
                || !(isIngress ? facts.isIngress : facts.isEgress))
                continue;
            if (isOpen(isIngress ? facts.ingress : facts.egress)) {
                add(code, title, false,
                    policy.key.text() + " selects all pods of " + m_name
                        + " and then lets everything through.",
                    placeOf(policy.key));
                return;
            }
            add(code, title, true, policy.key.text() + " isolates all pods of " + m_name + ".",
                placeOf(policy.key));
            return;
        }
        add(code, title, false,
            "No NetworkPolicy of " + m_name + " selects all pods for "
                + (isIngress ? "incoming" : "outgoing") + " traffic.");
    }

    static bool isOpen(const std::vector<NetworkPolicyFacts::Rule>& rules)
    {
        return std::ranges::any_of(rules, [](const NetworkPolicyFacts::Rule& rule) {
            return rule.peers.empty() && rule.ports.empty();
        });
    }

    void quota()
    {
        const auto& quotas = m_space.quotas();
        add("tenant-no-quota", "Resource quota", !quotas.empty(),
            quotas.empty() ? "No ResourceQuota bounds what " + m_name + " may use."
                           : quotas.front()->key().text() + " bounds it.",
            quotas.empty() ? std::nullopt : std::optional(quotas.front()->object.place()));
    }

    void limits()
    {
        const bool has = std::ranges::any_of(m_space.limits(), [](const LimitRangeFacts* range) {
            return !range->defaults.empty() || !range->max.empty();
        });
        add("tenant-no-limits", "Default limits", has,
            has ? "A LimitRange of " + m_name + " gives containers their limits."
                : "No LimitRange of " + m_name + " gives containers default limits.");
    }

    void podSecurity()
    {
        const Labels& labels = m_model.namespaceLabels(m_name);
        const auto level = labels.find("pod-security.kubernetes.io/enforce");
        const bool ok = level != labels.end() && level->second != "privileged";
        add("tenant-no-pod-security", "Pod Security Standard", ok,
            level == labels.end()
                ? "Namespace " + m_name + " has no label pod-security.kubernetes.io/enforce."
                : "Namespace " + m_name + " enforces \"" + level->second + "\".");
    }

    void defaultToken()
    {
        const ModelObject* account = m_model.find({"", "ServiceAccount", m_name, "default"});
        const ObjectFacts* facts = account ? account->facts() : nullptr;
        const bool ok = facts && facts->automountToken && !*facts->automountToken;
        add("tenant-default-token", "No token of the default ServiceAccount", ok,
            ok ? "ServiceAccount " + m_name + "/default mounts no token."
               : "Pods of " + m_name
                    + " that name no ServiceAccount get the token of \"default\"; set its "
                      "automountServiceAccountToken to false.",
            account && account->object.isDeclared() ? std::optional(account->object.place())
                                                    : std::nullopt);
    }

    const PlatformModel& m_model;
    const ModelNamespace& m_space;
    const std::string& m_name;
    Place m_place;
    std::vector<IsolationCheck> m_out;
};

} // namespace

int TenantView::passed() const
{
    return int(std::ranges::count_if(checks, &IsolationCheck::ok));
}

std::vector<TenantSpaces> tenantSpaces(const PlatformModel& model, const TenantRules& rules)
{
    std::vector<TenantSpaces> out;
    for (auto& [name, view] : members(model, rules))
        out.push_back({name, std::move(view.namespaces)});
    return out;
}

std::vector<IsolationCheck> isolationChecks(const PlatformModel& model,
                                            const std::string& namespaceName)
{
    return Checker(model, namespaceName).check();
}

RbacIndex rbacIndex(const PlatformModel& model)
{
    RbacIndex index;
    for (const auto& [name, space] : model.namespaces())
        for (const auto& [key, object] : space.objects()) {
            const ObjectFacts* facts = object.facts();
            if (!facts)
                continue;
            // The controller writes an aggregated role's rules into the live one only.
            const ObjectFacts* known = object.live && object.live->role
                    && object.live->role->isAggregated && facts->role && facts->role->rules.empty()
                ? object.live.get()
                : facts;
            if (known->role)
                index.addRole(key, *known->role, known->labels);
            if (facts->binding)
                index.addBinding(key, *facts->binding);
        }
    return index;
}

/// What its namespaces tell; its name, namespaces and grants are known.
static void fill(const PlatformModel& model, TenantView& view)
{
    addCapsule(model, view);
    for (const std::string& space : view.namespaces) {
        NamespaceView inside = namespaceView(model, space);
        if (view.place.isEmpty())
            view.place = inside.place;
        addNeed(view.need, inside.need);
        std::ranges::move(inside.quotas, std::back_inserter(view.quotas));
        std::ranges::move(inside.workloads, std::back_inserter(view.workloads));
        std::ranges::move(isolationChecks(model, space), std::back_inserter(view.checks));
    }
    addTotal(model, view);
    checkRights(view);
}

std::vector<TenantView> tenantViews(const PlatformModel& model, const TenantRules& rules)
{
    std::vector<TenantView> out;
    const RbacIndex rbac = rbacIndex(model);
    for (auto& [name, view] : members(model, rules)) {
        addGrants(rbac, view);
        fill(model, view);
        out.push_back(std::move(view));
    }
    return out;
}

std::vector<TenantView> tenantViews(const PlatformModel& model,
                                    const std::vector<TenantView>& before,
                                    const std::set<std::string>& stale)
{
    std::vector<TenantView> out;
    out.reserve(before.size());
    for (const TenantView& was : before) {
        const bool isStale = std::ranges::any_of(
            was.namespaces, [&](const std::string& name) { return stale.contains(name); });
        if (!isStale) {
            out.push_back(was);
            continue;
        }
        TenantView view {.name = was.name,
                         .knownBy = was.knownBy,
                         .namespaces = was.namespaces,
                         .grants = was.grants,
                         .permittedTopics = was.permittedTopics,
                         .usedTopics = was.usedTopics};
        fill(model, view);
        out.push_back(std::move(view));
    }
    return out;
}

void addTopics(std::vector<TenantView>& tenants, const LineageGraph& graph)
{
    std::map<std::string, TenantView*> byNamespace;
    for (TenantView& tenant : tenants) {
        tenant.permittedTopics.clear();
        tenant.usedTopics.clear();
        for (const std::string& name : tenant.namespaces)
            byNamespace.emplace(name, &tenant);
    }
    const auto isTopic = [](const LineageNode& node) {
        return node.type == LineageNodeType::Dataset && !node.internal
            && (node.system == "kafka" || node.system == "rabbitmq");
    };
    for (const LineageEdge& edge : graph.edges()) {
        const LineageNode* topic = &graph.node(edge.to);
        const LineageNode* user = &graph.node(edge.from);
        if (!isTopic(*topic))
            std::swap(topic, user);
        const auto tenant = byNamespace.find(user->kubernetesNamespace);
        if (!isTopic(*topic) || isTopic(*user) || tenant == byNamespace.end())
            continue;
        const auto put = [id = topic->id()](std::vector<std::string>& to) {
            if (std::ranges::find(to, id) == to.end())
                to.push_back(id);
        };
        if (edge.has(LineageEvidence::Permitted))
            put(tenant->second->permittedTopics);
        if (edge.strongest() != LineageEvidence::Permitted)
            put(tenant->second->usedTopics);
    }
    for (TenantView& tenant : tenants) {
        std::ranges::sort(tenant.permittedTopics);
        std::ranges::sort(tenant.usedTopics);
    }
}

} // namespace core
