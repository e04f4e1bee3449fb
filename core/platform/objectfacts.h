// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/networkpolicy.h"
#include "core/platform/podfacts.h"
#include "core/platform/quota.h"
#include "core/platform/rbac.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct ServicePort
{
    std::string name;
    int port = 0;
    std::string targetName; ///< a named target port, or ""
    int targetPort = 0; ///< 0: the same as port
    std::string protocol = "TCP";
    int nodePort = 0;
};

/// A Service: declared as such, or known to be made by an object's operator.
struct ServiceFacts
{
    std::string name;
    std::string type = "ClusterIP";
    std::string externalName;
    std::optional<Labels> selector; ///< nullopt: none, its endpoints are made by hand
    std::vector<ServicePort> ports;
    std::string pointer; ///< to what says so
};

/// A listener of a Kafka cluster.
struct ListenerFacts
{
    std::string name;
    int port = 0;
    bool tls = false;
    bool authenticated = false;
    std::string type; ///< "internal", "nodeport", …
    std::string pointer;
};

/// A credential that everybody knows, in a Secret or in a configuration text. Never its value.
struct WeakCredential
{
    std::string what; ///< the key or setting: "default_pass"
    std::string pointer;
};

struct CapsuleTenantFacts
{
    std::vector<std::string> owners; ///< "User alice"
    ResourceList quota; ///< hard, summed over its resourceQuotas
    std::string state; ///< of status: "Active", "Cordoned"
    bool isCordoned = false; ///< spec.cordoned
    std::vector<std::string> namespaces; ///< of status
};

/// Everything that the platform's views need of one object's text. Made once for a text and
/// shared; immutable.
struct ObjectFacts
{
    Labels labels;
    std::vector<PodFacts> pods; ///< what it makes by itself; not of objects that others own
    std::vector<ServiceFacts> services;
    std::vector<ListenerFacts> listeners;
    std::vector<WeakCredential> weak;
    std::vector<EndpointFact> endpoints; ///< named outside of pod templates
    std::optional<NetworkPolicyFacts> policy;
    std::optional<QuotaFacts> quota;
    std::optional<LimitRangeFacts> limits;
    std::optional<RoleFacts> role;
    std::optional<BindingFacts> binding;
    std::optional<CapsuleTenantFacts> tenant;
    std::optional<bool> automountToken; ///< of a ServiceAccount
    GroupKind defines; ///< of a CustomResourceDefinition
    ResourceList need; ///< of a quota, pods left out: claims, services, "count/…"
    std::int64_t claims = 0; ///< PersistentVolumeClaims that it makes
    std::string mirrorOf; ///< "namespace/name" that Reflector copies into this
    std::vector<std::string> mirroredTo; ///< namespaces that Reflector copies it to
    /// Codes of findings that wavewright.dev/accept names, with the reason, "" without one.
    std::map<std::string, std::string> accepted;
    bool finished = false; ///< a Job that is over: its pods count no more
};

/// On an object: findings that somebody decided to live with, "CODE: REASON" with semicolons or new
/// lines between; several codes with commas share a reason.
inline constexpr std::string_view kAcceptAnnotation = "wavewright.dev/accept";

using ObjectFactsPtr = std::shared_ptr<const ObjectFacts>;

/// Facts of an object of this key. value: the whole object.
ObjectFacts readObjectFacts(const ObjectKey& key, const Json& value);

/// What operators are known to make of their custom resources (Strimzi, RabbitMQ, Camel K, Spark):
/// pods, Services and listeners; nothing for other kinds.
void readOperatorFacts(const ObjectKey& key, const Json& value, ObjectFacts& out);

} // namespace core
