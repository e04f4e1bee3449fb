// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/sources.h"

#include "gitops/telemetry/kafkalistener.h"
#include "gitops/telemetry/kafkareader.h"
#include "gitops/telemetry/openlineagereader.h"
#include "gitops/telemetry/prometheusreader.h"
#include "gitops/telemetry/rabbitreader.h"
#include "gitops/telemetry/simulatedreader.h"

#include <algorithm>
#include <array>
#include <optional>

namespace gitops {

namespace {

/// A broker counts anew so often: no use in asking sooner.
constexpr std::chrono::seconds kRabbitCounts {5};

/// A source that was named and cannot be asked.
class UnusableReader : public TelemetryReader
{
public:
    UnusableReader(std::string type, std::string name, std::string why, const core::Clock& clock)
        : m_type(std::move(type))
        , m_name(std::move(name))
        , m_why(std::move(why))
        , m_clock(clock)
    {
    }
    std::string name() const override { return m_name; }
    std::string type() const override { return m_type; }
    std::chrono::milliseconds interval() const override { return std::chrono::minutes(1); }
    void read(SubjectsPtr, Handler done) override
    {
        done(Reading::failed(m_clock.wallNow(), m_why));
    }

private:
    std::string m_type;
    std::string m_name;
    std::string m_why;
    const core::Clock& m_clock;
};

FoundSource missing(std::string type, std::string name, std::string message)
{
    FoundSource out;
    out.key = "missing " + type + " " + name;
    out.missing = {.state = core::TelemetrySource::State::Missing,
                   .name = std::move(name),
                   .type = std::move(type),
                   .message = std::move(message),
                   .lastSample = {}};
    return out;
}

const core::PlatformObject* objectOf(const Subjects& subjects, const Broker& broker)
{
    const core::LineageNode& node = subjects.graph().node(broker.node);
    return node.object ? subjects.platform().find(*node.object) : nullptr;
}

std::int64_t nodesOf(const Subjects& subjects, const Broker& broker)
{
    const core::PlatformObject* object = objectOf(subjects, broker);
    if (!object || !object->manifest())
        return 1;
    return std::clamp<std::int64_t>(
        core::integerAt(object->manifest()->value(), {"spec", "replicas"}, 1), 1, 15);
}

/// A Service with its port, by number or name.
struct ServicePort
{
    std::string namespaceName;
    std::string name;
    std::string port;
};

/// The Service of the Prometheus resource that the operator makes, or one by the names that charts
/// and documents give it.
std::optional<ServicePort> prometheusService(const Subjects& subjects)
{
    constexpr std::array<std::string_view, 6> kNames {
        "prometheus-operated", "prometheus",         "prometheus-server",
        "prometheus-k8s",      "prometheus-service", "kube-prometheus-stack-prometheus"};
    std::optional<ServicePort> best;
    std::size_t rank = kNames.size();
    for (const core::PlatformObject& object : subjects.platform().objects) {
        if (!object.live)
            continue;
        if (object.key.kind == "Prometheus" && object.key.group == "monitoring.coreos.com")
            return ServicePort {object.key.namespaceName, "prometheus-operated", "9090"};
        if (object.key.kind != "Service" || !object.key.group.empty())
            continue;
        const auto name = std::ranges::find(kNames, object.key.name);
        if (name == kNames.end() || std::size_t(name - kNames.begin()) >= rank)
            continue;
        std::int64_t port = 9090;
        if (object.manifest()) {
            const core::Json value = object.manifest()->value();
            const core::Json* ports = core::findPath(value, {"spec", "ports"});
            if (ports && ports->is_array() && !ports->get_array().empty())
                port = core::integerAt(ports->get_array().front(), {"port"}, port);
        }
        rank = std::size_t(name - kNames.begin());
        best = ServicePort {object.key.namespaceName, object.key.name, std::to_string(port)};
    }
    return best;
}

bool has(const Subjects& subjects, std::string_view system)
{
    return std::ranges::find(subjects.brokers(), system, &Broker::system)
        != subjects.brokers().end();
}

bool isInCluster(const Broker& broker, const Subjects& subjects)
{
    const core::PlatformObject* object = objectOf(subjects, broker);
    return object && object->live;
}

/// Where Strimzi keeps the authority of its brokers; a KafkaUser's Secret has that of users.
std::string caSecretOf(const Broker& broker)
{
    return broker.kubernetesNamespace + "/" + broker.name + "-cluster-ca-cert";
}

/// Where a client inside of the cluster would begin.
struct Bootstrap
{
    std::string address;
    bool tls = false;
};

core::Result<Bootstrap> bootstrapOf(const Broker& broker, bool hasUser, const Subjects& subjects)
{
    const std::size_t scheme = broker.namespaceName.find("://");
    Bootstrap out {broker.namespaceName.substr(scheme == std::string::npos ? 0 : scheme + 3)};
    const core::PlatformObject* object = objectOf(subjects, broker);
    if (!broker.isManaged || !object || !object->manifest())
        return out;
    const auto listener =
        chooseListener(listenersOf(object->manifest()->value()), hasUser, broker.cluster);
    if (!listener)
        return std::unexpected(listener.error());
    out.address = broker.name + "-kafka-bootstrap." + broker.kubernetesNamespace
        + ".svc:" + std::to_string(listener->port);
    out.tls = listener->tls;
    return out;
}

std::unique_ptr<TelemetryReader> kafkaReader(const KafkaAccess& access,
                                             const Sources::Dependencies& dependencies,
                                             KafkaReader::ClientFactory factory)
{
    const auto interval =
        dependencies.interval.count() > 0 ? dependencies.interval : KafkaReader::kInterval;
    return std::make_unique<KafkaReader>(access, std::move(factory), dependencies.pool,
                                         dependencies.clock, interval);
}

} // namespace

Sources::Sources(Dependencies dependencies, TelemetryConfig config)
    : m_dependencies(std::move(dependencies))
    , m_config(std::move(config))
{
}

std::vector<FoundSource> Sources::operator()(const Subjects& subjects) const
{
    std::vector<FoundSource> out;
    if (m_config.simulated) {
        FoundSource source;
        source.key = "simulated";
        source.make = [&clock = m_dependencies.clock] {
            return std::make_unique<SimulatedReader>(clock);
        };
        out.push_back(std::move(source));
        return out;
    }
    // In the order of belief: a broker knows better than who asks it now and then.
    addKafka(subjects, out);
    addRabbit(subjects, out);
    addPrometheus(subjects, out);
    addOpenLineage(out);
    return out;
}

void Sources::addOpenLineage(std::vector<FoundSource>& out) const
{
    for (const std::string& place : m_config.openLineage) {
        FoundSource source;
        source.key = "openlineage " + place;
        source.make = [place, dependencies = m_dependencies]() -> std::unique_ptr<TelemetryReader> {
            if (place.find("://") == std::string::npos)
                return std::make_unique<OpenLineageReader>(place, dependencies.pool,
                                                           dependencies.clock);
            auto fetch = fetchFrom({place, {}, {}, {}});
            if (!fetch)
                return std::make_unique<UnusableReader>("openlineage", "OpenLineage " + place,
                                                        fetch.error().message, dependencies.clock);
            return std::make_unique<OpenLineageReader>(place, std::move(*fetch), dependencies.pool,
                                                       dependencies.clock);
        };
        out.push_back(std::move(source));
    }
}

void Sources::addRabbit(const Subjects& subjects, std::vector<FoundSource>& out) const
{
    const std::size_t before = out.size();
    for (const RabbitAccess& access : m_config.rabbitmq) {
        FoundSource source;
        source.key = "RabbitMQ " + (access.cluster.empty() ? access.url : access.cluster);
        source.make = [access, name = source.key,
                       dependencies = m_dependencies]() -> std::unique_ptr<TelemetryReader> {
            auto fetch = fetchFrom({access.url, {}, {}, {}});
            if (!fetch)
                return std::make_unique<UnusableReader>("rabbitmq", name, fetch.error().message,
                                                        dependencies.clock);
            std::vector<RabbitReader::Node> nodes;
            nodes.push_back({access.url, std::move(*fetch)});
            auto reader = std::make_unique<RabbitReader>(name, access.cluster, std::move(nodes),
                                                         dependencies.pool, dependencies.clock);
            if (dependencies.interval.count() > 0)
                reader->setInterval(kRabbitCounts);
            return reader;
        };
        out.push_back(std::move(source));
    }
    if (out.size() == before && canDiscover(subjects))
        for (const Broker& broker : subjects.brokers())
            if (broker.system == "rabbitmq" && broker.isManaged)
                out.push_back(nodesSource(broker, nodesOf(subjects, broker)));
    if (out.size() == before && has(subjects, "rabbitmq"))
        out.push_back(missing("rabbitmq", "RabbitMQ",
                              "no broker is asked; --rabbitmq URL, or telemetry.rabbitmq in the "
                              "configuration, names its Prometheus endpoint (port 15692)"));
}

/// The nodes of a broker in the cluster, through the API server.
FoundSource Sources::nodesSource(const Broker& broker, std::int64_t count) const
{
    FoundSource source;
    source.key = "RabbitMQ " + broker.cluster + " of " + std::to_string(count);
    source.make = [broker, count, dependencies = m_dependencies] {
        std::vector<RabbitReader::Node> nodes;
        for (std::int64_t i = 0; i < count; ++i) {
            const std::string pod = broker.name + "-server-" + std::to_string(i);
            nodes.push_back({pod,
                             fetchThrough(*dependencies.cluster, broker.kubernetesNamespace, "pods",
                                          pod, "15692")});
        }
        auto reader =
            std::make_unique<RabbitReader>("RabbitMQ " + broker.cluster, broker.cluster,
                                           std::move(nodes), dependencies.pool, dependencies.clock);
        if (dependencies.interval.count() > 0)
            reader->setInterval(kRabbitCounts);
        return reader;
    };
    return source;
}

void Sources::addPrometheus(const Subjects& subjects, std::vector<FoundSource>& out) const
{
    const std::size_t before = out.size();
    for (const PrometheusAccess& access : m_config.prometheus) {
        HttpServer server {access.url, access.tokenFile, access.caFile, {}};
        if (!access.organisation.empty())
            server.headers.emplace_back("X-Scope-OrgID", access.organisation);
        FoundSource source;
        source.key = "Prometheus " + access.url;
        source.make = [name = source.key, server, topics = access.topics,
                       dependencies = m_dependencies]() -> std::unique_ptr<TelemetryReader> {
            auto fetch = fetchFrom(server);
            if (!fetch)
                return std::make_unique<UnusableReader>("prometheus", name, fetch.error().text(),
                                                        dependencies.clock);
            return std::make_unique<PrometheusReader>(name, topics, std::move(*fetch),
                                                      dependencies.pool, dependencies.clock);
        };
        out.push_back(std::move(source));
    }
    const auto service = prometheusService(subjects);
    if (out.size() == before && service && canDiscover(subjects)) {
        FoundSource source;
        source.key = "Prometheus " + service->namespaceName + "/" + service->name;
        source.make = [name = source.key, service = *service, dependencies = m_dependencies] {
            return std::make_unique<PrometheusReader>(
                name, "",
                fetchThrough(*dependencies.cluster, service.namespaceName, "services", service.name,
                             service.port),
                dependencies.pool, dependencies.clock);
        };
        out.push_back(std::move(source));
    }
    if (out.size() == before)
        out.push_back(missing("prometheus", "Prometheus",
                              "none was found; --prometheus URL, or telemetry.prometheus in the "
                              "configuration, names one"));
}

/// In the cluster, and not a practice one: that one runs no such thing.
bool Sources::canDiscover(const Subjects& subjects) const
{
    return m_config.discover && m_dependencies.cluster && subjects.platform().hasLive
        && !subjects.platform().practice;
}

FoundSource Sources::kafkaSource(const KafkaAccess& access) const
{
    FoundSource source;
    source.key = "kafka " + access.brokers + " " + access.cluster;
    source.make = [access, dependencies = m_dependencies] {
        return kafkaReader(access, dependencies, [access, cluster = dependencies.cluster] {
            return connectKafka(access, cluster);
        });
    };
    return source;
}

FoundSource Sources::forwardedKafka(const Broker& broker, KafkaAccess access,
                                    const Subjects& subjects) const
{
    const bool hasUser =
        !access.secret.empty() || !access.username.empty() || !access.certificateFile.empty();
    const auto bootstrap = bootstrapOf(broker, hasUser, subjects);
    if (!bootstrap)
        return missing("kafka", "Kafka " + broker.cluster, bootstrap.error().message);
    access.cluster = broker.cluster;
    access.brokers = bootstrap->address;
    access.tls = bootstrap->tls;
    FoundSource source;
    source.key = "kafka in " + broker.cluster + " " + access.brokers + " " + access.secret;
    source.make = [access, space = broker.kubernetesNamespace, dependencies = m_dependencies] {
        return kafkaReader(access, dependencies, [access, space, dependencies] {
            return connectForwardedKafka(access, space, dependencies.cluster,
                                         dependencies.openAccess);
        });
    };
    return source;
}

void Sources::addKafka(const Subjects& subjects, std::vector<FoundSource>& out) const
{
    const std::size_t before = out.size();
    const bool canForward = canDiscover(subjects) && m_dependencies.openAccess;
    for (KafkaAccess access : m_config.kafka) {
        const Broker* broker = subjects.broker("kafka", access.cluster);
        const bool isStrimzi = broker && broker->isManaged && isInCluster(*broker, subjects)
            && (!access.secret.empty() || access.brokers.empty());
        if (isStrimzi && m_dependencies.cluster && access.caFile.empty() && access.caSecret.empty())
            access.caSecret = caSecretOf(*broker);
        if (!access.brokers.empty())
            out.push_back(kafkaSource(access));
        else if (broker && canForward)
            out.push_back(forwardedKafka(*broker, access, subjects));
        else
            out.push_back(missing("kafka", "Kafka " + access.cluster,
                                  "telemetry.kafka names no brokers, and there is no such Kafka in "
                                  "a cluster that ports could be forwarded from"));
    }
    if (m_config.kafka.empty() && canForward)
        for (const Broker& broker : subjects.brokers())
            if (broker.system == "kafka" && isInCluster(broker, subjects)) {
                KafkaAccess access;
                if (broker.isManaged)
                    access.caSecret = caSecretOf(broker);
                out.push_back(forwardedKafka(broker, access, subjects));
            }
    if (out.size() == before && has(subjects, "kafka"))
        out.push_back(missing("kafka", "Kafka",
                              "no broker is asked; --kafka HOST:PORT, or telemetry.kafka in the "
                              "configuration, names one"));
}

} // namespace gitops
