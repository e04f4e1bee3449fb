// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A place on the network as a manifest's text names it.
struct Endpoint
{
    std::string scheme; ///< "http", "amqp", "jdbc:postgresql"; "" when the text has none
    std::string host; ///< lower case
    int port = 0; ///< 0: the text names none
    bool operator==(const Endpoint&) const = default;
};

/// Every endpoint that stands in a text (the value of a variable, an argument, a line of a
/// configuration): URLs, "host:port", and lists of them, also behind "name=". A bare word is one
/// only when allowBareHost is set (for variables that are called so: POSTGRES_HOST). User names and
/// passwords in URLs are left out. Order of the text, no doubles; at most 64.
std::vector<Endpoint> endpointsIn(std::string_view text, bool allowBareHost = false);

/// The port that a scheme means when none is named ("amqp" 5672), or 0.
int defaultPort(std::string_view scheme);

/// A Service by namespace and name.
struct ServiceName
{
    std::string namespaceName;
    std::string name;
    auto operator<=>(const ServiceName&) const = default;
};

/// The Services that a host name may mean to a pod of a namespace, in the order in which the
/// cluster's DNS looks: "kafka", "kafka.kafka", "kafka.kafka.svc", "…svc.cluster.local", and pods
/// of headless Services ("broker-0.brokers.kafka.svc"). Empty for addresses and names of the world.
std::vector<ServiceName> serviceCandidates(std::string_view host, std::string_view fromNamespace);

/// An IPv4 or IPv6 address in its usual spelling.
bool isAddress(std::string_view host);

} // namespace core
