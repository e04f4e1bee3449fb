// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"
#include "core/platform/namespaces.h"
#include "core/platform/reachability.h"

#include <set>
#include <string>
#include <vector>

namespace core {

/// How tenants are told from the platform.
struct TenantRules
{
    /// A namespace with this label belongs to the tenant that its value names.
    std::string label = "platform.wavewright.dev/tenant";
    /// Namespaces of this name are a tenant each; "" for none.
    std::string pattern = "user-*";
};

/// One line of the isolation checklist.
struct IsolationCheck
{
    std::string code; ///< also the finding's: "tenant-no-default-deny-ingress"
    std::string title; ///< "Default deny of incoming traffic"
    bool ok = false;
    std::string text; ///< one sentence: by what, or what is missing
    Place place;
    bool operator==(const IsolationCheck&) const = default;
};

/// A tenant: one or more namespaces with what they may use.
struct TenantView
{
    std::string name;
    std::string knownBy; ///< "label …", "name pattern …", "Capsule Tenant …"
    std::vector<std::string> namespaces;
    std::vector<std::string> owners; ///< of a Capsule Tenant
    std::string state; ///< of a Capsule Tenant: "Active", "Cordoned"
    std::vector<QuotaView> quotas; ///< of all its namespaces
    /// Over all namespaces: what the quotas grant together, or what the Capsule Tenant grants where
    /// that is less; used, requested and pending are sums. Quotas with scopes are left out.
    std::vector<QuotaLine> total;
    ResourceList need; ///< that Git declares, over all namespaces
    std::vector<WorkloadView> workloads;
    std::vector<IsolationCheck> checks; ///< by namespace, then in a fixed order
    std::vector<Grant> grants; ///< whoever has rights in its namespaces, or its accounts anywhere
    /// Topics, queues and exchanges that it may and does use, by id: addTopics() fills them in.
    std::vector<std::string> permittedTopics;
    std::vector<std::string> usedTopics;
    Place place;
    int passed() const;
    bool operator==(const TenantView&) const = default;
};

/// Namespaces by tenant: a Capsule Tenant goes before a label, a label before a name.
std::vector<TenantSpaces> tenantSpaces(const PlatformModel& model, const TenantRules& rules = {});
std::vector<TenantView> tenantViews(const PlatformModel& model, const TenantRules& rules = {});
/// The same, after a change of objects by which nobody became a tenant and no rights changed: those
/// of before, but for tenants with a namespace that is stale. Topics stay as they were.
std::vector<TenantView> tenantViews(const PlatformModel& model,
                                    const std::vector<TenantView>& before,
                                    const std::set<std::string>& stale);
/// Fills in the topics of tenants from the lineage of the same input.
void addTopics(std::vector<TenantView>& tenants, const LineageGraph& graph);
/// The checklist of one namespace.
std::vector<IsolationCheck> isolationChecks(const PlatformModel& model,
                                            const std::string& namespaceName);

/// Roles and bindings of a platform, ready to be asked. The model must outlive it unchanged.
RbacIndex rbacIndex(const PlatformModel& model);

} // namespace core
