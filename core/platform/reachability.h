// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformmodel.h"

#include <string>
#include <vector>

namespace core {

/// What pods of a tenant may want to reach.
struct ReachTarget
{
    enum class Type
    {
        Service,
        Tenant, ///< any pod of another tenant, on any port
        Dns,
        World ///< an address outside the cluster
    } type = Type::Service;
    std::string title; ///< "kafka/event-cluster-kafka-bootstrap:9092"
    std::string namespaceName;
    std::vector<std::string> services; ///< all names that lead to the same pods and port
    NetworkPort port; ///< on the pods
    int servicePort = 0;
    bool operator==(const ReachTarget&) const = default;
};

struct ReachSource
{
    std::string title; ///< "any pod", "Deployment shop/web"
    NetworkVerdict verdict;
    bool operator==(const ReachSource&) const = default;
};

/// One cell: what any pod without labels of its own may do, and which workloads differ.
struct ReachCell
{
    Reach reach = Reach::Denied; ///< of any pod
    bool isMixed = false; ///< some workload's differs
    NetworkVerdict verdict;
    std::vector<ReachSource> exceptions;
    bool operator==(const ReachCell&) const = default;
};

struct ReachRow
{
    std::string tenant;
    std::string namespaceName;
    std::vector<ReachCell> cells; ///< one for each target
    bool operator==(const ReachRow&) const = default;
};

struct ReachMatrix
{
    std::vector<ReachTarget> targets;
    std::vector<ReachRow> rows;
    bool operator==(const ReachMatrix&) const = default;
};

/// A tenant's namespaces, for the matrix.
struct TenantSpaces
{
    std::string tenant;
    std::vector<std::string> namespaces;
};

/// Every tenant against every Service outside of its own namespaces, the other tenants, DNS and the
/// world, decided by the NetworkPolicies of both ends.
ReachMatrix reachMatrix(const PlatformModel& model, const std::vector<TenantSpaces>& tenants);

/// Whether pods of a namespace reach a Service on one of its ports. nullopt when it has no such
/// port, or no pods to judge by.
std::optional<NetworkVerdict> serviceVerdict(const PlatformModel& model,
                                             const std::string& sourceNamespace,
                                             const PodFacts& source, const ServiceName& target,
                                             const ServiceFacts& service, int servicePort);

/// The port on a pod that a Service's port leads to; 0 when a name leads nowhere.
int podPort(const ServicePort& port, const std::vector<ContainerPort>& ports);

} // namespace core
