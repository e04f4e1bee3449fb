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

// Findings of one object. Each rests on the object itself, and on what its line names.

/// Of what its pods' texts name, and of a Service without pods: ModelAspect::Network of its own
/// namespace and of those in namedBy().
void findNetworkOf(const PlatformModel& model, const ModelObject& object,
                   std::vector<Finding>& out);
/// The namespaces that the texts of its pods may mean, its own left out.
std::set<std::string> namedBy(const ModelObject& object);
/// Of Secrets and ConfigMaps that its pods name: ModelAspect::Names of its namespace, what is
/// mirrored into it, and the applications' waves.
void findReferencesOf(const PlatformModel& model, const ModelObject& object,
                      const MirroredNames& mirrored, std::vector<Finding>& out);
/// Of what its pods may do and how much they take: ModelAspect::Frame of its namespace, tenants.
void findBoundsOf(const PlatformModel& model, const ModelObject& object,
                  const std::set<std::string>& tenants, std::vector<Finding>& out);
void findCredentialsOf(const ModelObject& object, std::vector<Finding>& out);
void findTwiceOf(const ModelObject& object, std::vector<Finding>& out);
void findUnclearAcceptsOf(const ModelObject& object, std::vector<Finding>& out);

// Findings of one namespace.

/// ModelAspect::Frame of it.
void findIsolationIn(const PlatformModel& model, const std::string& tenant, const std::string& name,
                     std::vector<Finding>& out);
/// ModelAspect::Needs of it.
void findQuotasIn(const PlatformModel& model, const std::string& name, std::vector<Finding>& out);
/// ModelAspect::Rights of it and of the cluster's scope; tenants.
void findRightsIn(const PlatformModel& model, const std::string& name,
                  const std::set<std::string>& tenants, std::vector<Finding>& out);

// Findings over all namespaces.
void findCollisions(const PlatformModel& model, const std::vector<const NamespaceClaims*>& claims,
                    std::vector<Finding>& out);
/// Whether pods without labels of their own reach a listener of a cluster.
bool reachesListener(const PlatformModel& model, const std::string& fromNamespace,
                     const ModelObject& cluster, const PlainListener& listener);
Finding plainListenerFinding(const ModelObject& cluster, const PlainListener& listener,
                             const std::string& tenants);

} // namespace core
