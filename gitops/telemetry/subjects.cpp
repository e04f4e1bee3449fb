// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/subjects.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {

using core::LineageNode;

std::string hostOf(std::string_view namespaceName)
{
    const std::size_t scheme = namespaceName.find("://");
    std::string_view rest =
        scheme == namespaceName.npos ? namespaceName : namespaceName.substr(scheme + 3);
    return std::string(rest.substr(0, rest.find(':')));
}

bool hasOperator(const LineageNode& node)
{
    return node.object && (node.object->kind == "Kafka" || node.object->kind == "RabbitmqCluster");
}

/// What core/platform calls the datasets of a store, where it holds none yet.
std::string addressOf(const core::PlatformInput& platform, const LineageNode& node)
{
    if (!node.object)
        return node.namespaceName;
    const std::string& name = node.object->name;
    const std::string place = "." + node.object->namespaceName + ".svc:";
    if (node.system == "rabbitmq")
        return "rabbitmq://" + name + place + "5672";
    if (!hasOperator(node))
        return "kafka://" + name + place + "9092";
    std::int64_t port = 9092;
    const core::PlatformObject* object = platform.find(*node.object);
    if (object && object->manifest()) {
        const core::Json value = object->manifest()->value();
        const core::Json* listeners = core::findPath(value, {"spec", "kafka", "listeners"});
        if (listeners && listeners->is_array() && !listeners->get_array().empty())
            port = core::integerAt(listeners->get_array().front(), {"port"}, port);
    }
    return "kafka://" + name + "-kafka-bootstrap" + place + std::to_string(port);
}

/// Of Strimzi: "NAME-kafka-bootstrap.NS.svc", "NAME-POOL-0.NAME-kafka-brokers.NS.svc…".
bool isHostOf(const Broker& broker, std::string_view host)
{
    const std::string place = "." + broker.kubernetesNamespace + ".svc";
    const std::size_t at = host.find(place);
    const std::size_t end = at == host.npos ? at : at + place.size();
    if (end == host.npos || (end < host.size() && host[end] != '.'))
        return false;
    const std::string_view inside = host.substr(0, at); // "NAME-0.NAME-kafka-brokers"
    const std::string_view service = inside.substr(inside.rfind('.') + 1);
    if (broker.isManaged)
        return service.starts_with(broker.name + "-kafka-");
    return service == broker.name || service == broker.name + "-headless"
        || hostOf(broker.namespaceName).starts_with(std::string(service) + ".");
}

std::string vhostInName(std::string_view vhost)
{
    return vhost == "/" ? "%2F" : std::string(vhost);
}

} // namespace

Subjects::Subjects()
    : Subjects(std::make_shared<core::PlatformInput>(), std::make_shared<core::LineageGraph>())
{
}

Subjects::Subjects(core::PlatformInputPtr platform, core::LineageGraphPtr graph)
    : m_platform(std::move(platform))
    , m_graph(std::move(graph))
{
    for (core::LineageGraph::Index i = 0; i < m_graph->nodes().size(); ++i) {
        const LineageNode& node = m_graph->node(i);
        if (node.type != core::LineageNodeType::Store
            || (node.system != "kafka" && node.system != "rabbitmq"))
            continue;
        Broker broker;
        broker.system = node.system;
        broker.namespaceName = addressOf(*m_platform, node);
        for (const auto content : m_graph->contents(i))
            if (m_graph->node(content).system == node.system)
                broker.namespaceName = m_graph->node(content).namespaceName;
        broker.kubernetesNamespace = node.kubernetesNamespace;
        broker.name = node.label;
        broker.cluster = node.kubernetesNamespace.empty()
            ? node.label
            : node.kubernetesNamespace + "/" + node.label;
        broker.isManaged = hasOperator(node);
        broker.node = i;
        m_brokers.push_back(std::move(broker));
    }
    std::ranges::sort(m_brokers, {}, [](const Broker& each) {
        return std::pair(std::string_view(each.system), std::string_view(each.cluster));
    });
}

const Broker* Subjects::broker(std::string_view system, std::string_view cluster) const
{
    const Broker* found = nullptr;
    for (const Broker& each : m_brokers) {
        if (each.system != system)
            continue;
        if (!cluster.empty() && each.cluster == cluster)
            return &each;
        if (!cluster.empty() && each.name != cluster && each.namespaceName != cluster)
            continue;
        if (found)
            return nullptr;
        found = &each;
    }
    return found;
}

const Broker* Subjects::kafkaAt(const std::vector<std::string>& addresses) const
{
    for (const Broker& each : m_brokers) {
        if (each.system != "kafka")
            continue;
        for (const std::string& address : addresses) {
            const std::string host = address.substr(0, address.rfind(':'));
            if (host == hostOf(each.namespaceName) || isHostOf(each, host))
                return &each;
        }
    }
    return nullptr;
}

std::string Subjects::integration(const std::string& namespaceName, const std::string& name) const
{
    for (const LineageNode& node : m_graph->nodes())
        if (node.object && node.object->group == "camel.apache.org"
            && node.object->namespaceName == namespaceName && node.object->name == name)
            return node.id();
    return {};
}

std::string Subjects::topic(const Broker& broker, std::string_view name)
{
    return broker.namespaceName + "/" + std::string(name);
}

std::string Subjects::queue(const Broker& broker, std::string_view vhost, std::string_view name)
{
    return broker.namespaceName + "/" + vhostInName(vhost) + "/queue/" + std::string(name);
}

std::string Subjects::exchange(const Broker& broker, std::string_view vhost, std::string_view name)
{
    return broker.namespaceName + "/" + vhostInName(vhost) + "/exchange/" + std::string(name);
}

} // namespace gitops
