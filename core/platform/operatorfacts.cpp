// SPDX-License-Identifier: GPL-3.0-or-later
// What operators make of their custom resources, as far as reachability and quotas need it: the
// labels, ports and Services that the versions of our platforms use.
#include "core/base/strings.h"
#include "core/platform/objectfacts.h"

#include <algorithm>

namespace core {

namespace {

const JsonArray& arrayAt(const Json& value, std::initializer_list<std::string_view> path)
{
    static const JsonArray none;
    const Json* found = findPath(value, path);
    return found && found->is_array() ? found->get_array() : none;
}

std::string textAt(const Json& value, std::initializer_list<std::string_view> path)
{
    return std::string(stringAt(value, path));
}

ContainerFacts containerOf(const Json* resources, const std::string& name)
{
    ContainerFacts container;
    container.name = name;
    readResources(resources, container);
    return container;
}

ServicePort tcp(const std::string& name, int port, int nodePort = 0)
{
    return {name, port, {}, port, "TCP", nodePort};
}

void addPorts(PodFacts& pod, const std::vector<ServicePort>& ports)
{
    for (const ServicePort& port : ports)
        pod.ports.push_back({port.name, port.port, port.protocol});
}

/// A set of Strimzi's: its labels and the name of its pods.
PodFacts strimziPods(const ObjectKey& key, const Json& value, const char* component,
                     const std::string& suffix)
{
    PodFacts pod;
    pod.title = suffix;
    pod.pointer = std::string("/spec/") + component;
    pod.labels = {{"strimzi.io/cluster", key.name},
                  {"strimzi.io/kind", key.kind},
                  {"strimzi.io/name", key.name + "-" + suffix},
                  {"app.kubernetes.io/instance", key.name},
                  {"app.kubernetes.io/managed-by", "strimzi-cluster-operator"},
                  {"app.kubernetes.io/name", suffix}};
    pod.serviceAccount = key.name + "-" + suffix;
    pod.count = podCount(integerAt(value, {"spec", component, "replicas"}, 1));
    pod.containers.push_back(
        containerOf(findPath(value, {"spec", component, "resources"}), suffix));
    return pod;
}

void addStrimziClaims(const Json& storage, std::int64_t count, ObjectFacts& out)
{
    const auto add = [&](const Json& volume) {
        if (stringAt(volume, {"type"}) != "persistent-claim")
            return;
        ResourceList need;
        need["persistentvolumeclaims"] = Quantity::ofInteger(1);
        if (const auto size = Quantity::parse(stringAt(volume, {"size"})))
            need["requests.storage"] = *size;
        addNeed(out.need, need, count);
        out.claims += count;
    };
    if (stringAt(storage, {"type"}) != "jbod")
        return add(storage);
    for (const Json& volume : arrayAt(storage, {"volumes"}))
        add(volume);
}

void addListenerService(const ObjectKey& key, const Json& listener, const ListenerFacts& facts,
                        ObjectFacts& out)
{
    if (facts.type == "internal" || facts.type.empty())
        return;
    ServiceFacts service;
    service.name = key.name + "-kafka-" + facts.name + "-bootstrap";
    service.type = facts.type == "nodeport" ? "NodePort" : "LoadBalancer";
    service.selector =
        Labels {{"strimzi.io/cluster", key.name}, {"strimzi.io/name", key.name + "-kafka"}};
    service.ports.push_back(
        tcp(facts.name, facts.port,
            int(integerAt(listener, {"configuration", "bootstrap", "nodePort"}, 0))));
    service.pointer = facts.pointer;
    out.services.push_back(std::move(service));
}

void readKafka(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    PodFacts brokers = strimziPods(key, value, "kafka", "kafka");
    ServiceFacts bootstrap {.name = key.name + "-kafka-bootstrap", .pointer = "/spec/kafka"};
    bootstrap.selector =
        Labels {{"strimzi.io/cluster", key.name}, {"strimzi.io/name", key.name + "-kafka"}};
    bootstrap.ports.push_back(tcp("tcp-replication", 9091));
    const JsonArray& listeners = arrayAt(value, {"spec", "kafka", "listeners"});
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        ListenerFacts facts;
        facts.name = textAt(listeners[i], {"name"});
        facts.port = int(integerAt(listeners[i], {"port"}, 0));
        facts.tls = boolAt(listeners[i], {"tls"});
        facts.authenticated = !stringAt(listeners[i], {"authentication", "type"}).empty();
        facts.type = textAt(listeners[i], {"type"});
        facts.pointer = "/spec/kafka/listeners/" + std::to_string(i);
        bootstrap.ports.push_back(tcp("tcp-" + facts.name, facts.port));
        addListenerService(key, listeners[i], facts, out);
        out.listeners.push_back(std::move(facts));
    }
    addPorts(brokers, bootstrap.ports);
    brokers.ports.push_back({"tcp-prometheus", 9404, "TCP"});
    if (const Json* storage = findPath(value, {"spec", "kafka", "storage"}))
        addStrimziClaims(*storage, brokers.count, out);
    ServiceFacts headless = bootstrap;
    headless.name = key.name + "-kafka-brokers";
    out.pods.push_back(std::move(brokers));
    out.services.push_back(std::move(bootstrap));
    out.services.push_back(std::move(headless));
    if (!findPath(value, {"spec", "zookeeper"}))
        return;
    PodFacts keepers = strimziPods(key, value, "zookeeper", "zookeeper");
    ServiceFacts client {.name = key.name + "-zookeeper-client", .pointer = "/spec/zookeeper"};
    client.selector =
        Labels {{"strimzi.io/cluster", key.name}, {"strimzi.io/name", key.name + "-zookeeper"}};
    client.ports.push_back(tcp("tcp-clients", 2181));
    addPorts(keepers, client.ports);
    if (const Json* storage = findPath(value, {"spec", "zookeeper", "storage"}))
        addStrimziClaims(*storage, keepers.count, out);
    out.pods.push_back(std::move(keepers));
    out.services.push_back(std::move(client));
}

void readKafkaConnect(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    const char* const suffix = key.kind == "KafkaConnect" ? "connect" : "mirrormaker2";
    PodFacts pod = strimziPods(key, value, "none", suffix);
    pod.pointer = "/spec";
    pod.count = podCount(integerAt(value, {"spec", "replicas"}, 1));
    pod.containers = {containerOf(findPath(value, {"spec", "resources"}), suffix)};
    ServiceFacts api {.name = key.name + "-" + suffix + "-api", .pointer = "/spec"};
    api.selector =
        Labels {{"strimzi.io/cluster", key.name}, {"strimzi.io/name", key.name + "-" + suffix}};
    api.ports.push_back(tcp("rest-api", 8083));
    addPorts(pod, api.ports);
    for (Endpoint& endpoint : endpointsIn(stringAt(value, {"spec", "bootstrapServers"})))
        pod.endpoints.push_back(
            {std::move(endpoint), "bootstrapServers", "/spec/bootstrapServers"});
    out.pods.push_back(std::move(pod));
    out.services.push_back(std::move(api));
}

/// rabbitmq.conf as the custom resource carries it: a setting that everybody knows the value of.
void readRabbitConfiguration(std::string_view text, const std::string& pointer, ObjectFacts& out)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t sign = line.find('=');
        if (sign == std::string_view::npos)
            continue;
        const std::string_view name = trimmed(line.substr(0, sign));
        if (isWellKnownPassword(name, trimmed(line.substr(sign + 1))))
            out.weak.push_back({std::string(name), pointer});
    }
}

void readRabbit(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    PodFacts pod;
    pod.pointer = "/spec";
    pod.labels = {{"app.kubernetes.io/name", key.name},
                  {"app.kubernetes.io/component", "rabbitmq"},
                  {"app.kubernetes.io/part-of", "rabbitmq"}};
    pod.serviceAccount = key.name + "-server";
    pod.count = podCount(integerAt(value, {"spec", "replicas"}, 1));
    pod.containers.push_back(containerOf(findPath(value, {"spec", "resources"}), "rabbitmq"));
    ServiceFacts service {.name = key.name, .pointer = "/spec"};
    if (const std::string_view type = stringAt(value, {"spec", "service", "type"}); !type.empty())
        service.type = type;
    service.selector = Labels {{"app.kubernetes.io/name", key.name}};
    service.ports = {tcp("amqp", 5672), tcp("management", 15672), tcp("prometheus", 15692)};
    addPorts(pod, service.ports);
    ResourceList need;
    need["persistentvolumeclaims"] = Quantity::ofInteger(1);
    const std::string_view storage = stringAt(value, {"spec", "persistence", "storage"});
    need["requests.storage"] =
        Quantity::parse(storage.empty() ? "10Gi" : storage).value_or(Quantity());
    addNeed(out.need, need, pod.count);
    out.claims += pod.count;
    readRabbitConfiguration(stringAt(value, {"spec", "rabbitmq", "additionalConfig"}),
                            "/spec/rabbitmq/additionalConfig", out);
    out.pods.push_back(std::move(pod));
    out.services.push_back(std::move(service));
}

void readIntegration(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    PodFacts pod;
    pod.pointer = "/spec";
    pod.labels = {{"camel.apache.org/integration", key.name}};
    for (const auto& [name, text] : labelsOf(value))
        pod.labels.emplace(name, text);
    pod.serviceAccount = textAt(value, {"spec", "serviceAccountName"});
    pod.count = podCount(integerAt(value, {"spec", "replicas"}, 1));
    ContainerFacts container;
    container.name = "integration";
    const auto set = [&](ResourceList& to, const char* what, const char* trait) {
        if (const auto quantity =
                Quantity::parse(stringAt(value, {"spec", "traits", "container", trait})))
            to[what] = *quantity;
    };
    set(container.requests, "cpu", "requestCPU");
    set(container.requests, "memory", "requestMemory");
    set(container.limits, "cpu", "limitCPU");
    set(container.limits, "memory", "limitMemory");
    pod.containers.push_back(std::move(container));
    pod.ports.push_back({"http", 8080, "TCP"});
    for (const char* const part :
         {"flows", "sources", "template", "traits", "configuration", "source", "sink", "steps"})
        if (const Json* found = findPath(value, {"spec", part}))
            for (Endpoint& endpoint : endpointsIn(toText(*found)))
                pod.endpoints.push_back({std::move(endpoint), part, std::string("/spec/") + part});
    out.pods.push_back(std::move(pod));
}

void addSparkPods(const ObjectKey& key, const Json& value, const char* role, std::int64_t count,
                  ObjectFacts& out)
{
    const Json* part = findPath(value, {"spec", role});
    if (!part)
        return;
    PodFacts pod;
    pod.title = role;
    pod.pointer = std::string("/spec/") + role;
    pod.labels = labelsOf(JsonObject {{"metadata", *part}});
    pod.labels["spark-role"] = role;
    pod.labels["sparkoperator.k8s.io/app-name"] = key.name;
    pod.serviceAccount = textAt(*part, {"serviceAccount"});
    pod.count = podCount(count);
    ContainerFacts container;
    container.name = role;
    container.requests["cpu"] = Quantity::ofInteger(integerAt(*part, {"cores"}, 1));
    // Spark adds a tenth, at least 384Mi, for what is not the heap; the heap is what is written.
    std::string memory = textAt(*part, {"memory"});
    if (!memory.empty() && (memory.back() == 'm' || memory.back() == 'g'))
        memory = memory.substr(0, memory.size() - 1) + (memory.back() == 'm' ? "Mi" : "Gi");
    if (const auto quantity = Quantity::parse(memory))
        container.requests["memory"] = *quantity;
    pod.containers.push_back(std::move(container));
    const JsonArray& environment = arrayAt(*part, {"env"});
    for (std::size_t i = 0; i < environment.size(); ++i) {
        const std::string name = textAt(environment[i], {"name"});
        for (Endpoint& endpoint :
             endpointsIn(stringAt(environment[i], {"value"}), isHostVariable(name)))
            pod.endpoints.push_back(
                {std::move(endpoint), name, pod.pointer + "/env/" + std::to_string(i) + "/value"});
    }
    out.pods.push_back(std::move(pod));
}

void readSpark(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    addSparkPods(key, value, "driver", 1, out);
    addSparkPods(key, value, "executor", integerAt(value, {"spec", "executor", "instances"}, 1),
                 out);
    const Json* configuration = findPath(value, {"spec", "sparkConf"});
    if (out.pods.empty() || !configuration || !configuration->is_object())
        return;
    for (const auto& [name, text] : configuration->get_object())
        if (text.is_string())
            for (Endpoint& endpoint : endpointsIn(std::string_view(text.get_string())))
                out.pods.front().endpoints.push_back({std::move(endpoint), std::string(name),
                                                      "/spec/sparkConf/" + std::string(name)});
}

} // namespace

void readOperatorFacts(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    if (key.group == "kafka.strimzi.io") {
        if (key.kind == "Kafka")
            readKafka(key, value, out);
        else if (key.kind == "KafkaConnect" || key.kind == "KafkaMirrorMaker2")
            readKafkaConnect(key, value, out);
    } else if (key.group == "rabbitmq.com" && key.kind == "RabbitmqCluster") {
        readRabbit(key, value, out);
    } else if (key.group == "camel.apache.org"
               && (key.kind == "Integration" || key.kind == "Pipe"
                   || key.kind == "KameletBinding")) {
        readIntegration(key, value, out);
    } else if (key.group == "sparkoperator.k8s.io" && key.kind == "SparkApplication") {
        readSpark(key, value, out);
    }
}

} // namespace core
