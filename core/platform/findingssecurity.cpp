// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about rights, credentials and privileges.
#include "core/platform/findingsparts.h"

#include <algorithm>
#include <optional>
#include <set>

namespace core {

namespace {

/// The roles that a binding of a namespace can name: its own, and the cluster's.
RbacIndex rolesFor(const PlatformModel& model, const std::string& name)
{
    RbacIndex out;
    std::vector<std::string> spaces {""};
    if (!name.empty())
        spaces.push_back(name);
    for (const std::string& each : spaces)
        for (const auto& [key, object] : model.space(each).objects()) {
            const ObjectFacts* facts = object.facts();
            // The controller writes an aggregated role's rules into the live one only.
            if (facts && facts->role && facts->role->rules.empty() && object.live
                && object.live->role && object.live->role->isAggregated)
                facts = object.live.get();
            if (facts && facts->role)
                out.addRole(key, *facts->role, facts->labels);
        }
    return out;
}

} // namespace

void findRightsIn(const PlatformModel& model, const std::string& name,
                  const std::set<std::string>& tenants, std::vector<Finding>& out)
{
    std::optional<RbacIndex> rbac; // made when a binding asks for it
    for (const auto& [key, object] : model.space(name).objects()) {
        const ObjectFacts* facts = object.facts();
        if (!facts || !facts->binding || isMadeBySystem(key))
            continue;
        if (!rbac)
            rbac = rolesFor(model, name);
        const BindingFacts& binding = *facts->binding;
        const ObjectKey role {key.group, binding.roleKind,
                              binding.roleKind == "Role" ? name : std::string(), binding.roleName};
        const auto rules = rbac->rulesOf(role);
        static const std::set<std::string> known {"admin", "edit", "view"};
        // The API server makes these, and some in kube-system, at its start.
        const bool isBuiltin = known.contains(role.name) || role.name.starts_with("system:")
            || isSystemNamespace(role.namespaceName);
        if (!rules && !isBuiltin && object.object.isDeclared())
            out.push_back(makeFinding(
                "missing-role", key.text() + " names " + role.text() + ", which is not there.",
                object, "/roleRef"));
        const bool isAll = rules && isAllPowerful(*rules);
        for (const RbacSubject& subject : binding.subjects) {
            if (subject.kind != "ServiceAccount")
                continue;
            if (name.empty() && isAll)
                out.push_back(makeFinding("cluster-admin",
                                          subject.text() + " may do everything in the cluster, by "
                                              + key.text() + " to " + role.text() + ".",
                                          object, "/subjects"));
            else if (tenants.contains(subject.namespaceName) && name != subject.namespaceName)
                out.push_back(makeFinding(
                    "tenant-wide-rights",
                    subject.text() + " of a tenant has the rights of " + role.text()
                        + (name.empty() ? " in the whole cluster" : " in namespace " + name)
                        + ", by " + key.text() + ".",
                    object, "/subjects"));
        }
    }
}

/// The cluster's own namespaces are its own affair.
static bool isOfCluster(const ModelObject& object)
{
    const std::string& name = object.key().namespaceName;
    return isSystemNamespace(name) && name != "default";
}

void findCredentialsOf(const ModelObject& object, std::vector<Finding>& out)
{
    if (!object.facts() || isOfCluster(object))
        return;
    for (const WeakCredential& weak : object.facts()->weak)
        out.push_back(makeFinding("default-credentials",
                                  "\"" + weak.what + "\" of " + object.key().text()
                                      + " is a password that everybody knows.",
                                  object, weak.pointer));
    for (const PodFacts& pods : object.facts()->pods)
        for (const std::string& pointer : pods.wellKnownPasswords)
            out.push_back(makeFinding("default-credentials",
                                      "A variable of " + object.key().text()
                                          + " holds a password that everybody knows.",
                                      object, pointer));
}

static void findPrivileges(const PlatformModel& model, const ModelObject& object,
                           const std::set<std::string>& tenants, std::vector<Finding>& out)
{
    const std::string& space = object.key().namespaceName;
    for (const PodFacts& pods : object.facts()->pods) {
        if (pods.isPrivileged || pods.hostNetwork)
            out.push_back(makeFinding("privileged",
                                      object.key().text()
                                          + (pods.isPrivileged ? " runs a privileged container."
                                                               : " runs in the host's network."),
                                      object, pods.pointer));
        const bool isDefault = pods.serviceAccount.empty() || pods.serviceAccount == "default";
        if (!isDefault || !tenants.contains(space) || pods.automountToken == false)
            continue;
        const ModelObject* account = model.find({"", "ServiceAccount", space, "default"});
        if (account && account->facts() && account->facts()->automountToken == false)
            continue;
        out.push_back(makeFinding("default-token",
                                  "Pods of " + object.key().text()
                                      + " get the token of the default ServiceAccount.",
                                  object, pods.pointer));
    }
}

/// A quota of cpu or memory refuses pods that do not say how much they need.
static void findUnbounded(const ModelNamespace& space, const ModelObject& object,
                          std::vector<Finding>& out)
{
    std::set<std::string> wanted;
    for (const ModelObject* quota : space.quotas())
        if (quota->facts()->quota->scopes.empty())
            for (const auto& [name, hard] : quota->facts()->quota->hard)
                if (const std::string word = quotaName(name); word == "requests.cpu"
                    || word == "requests.memory" || word == "limits.cpu" || word == "limits.memory")
                    wanted.insert(word);
    if (wanted.empty())
        return;
    for (const PodFacts& pods : object.facts()->pods)
        for (const ContainerFacts& container : pods.containers) {
            const ContainerNeed need = withDefaults(container, space.limits());
            std::string missing;
            for (const std::string& word : wanted) {
                const bool isLimit = word.starts_with("limits.");
                const ResourceList& has = isLimit ? need.limits : need.requests;
                if (!has.contains(word.substr(word.find('.') + 1)))
                    missing += (missing.empty() ? "" : ", ") + word;
            }
            if (!missing.empty() && object.object.isDeclared())
                out.push_back(makeFinding("quota-needs-limits",
                                          "Container " + container.name + " of "
                                              + object.key().text() + " has no " + missing
                                              + ", so the namespace's quota refuses its pods.",
                                          object, pods.pointer));
        }
}

void findBoundsOf(const PlatformModel& model, const ModelObject& object,
                  const std::set<std::string>& tenants, std::vector<Finding>& out)
{
    if (!object.isWorkload() || isOfCluster(object))
        return;
    findPrivileges(model, object, tenants, out);
    findUnbounded(model.space(object.key().namespaceName), object, out);
}

} // namespace core
