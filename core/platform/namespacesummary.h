// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findings.h"
#include "core/platform/namespaces.h"
#include "core/platform/tenants.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// Whose a namespace is, in the order in which people look for trouble.
enum class NamespaceGroup
{
    Tenant,
    Platform,
    System, ///< default, kube-system and their like, unless an application puts something there
};
std::string_view toString(NamespaceGroup group); ///< "tenant"

/// How full the fullest line of a namespace's quotas would be after a sync.
struct QuotaShare
{
    std::string resource;
    double used = 0; ///< of hard, 1 is full; by the cluster's count, else by what Git declares
    double pending = 0;
    bool operator==(const QuotaShare&) const = default;
};

/// How many findings stand open; those that somebody accepted are left out.
struct FindingCounts
{
    int errors = 0;
    int warnings = 0;
    int notes = 0;
    int all() const { return errors + warnings + notes; }
    bool operator==(const FindingCounts&) const = default;
};

/// One line on a namespace, for lists and maps.
struct NamespaceSummary
{
    std::string name;
    NamespaceGroup group = NamespaceGroup::Platform;
    std::string tenant; ///< that it belongs to, "" when to none
    std::optional<Health> health;
    int objects = 0; ///< declared or live
    std::int64_t pods = 0;
    std::optional<std::int64_t> livePods; ///< nullopt: no cluster was asked
    std::optional<QuotaShare> quota; ///< nullopt: there is none
    int undeclared = 0;
    int leftOver = 0;
    FindingCounts findings;
    bool operator==(const NamespaceSummary&) const = default;
};

/// One for each view, in the same order.
std::vector<NamespaceSummary> namespaceSummaries(const std::vector<NamespaceView>& views,
                                                 const std::vector<TenantView>& tenants,
                                                 const std::vector<Finding>& findings,
                                                 bool hasLive);

/// Where an object stands between Git and the cluster.
enum class ObjectStanding
{
    Absent, ///< declared, and the cluster has it not
    Undeclared, ///< nobody's in Git, made by nobody else
    LeftOver, ///< tracked to an application that declares it no more
    Declared, ///< declared; whether it is there was not asked
    Present, ///< declared and there
    Owned, ///< made by another object
    System, ///< put there by Kubernetes or a controller
};
/// One for each object; all are of the view's namespace.
std::vector<ObjectStanding> standingsOf(const NamespaceView& view,
                                        const std::vector<const PlatformObject*>& objects,
                                        bool hasLive);

/// The fullest line; nullopt without one.
std::optional<QuotaShare> fullestLine(const std::vector<QuotaView>& quotas);
/// amount as a part of hard: 0 without a limit that says something.
double shareOf(const Quantity& amount, const Quantity& hard);

} // namespace core
