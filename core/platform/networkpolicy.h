// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/object/selector.h"
#include "core/platform/podfacts.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// An IPv4 or IPv6 address; IPv4 as ::ffff:a.b.c.d.
struct IpAddress
{
    std::array<unsigned char, 16> bytes {};
    static std::optional<IpAddress> parse(std::string_view text);
    bool isV4() const;
    auto operator<=>(const IpAddress&) const = default;
};

/// A CIDR block.
struct IpBlock
{
    IpAddress base;
    int prefix = 0; ///< of 128 bits: an IPv4 block's own length plus 96
    std::string text;
    static std::optional<IpBlock> parse(std::string_view text);
    bool contains(const IpAddress& address) const;
    bool isEverything() const; ///< 0.0.0.0/0 or ::/0
};

/// networking.k8s.io/v1 NetworkPolicy, read once.
struct NetworkPolicyFacts
{
    struct Peer
    {
        std::optional<LabelSelector> pods;
        std::optional<LabelSelector> namespaces;
        std::optional<IpBlock> block;
        std::vector<IpBlock> except;
        bool isBroken = false; ///< says nothing that can be read: matches nothing
    };
    struct Port
    {
        std::string protocol = "TCP";
        int first = 0; ///< 0 with an empty name: every port of the protocol
        int last = 0;
        std::string name;
    };
    struct Rule
    {
        std::vector<Peer> peers; ///< empty: everybody
        std::vector<Port> ports; ///< empty: every port
    };
    LabelSelector pods;
    bool isIngress = false;
    bool isEgress = false;
    std::vector<Rule> ingress;
    std::vector<Rule> egress;
    bool isBroken = false; ///< its podSelector cannot be read: it selects nothing

    static NetworkPolicyFacts read(const Json& policy);
};

/// A policy in its namespace.
struct NetworkPolicy
{
    ObjectKey key;
    const NetworkPolicyFacts* facts = nullptr;
};

/// One end of a connection: pods with the same labels, or an address of the world.
struct NetworkEnd
{
    std::string namespaceName; ///< "" for an address
    const Labels* labels = nullptr;
    const Labels* namespaceLabels = nullptr;
    const std::vector<ContainerPort>* ports = nullptr; ///< what named ports mean
    bool hostNetwork = false; ///< policies do not see its pods
    std::optional<IpAddress> address; ///< of an end in the world; nullopt there: any address
    bool isPod() const { return labels != nullptr; }
};

struct NetworkPort
{
    std::string protocol = "TCP";
    int number = 0; ///< on the target's pods; 0: any
    bool operator==(const NetworkPort&) const = default;
};

enum class Reach
{
    Allowed,
    Denied,
    Depends, ///< on the network plugin, or on what the address is
};

/// What one direction of a connection comes to, and why.
struct DirectionVerdict
{
    Reach reach = Reach::Allowed;
    bool isIsolated = false; ///< a policy selects the pods for this direction
    ObjectKey policy; ///< that allows it; when denied the first of those that isolate
    int rule = -1; ///< index of the rule that allows it
    std::string reason; ///< one sentence
    bool operator==(const DirectionVerdict&) const = default;
};

struct NetworkVerdict
{
    Reach reach = Reach::Allowed;
    DirectionVerdict egress; ///< of the source
    DirectionVerdict ingress; ///< of the target
    std::string reason() const; ///< of the side that decides
    bool operator==(const NetworkVerdict&) const = default;
};

/// NetworkPolicy's semantics: a pod is isolated in a direction by any policy that selects it there;
/// then only what some rule of some such policy allows may pass. A connection needs the source's
/// egress and the target's ingress. policies: those of all namespaces, or at least of both ends.
NetworkVerdict connectionVerdict(const NetworkEnd& source, const NetworkEnd& target,
                                 const NetworkPort& port,
                                 const std::vector<NetworkPolicy>& sourcePolicies,
                                 const std::vector<NetworkPolicy>& targetPolicies);

/// Policies of a namespace that select pods with these labels for ingress or egress.
bool isIsolated(const std::vector<NetworkPolicy>& policies, const Labels& labels, bool ingress);

} // namespace core
