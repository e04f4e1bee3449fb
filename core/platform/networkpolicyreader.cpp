// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkPolicy manifests and addresses to values.
#include "core/base/strings.h"
#include "core/platform/networkpolicy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>

namespace core {

namespace {

using Facts = NetworkPolicyFacts;

/// Longer lists do not come from people; the API server's own limit is the object's size.
constexpr std::size_t kMaxEntries = 5000;

const JsonArray& arrayAt(const Json& value, std::string_view key)
{
    static const JsonArray none;
    const Json* found = find(value, key);
    return found && found->is_array() && found->get_array().size() <= kMaxEntries
        ? found->get_array()
        : none;
}

std::optional<LabelSelector> selectorAt(const Json& value, std::string_view key, bool& isBroken)
{
    const Json* found = find(value, key);
    if (!found || found->is_null())
        return std::nullopt;
    auto selector = LabelSelector::fromJson(*found);
    if (!selector || !found->is_object()) {
        isBroken = true;
        return std::nullopt;
    }
    return *selector;
}

Facts::Peer peerOf(const Json& value)
{
    Facts::Peer peer;
    peer.pods = selectorAt(value, "podSelector", peer.isBroken);
    peer.namespaces = selectorAt(value, "namespaceSelector", peer.isBroken);
    if (const Json* block = find(value, "ipBlock"); block && block->is_object()) {
        peer.block = IpBlock::parse(stringAt(*block, {"cidr"}));
        peer.isBroken = peer.isBroken || !peer.block || peer.pods || peer.namespaces;
        for (const Json& except : arrayAt(*block, "except"))
            if (except.is_string())
                if (auto parsed = IpBlock::parse(std::string_view(except.get_string())))
                    peer.except.push_back(std::move(*parsed));
    }
    peer.isBroken = peer.isBroken || (!peer.pods && !peer.namespaces && !peer.block);
    return peer;
}

Facts::Port portOf(const Json& value)
{
    Facts::Port port;
    if (const std::string_view protocol = stringAt(value, {"protocol"}); !protocol.empty())
        port.protocol = protocol;
    const Json* number = find(value, "port");
    if (number && number->is_string()) {
        port.name = std::string_view(number->get_string());
    } else if (number && number->is_number()) {
        port.first = int(integerAt(value, {"port"}, -1));
        port.last = int(integerAt(value, {"endPort"}, port.first));
    }
    return port;
}

std::vector<Facts::Rule> rulesOf(const Json& spec, std::string_view direction,
                                 std::string_view peers)
{
    std::vector<Facts::Rule> rules;
    for (const Json& value : arrayAt(spec, direction)) {
        Facts::Rule rule;
        for (const Json& peer : arrayAt(value, peers))
            rule.peers.push_back(peerOf(peer));
        for (const Json& port : arrayAt(value, "ports"))
            rule.ports.push_back(portOf(port));
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    const std::string copy(text.substr(0, 64));
    IpAddress address;
    if (inet_pton(AF_INET, copy.c_str(), address.bytes.data() + 12) == 1) {
        address.bytes[10] = address.bytes[11] = 0xff;
        return address;
    }
    if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1)
        return address;
    return std::nullopt;
}

std::optional<IpBlock> IpBlock::parse(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto base = IpAddress::parse(text.substr(0, slash));
    const std::string_view length = text.substr(slash + 1);
    int prefix = -1;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), prefix);
    const bool isV4 = text.substr(0, slash).find(':') == std::string_view::npos;
    if (!base || error != std::errc {} || end != length.data() + length.size() || prefix < 0
        || prefix > (isV4 ? 32 : 128))
        return std::nullopt;
    return IpBlock {*base, isV4 ? prefix + 96 : prefix, std::string(text)};
}

bool IpAddress::isV4() const
{
    static constexpr std::array<unsigned char, 12> mapped {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
    return std::equal(mapped.begin(), mapped.end(), bytes.begin());
}

bool IpBlock::contains(const IpAddress& address) const
{
    if (base.isV4() != address.isV4())
        return false;
    const std::size_t whole = std::size_t(prefix) / 8;
    if (std::memcmp(base.bytes.data(), address.bytes.data(), whole) != 0)
        return false;
    const int rest = prefix % 8;
    if (rest == 0)
        return true;
    const int mask = 0xff << (8 - rest);
    return (base.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

bool IpBlock::isEverything() const
{
    return text.ends_with("/0");
}

NetworkPolicyFacts NetworkPolicyFacts::read(const Json& policy)
{
    NetworkPolicyFacts facts;
    const Json* spec = find(policy, "spec");
    if (!spec || !spec->is_object()) {
        facts.isBroken = true;
        return facts;
    }
    if (auto selector = selectorAt(*spec, "podSelector", facts.isBroken))
        facts.pods = *selector;
    facts.ingress = rulesOf(*spec, "ingress", "from");
    facts.egress = rulesOf(*spec, "egress", "to");
    const JsonArray& types = arrayAt(*spec, "policyTypes");
    const auto names = [&](std::string_view name) {
        return std::ranges::any_of(types, [&](const Json& type) {
            return type.is_string() && std::string_view(type.get_string()) == name;
        });
    };
    // Without types: always ingress, and egress where it has rules (kubernetes
    // pkg/apis/networking/v1/defaults.go).
    facts.isIngress = types.empty() || names("Ingress");
    facts.isEgress = types.empty() ? !facts.egress.empty() : names("Egress");
    return facts;
}

} // namespace core
