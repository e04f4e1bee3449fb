// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/object/selector.h"
#include "core/platform/podfacts.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One rule of a Role or ClusterRole.
struct RbacRule
{
    std::vector<std::string> verbs;
    std::vector<std::string> groups;
    std::vector<std::string> resources; ///< "pods", "pods/log", "*/scale", "*"
    std::vector<std::string> names; ///< empty: every name
    std::vector<std::string> urls; ///< nonResourceURLs
    std::string text() const; ///< "get, list pods, services"
    bool operator==(const RbacRule&) const = default;
};

struct RoleFacts
{
    std::vector<RbacRule> rules;
    std::vector<LabelSelector> aggregates; ///< of a ClusterRole with an aggregationRule
    bool isAggregated = false;
    static RoleFacts read(const Json& role);
};

struct RbacSubject
{
    std::string kind; ///< "User", "Group", "ServiceAccount"
    std::string namespaceName; ///< of a ServiceAccount
    std::string name;
    std::string text() const; ///< "ServiceAccount shop/web", "Group system:masters"
    auto operator<=>(const RbacSubject&) const = default;
};

struct BindingFacts
{
    std::string roleKind; ///< "Role", "ClusterRole"
    std::string roleName;
    std::vector<RbacSubject> subjects;
    static BindingFacts read(const Json& binding, const std::string& namespaceName);
};

/// What somebody wants to do. resource "" with a url: a path that is no resource.
struct RbacRequest
{
    std::string verb;
    std::string group;
    std::string resource; ///< "pods", "pods/log"
    std::string namespaceName; ///< "": of the cluster's scope, or in all namespaces
    std::string name;
    std::string url;
};

/// One way in which a subject gets its rights.
struct Grant
{
    RbacSubject subject; ///< as bound: perhaps a group that it belongs to
    ObjectKey binding;
    ObjectKey role;
    std::string namespaceName; ///< where it holds; "" everywhere
    bool isKnown = true; ///< false: the role is not there, or its rules are not known
    std::vector<RbacRule> rules; ///< of the role, aggregation done
    bool operator==(const Grant&) const = default;
};

struct RbacDecision
{
    bool allowed = false;
    ObjectKey binding; ///< the first that allows it
    ObjectKey role;
    int rule = -1; ///< index into the role's rules
    bool isSure = true; ///< false: not allowed by what is known, and a role is not known
};

/// Who may do what, as the API server's RBAC authorizer decides. Roles and bindings are added once;
/// facts must stay where they are.
class RbacIndex
{
public:
    void addRole(const ObjectKey& key, const RoleFacts& facts, const Labels& labels);
    void addBinding(const ObjectKey& key, const BindingFacts& facts);

    /// A ServiceAccount belongs to system:serviceaccounts, system:serviceaccounts:NAMESPACE and
    /// system:authenticated; a User to system:authenticated.
    RbacDecision decide(const RbacSubject& subject, const RbacRequest& request) const;
    /// All grants of a subject, its groups' too. namespaceName: only those that hold there; "":
    /// all.
    std::vector<Grant> grantsOf(const RbacSubject& subject, const std::string& namespaceName) const;
    /// All grants that hold in a namespace, whoever has them.
    std::vector<Grant> grantsIn(const std::string& namespaceName) const;
    /// Every subject that a binding names.
    std::vector<RbacSubject> subjects() const;

    /// The rules of a role with aggregation done; nullopt when they are not known.
    std::optional<std::vector<RbacRule>> rulesOf(const ObjectKey& role) const;

private:
    struct Role
    {
        const RoleFacts* facts;
        const Labels* labels;
    };
    struct Binding
    {
        ObjectKey key;
        const BindingFacts* facts;
    };
    Grant grant(const Binding& binding, const RbacSubject& subject) const;
    bool collect(const ObjectKey& role, std::vector<ObjectKey>& seen,
                 std::vector<RbacRule>& out) const;

    std::map<ObjectKey, Role> m_roles;
    std::vector<Binding> m_bindings;
};

/// Whether one rule allows a request (kubernetes pkg/apis/rbac/v1/evaluation_helpers.go).
bool allows(const RbacRule& rule, const RbacRequest& request);

/// Everything on everything: what cluster-admin has.
bool isAllPowerful(const std::vector<RbacRule>& rules);

} // namespace core
