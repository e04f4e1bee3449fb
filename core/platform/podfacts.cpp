// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/podfacts.h"

#include "core/base/strings.h"
#include "core/object/selector.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

const JsonArray& arrayAt(const Json& value, std::string_view key)
{
    static const JsonArray none;
    const Json* found = find(value, key);
    return found && found->is_array() ? found->get_array() : none;
}

std::string textAt(const Json& value, std::initializer_list<std::string_view> path)
{
    return std::string(stringAt(value, path));
}

void addName(PodFacts& pod, const char* kind, const Json& from, std::string_view key,
             const std::string& pointer, bool optional = false)
{
    if (const std::string_view name = stringAt(from, {key}); !name.empty())
        pod.names.push_back({kind, std::string(name), pointer, optional});
}

void addText(PodFacts& pod, const std::string& name, std::string_view text,
             const std::string& pointer)
{
    for (Endpoint& endpoint : endpointsIn(text, isHostVariable(name)))
        pod.endpoints.push_back({std::move(endpoint), name, pointer});
    if (isWellKnownPassword(name, text))
        pod.wellKnownPasswords.push_back(pointer);
}

/// A host and its port in variables of their own: POSTGRES_HOST and POSTGRES_PORT.
void joinPorts(PodFacts& pod, const JsonArray& environment, std::size_t first)
{
    for (std::size_t i = first; i < pod.endpoints.size(); ++i) {
        EndpointFact& fact = pod.endpoints[i];
        if (fact.endpoint.port != 0 || !fact.from.ends_with("HOST"))
            continue;
        const std::string portName = fact.from.substr(0, fact.from.size() - 4) + "PORT";
        for (const Json& variable : environment)
            if (stringAt(variable, {"name"}) == portName) {
                const std::string_view text = stringAt(variable, {"value"});
                const auto ports = endpointsIn("h:" + std::string(text));
                if (!ports.empty())
                    fact.endpoint.port = ports.front().port;
            }
    }
}

void readEnvironment(const Json& container, const std::string& pointer, PodFacts& pod)
{
    const JsonArray& environment = arrayAt(container, "env");
    const std::size_t first = pod.endpoints.size();
    for (std::size_t i = 0; i < environment.size(); ++i) {
        const Json& variable = environment[i];
        const std::string at = pointer + "/env/" + std::to_string(i);
        if (const std::string_view value = stringAt(variable, {"value"}); !value.empty())
            addText(pod, textAt(variable, {"name"}), value, at + "/value");
        for (const auto& [key, kind] :
             {std::pair("secretKeyRef", "Secret"), std::pair("configMapKeyRef", "ConfigMap")})
            if (const Json* reference = findPath(variable, {"valueFrom", key}))
                addName(pod, kind, *reference, "name", at + "/valueFrom/" + key,
                        boolAt(*reference, {"optional"}));
    }
    joinPorts(pod, environment, first);
    const JsonArray& sources = arrayAt(container, "envFrom");
    for (std::size_t i = 0; i < sources.size(); ++i)
        for (const auto& [key, kind] :
             {std::pair("secretRef", "Secret"), std::pair("configMapRef", "ConfigMap")})
            if (const Json* reference = find(sources[i], key))
                addName(pod, kind, *reference, "name",
                        pointer + "/envFrom/" + std::to_string(i) + "/" + key,
                        boolAt(*reference, {"optional"}));
}

void readContainer(const Json& container, const std::string& pointer, bool isInit, PodFacts& pod)
{
    ContainerFacts facts;
    facts.name = textAt(container, {"name"});
    facts.isInit = isInit;
    facts.isSidecar = isInit && stringAt(container, {"restartPolicy"}) == "Always";
    readResources(find(container, "resources"), facts);
    readEnvironment(container, pointer, pod);
    for (const char* const list : {"command", "args"}) {
        const JsonArray& words = arrayAt(container, list);
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i].is_string())
                addText(pod, list, std::string_view(words[i].get_string()),
                        pointer + "/" + list + "/" + std::to_string(i));
    }
    if (!isInit || facts.isSidecar)
        for (const Json& port : arrayAt(container, "ports")) {
            const std::string_view protocol = stringAt(port, {"protocol"});
            pod.ports.push_back({textAt(port, {"name"}), int(integerAt(port, {"containerPort"}, 0)),
                                 protocol.empty() ? "TCP" : std::string(protocol)});
        }
    pod.isPrivileged = pod.isPrivileged || boolAt(container, {"securityContext", "privileged"});
    if (!boolAt(container, {"securityContext", "runAsNonRoot"}))
        pod.runsAsRootAllowed = true;
    pod.containers.push_back(std::move(facts));
}

void readVolumes(const Json& spec, const std::string& pointer, PodFacts& pod)
{
    const JsonArray& volumes = arrayAt(spec, "volumes");
    for (std::size_t i = 0; i < volumes.size(); ++i) {
        const std::string at = pointer + "/volumes/" + std::to_string(i);
        if (const Json* secret = find(volumes[i], "secret"))
            addName(pod, "Secret", *secret, "secretName", at + "/secret",
                    boolAt(*secret, {"optional"}));
        if (const Json* map = find(volumes[i], "configMap"))
            addName(pod, "ConfigMap", *map, "name", at + "/configMap", boolAt(*map, {"optional"}));
        if (const Json* claim = find(volumes[i], "persistentVolumeClaim"))
            addName(pod, "PersistentVolumeClaim", *claim, "claimName",
                    at + "/persistentVolumeClaim");
        const Json* projected = find(volumes[i], "projected");
        if (!projected)
            continue;
        for (const Json& source : arrayAt(*projected, "sources")) {
            if (const Json* secret = find(source, "secret"))
                addName(pod, "Secret", *secret, "name", at, boolAt(*secret, {"optional"}));
            if (const Json* map = find(source, "configMap"))
                addName(pod, "ConfigMap", *map, "name", at, boolAt(*map, {"optional"}));
        }
    }
}

} // namespace

ResourceList resourcesOf(const Json* values)
{
    ResourceList out;
    if (!values || !values->is_object())
        return out;
    for (const auto& [name, value] : values->get_object()) {
        std::optional<Quantity> quantity;
        if (value.is_string())
            quantity = Quantity::parse(std::string_view(value.get_string()));
        else if (value.is_number())
            quantity = Quantity::parse(toText(value));
        if (quantity)
            out.insert_or_assign(std::string(name), *quantity);
    }
    return out;
}

void readResources(const Json* resources, ContainerFacts& out)
{
    if (!resources)
        return;
    out.requests = resourcesOf(find(*resources, "requests"));
    out.limits = resourcesOf(find(*resources, "limits"));
}

std::int64_t podCount(std::int64_t written)
{
    return std::clamp<std::int64_t>(written, 0, 1'000'000);
}

PodFacts podFactsOf(const Json& podTemplate, const std::string& pointer)
{
    PodFacts pod;
    pod.pointer = pointer;
    pod.labels = labelsOf(podTemplate);
    const Json* spec = find(podTemplate, "spec");
    if (!spec)
        return pod;
    const std::string at = pointer + "/spec";
    pod.serviceAccount = textAt(*spec, {"serviceAccountName"});
    if (pod.serviceAccount.empty())
        pod.serviceAccount = textAt(*spec, {"serviceAccount"});
    if (const Json* automount = find(*spec, "automountServiceAccountToken");
        automount && automount->is_bool())
        pod.automountToken = automount->get_bool();
    pod.hostNetwork = boolAt(*spec, {"hostNetwork"});
    for (const auto& [list, isInit] :
         {std::pair("initContainers", true), std::pair("containers", false)}) {
        const JsonArray& containers = arrayAt(*spec, list);
        for (std::size_t i = 0; i < containers.size(); ++i)
            readContainer(containers[i], at + "/" + list + "/" + std::to_string(i), isInit, pod);
    }
    if (boolAt(*spec, {"securityContext", "runAsNonRoot"}))
        pod.runsAsRootAllowed = false;
    for (const Json& secret : arrayAt(*spec, "imagePullSecrets"))
        addName(pod, "Secret", secret, "name", at + "/imagePullSecrets", true);
    readVolumes(*spec, at, pod);
    return pod;
}

bool isWellKnownPassword(std::string_view name, std::string_view value)
{
    static constexpr std::array<std::string_view, 20> passwords {
        "admin",    "admin123", "changeme", "changeit",   "default",  "demo",      "example",
        "guest",    "letmein",  "minio123", "minioadmin", "password", "password1", "postgres",
        "rabbitmq", "root",     "secret",   "test",       "123456",   "airflow"};
    static constexpr std::array<std::string_view, 7> words {
        "password", "passwd", "pass", "pwd", "secret_key", "secretkey", "token"};
    std::string lower = toLower(name);
    std::ranges::replace(lower, '-', '_');
    std::ranges::replace(lower, '.', '_');
    const bool speaks = std::ranges::any_of(
        words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
    return speaks && std::ranges::find(passwords, toLower(trimmed(value))) != passwords.end();
}

bool isHostVariable(std::string_view name)
{
    return name.ends_with("HOST") || name.ends_with("_HOSTNAME") || name.ends_with("_SERVER")
        || name.ends_with("_SERVICE") || name.ends_with("_ADDRESS") || name.ends_with("_ENDPOINT");
}

} // namespace core
