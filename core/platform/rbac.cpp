// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/rbac.h"

#include "core/base/strings.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace core {

namespace {

constexpr const char* kGroup = "rbac.authorization.k8s.io";

std::vector<std::string> textsAt(const Json& value, std::string_view key)
{
    std::vector<std::string> out;
    const Json* found = find(value, key);
    if (found && found->is_array())
        for (const Json& each : found->get_array())
            if (each.is_string())
                out.emplace_back(std::string_view(each.get_string()));
    return out;
}

bool has(const std::vector<std::string>& list, std::string_view word)
{
    return std::ranges::find(list, word) != list.end();
}

bool matchesResource(const std::vector<std::string>& resources, std::string_view resource)
{
    const std::size_t slash = resource.find('/');
    return std::ranges::any_of(resources, [&](const std::string& each) {
        if (each == "*" || each == resource)
            return true;
        // "*/scale" means that subresource of everything; "pods/*" means nothing.
        return slash != std::string_view::npos && each.starts_with("*/")
            && std::string_view(each).substr(2) == resource.substr(slash + 1);
    });
}

bool matchesUrl(const std::vector<std::string>& urls, std::string_view url)
{
    return std::ranges::any_of(urls, [&](std::string_view each) {
        if (each == "*" || each == url)
            return true;
        return each.ends_with('*') && url.starts_with(each.substr(0, each.size() - 1));
    });
}

/// The subject and all groups that the API server puts it into.
std::vector<RbacSubject> identitiesOf(const RbacSubject& subject)
{
    std::vector<RbacSubject> out {subject};
    if (subject.kind == "ServiceAccount") {
        out.push_back(
            {"User", "", "system:serviceaccount:" + subject.namespaceName + ":" + subject.name});
        out.push_back({"Group", "", "system:serviceaccounts"});
        out.push_back({"Group", "", "system:serviceaccounts:" + subject.namespaceName});
    }
    if (subject.kind != "Group")
        out.push_back({"Group", "", "system:authenticated"});
    return out;
}

/// Rules of the roles that every cluster has, where nothing else says so. Others than these need
/// the cluster to be asked.
std::optional<std::vector<RbacRule>> builtinRules(const ObjectKey& role)
{
    if (role.kind != "ClusterRole")
        return std::nullopt;
    if (role.name == "cluster-admin")
        return std::vector<RbacRule> {{{"*"}, {"*"}, {"*"}, {}, {}}, {{"*"}, {}, {}, {}, {"*"}}};
    return std::nullopt;
}

} // namespace

std::string RbacRule::text() const
{
    std::string out = join(verbs, ", ") + " ";
    if (!urls.empty())
        return out + join(urls, ", ");
    std::vector<std::string> places;
    for (const std::string& resource : resources)
        for (const std::string& group : groups)
            places.push_back(group.empty() || resource == "*" ? resource : resource + "." + group);
    out += join(places, ", ");
    if (!names.empty())
        out += " named " + join(names, ", ");
    return out;
}

std::string RbacSubject::text() const
{
    return kind + " " + (namespaceName.empty() ? name : namespaceName + "/" + name);
}

RoleFacts RoleFacts::read(const Json& role)
{
    RoleFacts facts;
    if (const Json* rules = find(role, "rules"); rules && rules->is_array())
        for (const Json& rule : rules->get_array())
            facts.rules.push_back({textsAt(rule, "verbs"), textsAt(rule, "apiGroups"),
                                   textsAt(rule, "resources"), textsAt(rule, "resourceNames"),
                                   textsAt(rule, "nonResourceURLs")});
    const Json* selectors = findPath(role, {"aggregationRule", "clusterRoleSelectors"});
    facts.isAggregated = find(role, "aggregationRule") != nullptr;
    if (selectors && selectors->is_array())
        for (const Json& selector : selectors->get_array())
            if (auto read = LabelSelector::fromJson(selector))
                facts.aggregates.push_back(std::move(*read));
    return facts;
}

BindingFacts BindingFacts::read(const Json& binding, const std::string& namespaceName)
{
    BindingFacts facts;
    facts.roleKind = stringAt(binding, {"roleRef", "kind"});
    facts.roleName = stringAt(binding, {"roleRef", "name"});
    const Json* subjects = find(binding, "subjects");
    if (!subjects || !subjects->is_array())
        return facts;
    for (const Json& each : subjects->get_array()) {
        RbacSubject subject {std::string(stringAt(each, {"kind"})),
                             std::string(stringAt(each, {"namespace"})),
                             std::string(stringAt(each, {"name"}))};
        if (subject.kind != "ServiceAccount")
            subject.namespaceName.clear();
        else if (subject.namespaceName.empty())
            subject.namespaceName = namespaceName; // Kustomize fills it in; the server wants it
        facts.subjects.push_back(std::move(subject));
    }
    return facts;
}

bool allows(const RbacRule& rule, const RbacRequest& request)
{
    if (!has(rule.verbs, "*") && !has(rule.verbs, request.verb))
        return false;
    if (request.resource.empty())
        return matchesUrl(rule.urls, request.url);
    return (has(rule.groups, "*") || has(rule.groups, request.group))
        && matchesResource(rule.resources, request.resource)
        && (rule.names.empty() || (!request.name.empty() && has(rule.names, request.name)));
}

bool isAllPowerful(const std::vector<RbacRule>& rules)
{
    return std::ranges::any_of(rules, [](const RbacRule& rule) {
        return has(rule.verbs, "*") && has(rule.groups, "*") && has(rule.resources, "*")
            && rule.names.empty();
    });
}

void RbacIndex::addRole(const ObjectKey& key, const RoleFacts& facts, const Labels& labels)
{
    m_roles.insert_or_assign(key, Role {&facts, &labels});
}

void RbacIndex::addBinding(const ObjectKey& key, const BindingFacts& facts)
{
    m_bindings.push_back({key, &facts});
}

bool RbacIndex::collect(const ObjectKey& role, std::vector<ObjectKey>& seen,
                        std::vector<RbacRule>& out) const
{
    if (std::ranges::find(seen, role) != seen.end())
        return true;
    seen.push_back(role);
    const auto found = m_roles.find(role);
    if (found == m_roles.end()) {
        const auto builtin = builtinRules(role);
        if (builtin)
            std::ranges::copy(*builtin, std::back_inserter(out));
        return builtin.has_value();
    }
    const RoleFacts& facts = *found->second.facts;
    if (!facts.isAggregated || facts.aggregates.empty()) {
        std::ranges::copy(facts.rules, std::back_inserter(out));
        return true;
    }
    // The controller replaces an aggregated role's own rules by those of the roles it selects.
    for (const auto& [key, other] : m_roles)
        if (key.kind == "ClusterRole"
            && std::ranges::any_of(facts.aggregates, [&](const LabelSelector& selector) {
                   return selector.matches(*other.labels);
               }))
            collect(key, seen, out);
    return true;
}

std::optional<std::vector<RbacRule>> RbacIndex::rulesOf(const ObjectKey& role) const
{
    std::vector<ObjectKey> seen;
    std::vector<RbacRule> out;
    if (!collect(role, seen, out))
        return std::nullopt;
    return out;
}

Grant RbacIndex::grant(const Binding& binding, const RbacSubject& subject) const
{
    Grant out;
    out.subject = subject;
    out.binding = binding.key;
    out.namespaceName = binding.key.namespaceName;
    const bool isClusterRole = binding.facts->roleKind == "ClusterRole";
    out.role = {kGroup, binding.facts->roleKind,
                isClusterRole ? std::string() : binding.key.namespaceName, binding.facts->roleName};
    auto rules = rulesOf(out.role);
    out.isKnown = rules.has_value();
    if (rules)
        out.rules = std::move(*rules);
    if (!out.namespaceName.empty()) // paths that are no resources need a ClusterRoleBinding
        std::erase_if(out.rules, [](const RbacRule& rule) { return !rule.urls.empty(); });
    return out;
}

RbacDecision RbacIndex::decide(const RbacSubject& subject, const RbacRequest& request) const
{
    RbacDecision decision;
    const std::vector<RbacSubject> identities = identitiesOf(subject);
    for (const Binding& binding : m_bindings) {
        const std::string& space = binding.key.namespaceName;
        if (!space.empty() && (space != request.namespaceName || request.resource.empty()))
            continue;
        const bool isBound =
            std::ranges::any_of(binding.facts->subjects, [&](const RbacSubject& bound) {
                return std::ranges::find(identities, bound) != identities.end();
            });
        if (!isBound)
            continue;
        const Grant found = grant(binding, subject);
        decision.isSure = decision.isSure && found.isKnown;
        for (std::size_t i = 0; i < found.rules.size(); ++i)
            if (allows(found.rules[i], request))
                return {true, binding.key, found.role, int(i), true};
    }
    return decision;
}

std::vector<Grant> RbacIndex::grantsOf(const RbacSubject& subject,
                                       const std::string& namespaceName) const
{
    std::vector<Grant> out;
    const std::vector<RbacSubject> identities = identitiesOf(subject);
    for (const Binding& binding : m_bindings) {
        const std::string& space = binding.key.namespaceName;
        if (!namespaceName.empty() && !space.empty() && space != namespaceName)
            continue;
        for (const RbacSubject& bound : binding.facts->subjects)
            if (std::ranges::find(identities, bound) != identities.end())
                out.push_back(grant(binding, bound));
    }
    return out;
}

std::vector<Grant> RbacIndex::grantsIn(const std::string& namespaceName) const
{
    std::vector<Grant> out;
    for (const Binding& binding : m_bindings)
        if (binding.key.namespaceName.empty() || binding.key.namespaceName == namespaceName)
            for (const RbacSubject& subject : binding.facts->subjects)
                out.push_back(grant(binding, subject));
    return out;
}

std::vector<RbacSubject> RbacIndex::subjects() const
{
    std::set<RbacSubject> out;
    for (const Binding& binding : m_bindings)
        out.insert(binding.facts->subjects.begin(), binding.facts->subjects.end());
    return {out.begin(), out.end()};
}

} // namespace core
