// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace gitops {

/// A Prometheus (or Thanos, Mimir) at an address.
struct PrometheusAccess
{
    std::string url; ///< "http://localhost:9090"; a prefix may follow
    std::string tokenFile; ///< a bearer token, read again when it changes
    std::string caFile; ///< "": the system's
    std::string organisation; ///< X-Scope-OrgID of back ends with tenants
    std::string topics; ///< a pattern that names of topics must match; "": all
};

/// A Kafka cluster at an address. Nothing but reading is ever asked for.
struct KafkaAccess
{
    /// Bootstrap addresses, "host:port,host:port"; "": those of the cluster that is named, inside
    /// of Kubernetes, through ports that are forwarded.
    std::string brokers;
    std::string cluster; ///< of the platform, "kafka/event-cluster"; "": found by addresses
    bool tls = false;
    std::string caFile;
    std::string certificateFile; ///< of a KafkaUser with TLS authentication
    std::string keyFile;
    std::string mechanism; ///< "SCRAM-SHA-512", "PLAIN"; "": no SASL
    std::string username;
    std::string passwordFile;
    /// NAMESPACE/NAME of a KafkaUser's Secret in the cluster: its password, or its certificate and
    /// key, as far as no file is named.
    std::string secret;
    /// NAMESPACE/NAME of a Secret whose ca.crt signs the brokers' certificates; "": that of the
    /// Strimzi cluster that is named, as far as no caFile is.
    std::string caSecret;
    /// An address that the brokers advertise, and the one to use instead (a forwarded port).
    std::map<std::string, std::string> addresses;
};

struct RabbitAccess
{
    std::string url; ///< of the Prometheus endpoint: "http://localhost:15692"
    std::string cluster; ///< "rabbitmq/rabbitmq-cluster"; "": the only one
};

/// Where live figures come from, as a person configured it.
struct TelemetryConfig
{
    std::vector<PrometheusAccess> prometheus;
    std::vector<KafkaAccess> kafka;
    std::vector<RabbitAccess> rabbitmq;
    std::vector<std::string> openLineage; ///< files, or URLs of Marquez
    bool simulated = false; ///< the practice cluster's traffic; nothing else is asked
    bool discover = true; ///< look for Prometheus and RabbitMQ in the cluster
};

} // namespace gitops
