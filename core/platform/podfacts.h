// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/endpoint.h"
#include "core/value/json.h"
#include "core/value/quantity.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

using Labels = std::map<std::string, std::string>;
using ResourceList = std::map<std::string, Quantity>; ///< "cpu", "memory", …

struct ContainerPort
{
    std::string name;
    int port = 0;
    std::string protocol = "TCP";
};

/// What a container asks for before any LimitRange has filled it in.
struct ContainerFacts
{
    std::string name;
    bool isInit = false;
    bool isSidecar = false; ///< an init container that keeps running
    ResourceList requests;
    ResourceList limits;
};

/// A place on the network that a text of an object names.
struct EndpointFact
{
    Endpoint endpoint;
    std::string from; ///< the variable, argument or field: "KAFKA_BOOTSTRAP"
    std::string pointer; ///< JSON pointer to the text
};

/// Something of the same namespace that is named by name.
struct NameFact
{
    std::string kind; ///< "Secret", "ConfigMap", "ServiceAccount", "PersistentVolumeClaim"
    std::string name;
    std::string pointer;
    bool optional = false;
    auto operator<=>(const NameFact&) const = default;
};

/// The pods that one object makes: of a template, or as its operator is known to make them.
struct PodFacts
{
    std::string title; ///< "", or which of an object's sets: "zookeeper", "executor"
    std::string pointer; ///< JSON pointer to the pod's template in the object
    Labels labels;
    std::int64_t count = 1; ///< replicas, parallelism; of a DaemonSet 1
    std::string serviceAccount; ///< "" means default
    std::optional<bool> automountToken;
    bool hostNetwork = false;
    bool runsAsRootAllowed = false; ///< no container or pod forbids it
    bool isPrivileged = false;
    std::vector<ContainerFacts> containers;
    std::vector<ContainerPort> ports;
    std::vector<EndpointFact> endpoints;
    std::vector<NameFact> names;
    std::vector<std::string> wellKnownPasswords; ///< pointers to variables that hold one
};

/// A number of pods as written, kept between 0 and a million, so that sums stay sums.
std::int64_t podCount(std::int64_t written);

/// Reads a pod template ({metadata, spec}) that stands at pointer.
PodFacts podFactsOf(const Json& podTemplate, const std::string& pointer);

/// A map of names to quantities; what is none is left out.
ResourceList resourcesOf(const Json* values);

/// {requests, limits} of a container-like object.
void readResources(const Json* resources, ContainerFacts& out);

/// Whether a variable of this name with this value is a password that everybody knows ("guest",
/// "changeme", "minioadmin"): the name must speak of a secret.
bool isWellKnownPassword(std::string_view name, std::string_view value);

/// Whether a variable of this name names a host by a bare word.
bool isHostVariable(std::string_view name);

} // namespace core
