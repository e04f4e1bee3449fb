// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findings.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// Kind and name of what Reflector copies into a namespace.
using MirroredNames = std::set<std::pair<std::string, std::string>>;

/// A Kafka listener without TLS.
struct PlainListener
{
    ObjectKey object;
    std::string name;
    int port = 0;
    std::string pointer;
};

/// What a namespace claims of things that all share.
struct NamespaceClaims
{
    struct Port
    {
        int number = 0;
        ObjectKey object;
        std::string pointer;
    };
    std::vector<Port> nodePorts;
    std::vector<std::pair<GroupKind, ObjectKey>> kinds; ///< that CustomResourceDefinitions define
    std::vector<PlainListener> listeners;
    std::map<std::string, MirroredNames> mirrored; ///< by the namespace that it is copied to
};
NamespaceClaims claimsIn(const PlatformModel& model, const std::string& name);

// Findings of one namespace; each rests on that namespace, the cluster's scope and, for the
// network, on those that its pods' texts name.
void findNetworkIn(const PlatformModel& model, const std::string& name, std::vector<Finding>& out);
void findIsolationIn(const PlatformModel& model, const std::string& tenant, const std::string& name,
                     std::vector<Finding>& out);
void findQuotasIn(const PlatformModel& model, const std::string& name, std::vector<Finding>& out);
void findSecurityIn(const PlatformModel& model, const std::string& name,
                    const std::set<std::string>& tenants, std::vector<Finding>& out);
void findTwiceIn(const PlatformModel& model, const std::string& name, std::vector<Finding>& out);
void findReferencesIn(const PlatformModel& model, const std::string& name,
                      const MirroredNames& mirrored, std::vector<Finding>& out);
void findUnclearAcceptsIn(const PlatformModel& model, const std::string& name,
                          std::vector<Finding>& out);

// Findings over all namespaces.
void findCollisions(const PlatformModel& model, const std::vector<const NamespaceClaims*>& claims,
                    std::vector<Finding>& out);
/// Whether pods without labels of their own reach a listener of a cluster.
bool reachesListener(const PlatformModel& model, const std::string& fromNamespace,
                     const ModelObject& cluster, const PlainListener& listener);
Finding plainListenerFinding(const ModelObject& cluster, const PlainListener& listener,
                             const std::string& tenants);

} // namespace core
