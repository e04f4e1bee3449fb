// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformmodel.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace core {

/// How many objects of a kind a namespace has.
struct KindCount
{
    GroupKind kind;
    int declared = 0;
    int live = 0;
    bool operator==(const KindCount&) const = default;
};

/// Something that makes pods.
struct WorkloadView
{
    ObjectKey key;
    std::string application;
    std::optional<int> wave; ///< nullopt: no application declares it
    std::optional<Health> health; ///< nullopt: not live, or of a kind without health
    std::int64_t pods = 0;
    ResourceList need; ///< as a quota counts it, all pods together
    std::vector<std::string> defaulted; ///< what LimitRanges fill in: "container web: limits.cpu"
    Place place;
    bool operator==(const WorkloadView&) const = default;
};

/// One line of a quota.
struct QuotaLine
{
    std::string resource; ///< as the quota writes it: "requests.cpu"
    Quantity hard;
    std::optional<Quantity> used; ///< counted by the cluster
    Quantity requested; ///< by what Git declares, defaults filled in
    /// After a sync: what is used now and what Git declares beyond what is live; without a cluster
    /// the same as requested.
    Quantity pending;
    struct Consumer
    {
        ObjectKey key;
        std::string application;
        Quantity amount;
        Place place;
        bool operator==(const Consumer&) const = default;
    };
    std::vector<Consumer> consumers; ///< of requested, the greatest first
    bool isExceeded() const { return hard < pending; }
    bool operator==(const QuotaLine&) const = default;
};

struct QuotaView
{
    ObjectKey key;
    std::vector<QuotaLine> lines; ///< as written
    std::vector<std::string>
        scopes; ///< not empty: it counts some pods only, so requested is unknown
    Place place;
    bool operator==(const QuotaView&) const = default;
};

/// A LimitRange: what it fills into containers, and between which bounds they have to stay.
struct LimitView
{
    ObjectKey key;
    LimitRangeFacts facts;
    Place place;
    bool operator==(const LimitView&) const = default;
};

/// One namespace's use of another.
struct CrossReference
{
    ObjectKey from;
    std::string namespaceName; ///< of from
    std::string toNamespace;
    std::string to; ///< "Service kafka/bootstrap", "pods of the namespace"
    std::string how; ///< "DNS name", "NetworkPolicy peer", "RoleBinding subject", "mirrored Secret"
    std::string text; ///< one sentence
    Place place;
    bool operator==(const CrossReference&) const = default;
};

/// Everything about one namespace.
struct NamespaceView
{
    std::string name;
    bool declared = false;
    bool live = false;
    bool isSystem = false;
    Labels labels;
    Place place;
    std::optional<Health> health; ///< the worst of its objects; nullopt without a cluster
    std::string healthMessage; ///< who causes it
    struct Bringer
    {
        std::string application;
        int firstWave = 0;
        int lastWave = 0;
        int objects = 0;
        bool operator==(const Bringer&) const = default;
    };
    std::vector<Bringer> applications;
    std::vector<KindCount> kinds;
    std::vector<WorkloadView> workloads;
    std::int64_t pods = 0; ///< that its workloads want
    std::optional<std::int64_t> livePods; ///< that are there
    ResourceList need; ///< of all objects
    std::vector<QuotaView> quotas;
    std::vector<LimitView> limits;
    std::vector<ObjectKey> undeclared; ///< live, nobody's in Git, made by nobody else
    std::vector<ObjectKey> leftOver; ///< tracked to an application that declares them no more
    std::vector<CrossReference> references; ///< to other namespaces
    bool operator==(const NamespaceView&) const = default;
};

NamespaceView namespaceView(const PlatformModel& model, const std::string& name);
/// All of them, by name; that of the cluster's scope is left out.
std::vector<NamespaceView> namespaceViews(const PlatformModel& model);
/// The same, after a change of objects: those of before, but for namespaces that are stale.
std::vector<NamespaceView> namespaceViews(const PlatformModel& model,
                                          const std::vector<NamespaceView>& before,
                                          const std::set<std::string>& stale);

std::vector<QuotaView> quotaViews(const PlatformModel& model, const std::string& namespaceName);
std::vector<CrossReference> crossReferences(const PlatformModel& model,
                                            const std::string& namespaceName);

} // namespace core
