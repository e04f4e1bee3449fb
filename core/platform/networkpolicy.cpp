// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/networkpolicy.h"

#include <algorithm>

namespace core {

namespace {

using Facts = NetworkPolicyFacts;

bool covers(const IpBlock& outer, const IpBlock& inner)
{
    return outer.prefix <= inner.prefix && outer.contains(inner.base);
}

/// Pods have addresses of these ranges: a block that holds none of them holds no pods.
const std::vector<IpBlock>& podRanges()
{
    static const std::vector<IpBlock> ranges = [] {
        std::vector<IpBlock> out;
        for (const char* const text :
             {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"})
            out.push_back(*IpBlock::parse(text));
        return out;
    }();
    return ranges;
}

bool mayHoldPods(const Facts::Peer& peer)
{
    const auto isExcepted = [&](const IpBlock& block) {
        return std::ranges::any_of(peer.except,
                                   [&](const IpBlock& except) { return covers(except, block); });
    };
    return std::ranges::any_of(podRanges(), [&](const IpBlock& range) {
        if (covers(*peer.block, range))
            return !isExcepted(range);
        return covers(range, *peer.block) && !isExcepted(*peer.block);
    });
}

Reach matchBlock(const Facts::Peer& peer, const NetworkEnd& end)
{
    if (end.isPod()) // whether a block means pods is the network plugin's affair
        return mayHoldPods(peer) ? Reach::Depends : Reach::Denied;
    if (!end.address)
        return peer.block->isEverything() && peer.except.empty() ? Reach::Allowed : Reach::Depends;
    if (!peer.block->contains(*end.address))
        return Reach::Denied;
    const bool isExcepted = std::ranges::any_of(
        peer.except, [&](const IpBlock& block) { return block.contains(*end.address); });
    return isExcepted ? Reach::Denied : Reach::Allowed;
}

Reach matchPeer(const Facts::Peer& peer, const std::string& policyNamespace, const NetworkEnd& end)
{
    if (peer.isBroken)
        return Reach::Denied;
    if (peer.block)
        return matchBlock(peer, end);
    if (!end.isPod() || end.hostNetwork)
        return Reach::Denied;
    if (peer.namespaces) {
        if (!end.namespaceLabels || !peer.namespaces->matches(*end.namespaceLabels))
            return Reach::Denied;
    } else if (end.namespaceName != policyNamespace) {
        return Reach::Denied;
    }
    return !peer.pods || peer.pods->matches(*end.labels) ? Reach::Allowed : Reach::Denied;
}

Reach matchPeers(const Facts::Rule& rule, const std::string& policyNamespace, const NetworkEnd& end)
{
    if (rule.peers.empty())
        return Reach::Allowed;
    Reach best = Reach::Denied;
    for (const Facts::Peer& peer : rule.peers) {
        const Reach reach = matchPeer(peer, policyNamespace, end);
        if (reach == Reach::Allowed)
            return reach;
        if (reach == Reach::Depends)
            best = reach;
    }
    return best;
}

bool isNamed(const Facts::Port& port, const NetworkPort& wanted, const NetworkEnd& target)
{
    return target.ports && std::ranges::any_of(*target.ports, [&](const ContainerPort& each) {
               return each.name == port.name && each.protocol == port.protocol
                   && each.port == wanted.number;
           });
}

bool matchPort(const Facts::Rule& rule, const NetworkPort& wanted, const NetworkEnd& target)
{
    return rule.ports.empty() || std::ranges::any_of(rule.ports, [&](const Facts::Port& port) {
               if (port.protocol != wanted.protocol)
                   return false;
               if (wanted.number == 0)
                   return true; // any port of it
               if (!port.name.empty())
                   return isNamed(port, wanted, target);
               return port.first == 0
                   || (port.first <= wanted.number && wanted.number <= port.last);
           });
}

struct Direction
{
    bool isIngress = false;
    const NetworkEnd& own; ///< whose policies are asked
    const NetworkEnd& other;
    const NetworkEnd& target; ///< whose ports are meant
    const NetworkPort& port;
};

std::string ruleText(const ObjectKey& policy, int rule, bool isIngress)
{
    return "rule " + std::to_string(rule + 1) + " of " + policy.text()
        + (isIngress ? " lets it in" : " lets it out");
}

DirectionVerdict directionVerdict(const Direction& direction,
                                  const std::vector<NetworkPolicy>& policies)
{
    DirectionVerdict verdict;
    const char* const way = direction.isIngress ? "in" : "out";
    if (!direction.own.isPod() || direction.own.hostNetwork) {
        verdict.reason = direction.own.isPod()
            ? "its pods use the host's network, which policies do not see"
            : "no policy applies to addresses outside the cluster";
        return verdict;
    }
    for (const NetworkPolicy& policy : policies) {
        const Facts& facts = *policy.facts;
        if (facts.isBroken || !(direction.isIngress ? facts.isIngress : facts.isEgress)
            || policy.key.namespaceName != direction.own.namespaceName
            || !facts.pods.matches(*direction.own.labels))
            continue;
        if (!verdict.isIsolated) {
            verdict.isIsolated = true;
            verdict.reach = Reach::Denied;
            verdict.policy = policy.key;
        }
        const auto& rules = direction.isIngress ? facts.ingress : facts.egress;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!matchPort(rules[i], direction.port, direction.target))
                continue;
            const Reach reach = matchPeers(rules[i], policy.key.namespaceName, direction.other);
            if (reach == Reach::Denied || (reach == verdict.reach && reach == Reach::Depends))
                continue;
            verdict.reach = reach;
            verdict.policy = policy.key;
            verdict.rule = int(i);
            if (reach == Reach::Allowed) {
                verdict.reason = ruleText(policy.key, verdict.rule, direction.isIngress);
                return verdict;
            }
        }
    }
    if (!verdict.isIsolated)
        verdict.reason = std::string("no policy isolates it, all may go ") + way;
    else if (verdict.reach == Reach::Depends)
        verdict.reason = ruleText(verdict.policy, verdict.rule, direction.isIngress)
            + " only where its address block includes it";
    else
        verdict.reason =
            verdict.policy.text() + " isolates it and no rule lets it " + std::string(way);
    return verdict;
}

} // namespace

std::string NetworkVerdict::reason() const
{
    if (egress.reach == Reach::Denied)
        return "out of the source: " + egress.reason;
    if (ingress.reach == Reach::Denied)
        return "into the target: " + ingress.reason;
    if (egress.reach == Reach::Depends)
        return "out of the source: " + egress.reason;
    if (ingress.reach == Reach::Depends)
        return "into the target: " + ingress.reason;
    return "out of the source: " + egress.reason + "; into the target: " + ingress.reason;
}

NetworkVerdict connectionVerdict(const NetworkEnd& source, const NetworkEnd& target,
                                 const NetworkPort& port,
                                 const std::vector<NetworkPolicy>& sourcePolicies,
                                 const std::vector<NetworkPolicy>& targetPolicies)
{
    NetworkVerdict verdict;
    verdict.egress = directionVerdict({false, source, target, target, port}, sourcePolicies);
    verdict.ingress = directionVerdict({true, target, source, target, port}, targetPolicies);
    const auto either = [&](Reach reach) {
        return verdict.egress.reach == reach || verdict.ingress.reach == reach;
    };
    verdict.reach = either(Reach::Denied) ? Reach::Denied
        : either(Reach::Depends)          ? Reach::Depends
                                          : Reach::Allowed;
    return verdict;
}

bool isIsolated(const std::vector<NetworkPolicy>& policies, const Labels& labels, bool ingress)
{
    return std::ranges::any_of(policies, [&](const NetworkPolicy& policy) {
        return !policy.facts->isBroken
            && (ingress ? policy.facts->isIngress : policy.facts->isEgress)
            && policy.facts->pods.matches(labels);
    });
}

} // namespace core
