// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/madeplatform.h"

#include "tests/core/platform/platformfixture.h"

namespace tests {

namespace {

const std::string kRbac = "rbac.authorization.k8s.io/v1";
const std::string kAll = "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n";
constexpr const char* kReflected =
    "  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: ";

std::string strimzi(const std::string& kind, const std::string& name, const std::string& spec,
                    const std::string& metadata = "  labels: {strimzi.io/cluster: c}\n")
{
    return object("kafka.strimzi.io/v1beta2", kind, "kafka", name,
                  metadata + "spec: " + spec + "\n");
}

std::string topic(const std::string& name, const std::string& cluster, const std::string& layer)
{
    return strimzi("KafkaTopic", name, "{partitions: 3, replicas: 1}",
                   "  labels: {strimzi.io/cluster: " + cluster
                       + (layer.empty() ? "" : ", platform.wavewright.dev/layer: " + layer)
                       + "}\n");
}

std::string user(const std::string& name, const std::string& topics, const std::string& operations)
{
    return strimzi("KafkaUser", name,
                   "{authorization: {type: simple, acls: [{resource: {type: topic, name: " + topics
                       + ", patternType: prefix}, operations: " + operations + "}]}}");
}

std::string service(const std::string& space, const std::string& name, const std::string& app,
                    int nodePort = 0)
{
    const std::string port = nodePort == 0 ? "" : ", nodePort: " + std::to_string(nodePort);
    return object("v1", "Service", space, name,
                  "spec: {type: " + std::string(nodePort == 0 ? "ClusterIP" : "NodePort")
                      + ", selector: {app: " + app
                      + "}, ports: [{name: http, port: 80, targetPort: http" + port + "}]}\n");
}

std::string policy(const std::string& space, const std::string& name, const std::string& spec)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", space, name, "spec: " + spec + "\n");
}

/// A job between two datasets, by its annotations.
std::string lakeJob(const std::string& space, const std::string& name, const std::string& from,
                    const std::string& to, const std::string& more = "")
{
    return object("apps/v1", "Deployment", space, name,
                  "  annotations: {wavewright.dev/consumes: '" + from
                      + "', wavewright.dev/produces: '" + to
                      + "'}\nspec: {template: {metadata: {labels: {app: x}}, spec: {containers: "
                        "[{name: app"
                      + more + "}]}}}\n");
}

std::string spaces()
{
    return space("kafka", "{role: r}") + space("shop", "{role: r}")
        + space("user-a", "{role: r, pod-security.kubernetes.io/enforce: baseline}")
        + space("user-b") + space("data", "{platform.wavewright.dev/tenant: x}") + space("vault")
        + space("none");
}

/// Who may do what: aggregated roles of Git and of the cluster, bindings to what is not there.
std::string rights()
{
    const std::string robot = "subjects: [{kind: ServiceAccount, name: robot, namespace: shop}]\n";
    const auto bound = [&](const std::string& role) {
        return object(kRbac, "ClusterRoleBinding", "", role,
                      "roleRef: {kind: ClusterRole, name: " + role + "}\n" + robot);
    };
    return object(kRbac, "ClusterRole", "", "all", kAll) + bound("all")
        + object(kRbac, "ClusterRole", "", "part", "  labels: {aggregate: 'yes'}\n" + kAll)
        + object(kRbac, "ClusterRole", "", "sum",
                 "aggregationRule: {clusterRoleSelectors: [{matchLabels: {aggregate: 'yes'}}]}\n"
                 "rules: []\n")
        + bound("sum")
        + object(kRbac, "ClusterRole", "", "kept",
                 "aggregationRule: {clusterRoleSelectors: []}\nrules: []\n")
        + bound("kept")
        + object(kRbac, "Role", "user-a", "reader",
                 "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n")
        + object(kRbac, "RoleBinding", "user-a", "readers",
                 "roleRef: {kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: "
                 "default}]\n")
        + object(kRbac, "RoleBinding", "shop", "readers",
                 "roleRef: {kind: Role, name: ghost}\n" + robot)
        + object(kRbac, "RoleBinding", "shop", "all",
                 "roleRef: {kind: ClusterRole, name: all}\nsubjects: [{kind: ServiceAccount, name: "
                 "default, namespace: user-a}]\n");
}

std::string definitions()
{
    const std::string kind = "spec: {group: example.com, names: {kind: Thing}}\n";
    return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "a.example.com", kind)
        + object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "b.example.com", kind)
        + object("capsule.clastix.io/v1beta2", "Tenant", "", "oil",
                 "spec: {owners: [{name: ann, kind: User}], resourceQuotas: {items: [{hard: "
                 "{pods: '9'}}]}}\nstatus: {namespaces: [vault]}\n")
        + object("terraform.wavewright.dev/v1", "Database", "", "orders",
                 "spec: {system: postgres, hosts: ['db.internal:5432'], type: x}\n")
        + object("terraform.wavewright.dev/v1", "Storage", "", "lake",
                 "spec: {system: s3, hosts: ['s3.internal:443'], buckets: [other]}\n")
        + object("terraform.wavewright.dev/v1", "Broker", "", "far",
                 "spec: {system: kafka, hosts: ['broker.internal:9092'], name: events}\n");
}

/// Two clusters, of which the second has one topic as an object; rights, a connector, layers.
std::string kafka()
{
    const std::string listeners =
        "{kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}";
    std::string out = strimzi("Kafka", "c", listeners, "") + strimzi("Kafka", "d", listeners, "");
    for (const char* const name : {"orders", "payments", "clicks", "lonely"})
        out += topic(name, "c", "");
    return out + topic("raw", "c", "bronze") + topic("fine", "c", "gold") + topic("only", "d", "")
        + user("shop-writer", "orders", "[Write]") + user("unused", "lonely", "[Read, Write]")
        + strimzi("KafkaConnect", "connect", "{bootstrapServers: 'c-kafka-bootstrap:9092'}", "")
        + strimzi("KafkaConnector", "sink",
                  "{class: org.example.S3SinkConnector, config: {topics: orders, "
                  "s3.bucket.name: b}}",
                  "  labels: {strimzi.io/cluster: connect}\n")
        + strimzi("KafkaConnector", "any",
                  "{class: org.example.XSink, config: {topics.regex: '(('}}",
                  "  labels: {strimzi.io/cluster: connect}\n")
        + policy("kafka", "in", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}");
}

std::string shop()
{
    const std::string keys = "          envFrom: [{secretRef: {name: ";
    return policy("shop", "in", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}")
        + madeJob("shop", "web", "web.data.svc:80", "orders", "payments")
        + madeJob("shop", "ghosts", "ghost.data.svc:80", "payments", "clicks")
        + madeJob("shop", "empty", "web.none.svc:80", "clicks", "clicks")
        + madeJob("shop", "port", "web.data.svc:81", "clicks", "clicks")
        + madeJob("shop", "speed-view", "web", "lonely", "views")
        + madeJob("shop", "speed-orders", "web", "orders", "views")
        + madeJob("shop", "writer", "web", "payments", "orders", keys + "shop-writer}}]\n")
        + madeJob("shop", "refine", "web", "raw", "fine")
        + deployment("shop", "late", keys + "late-keys}}, {configMapRef: {name: settings}}]\n")
        + deployment("shop", "backend",
                     "          env: [{name: DATABASE_URL, value: "
                     "'postgres://other.internal:5432/orders'}]\n")
        + object("v1", "ConfigMap", "shop", "settings",
                 "  annotations: {wavewright.dev/accept: 'nonsense: x'}\ndata: {a: b}\n")
        + service("shop", "web", "web", 30001);
}

std::string tenants()
{
    const std::string some =
        "{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{namespaceSelector: "
        "{matchLabels: {kubernetes.io/metadata.name: kafka}}}], ports: [{port: 9092}]}, {to: "
        "[{namespaceSelector: {matchLabels: {platform.wavewright.dev/tenant: x}}}]}]}";
    const std::string quota =
        "spec: {hard: {requests.cpu: '1', pods: '9', count/deployments.apps: '1'}}\nstatus: "
        "{used: {pods: '1'}}\n";
    return policy("user-a", "some", some) + object("v1", "ResourceQuota", "user-a", "q", quota)
        + object("v1", "LimitRange", "user-a", "l",
                 "spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: "
                 "600m}}]}\n")
        + object("v1", "ServiceAccount", "user-a", "default",
                 "automountServiceAccountToken: false\n")
        + madeJob("user-a", "web", "web.data.svc:80", "clicks", "payments",
                  "          resources: {requests: {cpu: 700m}}\n")
        + madeJob("user-a", "mirrored", "web.shop", "clicks", "stray",
                  "          envFrom: [{secretRef: {name: shared}}, {secretRef: {name: "
                  "sealed}}]\n")
        + service("user-a", "web", "web")
        + madeJob("user-b", "web", "web.data.svc:80", "orders", "payments")
        + object("v1", "Secret", "user-b", "keys", "stringData: {password: guest}\n")
        + policy("data", "in",
                 "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: "
                 "{matchLabels: {role: r}}}]}]}")
        + object("v1", "ResourceQuota", "data", "q", "spec: {hard: {limits.memory: 1Gi}}\n")
        + deployment("data", "web", "          ports: [{name: http, containerPort: 80}]\n")
        + service("data", "web", "web", 30001) + service("data", "idle", "nobody")
        + object("v1", "Secret", "vault", "shared", kReflected + std::string("'shop,user-a'}\n"))
        + object("bitnami.com/v1alpha1", "SealedSecret", "user-a", "sealed");
}

/// Another cluster's clients, and a lake with its layers.
std::string lake()
{
    const std::string reads =
        "          env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: 'd-kafka-bootstrap.kafka:9092'}, "
        "{name: INPUT_TOPIC, value: ";
    const std::string far =
        "          env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: 'broker.internal:9092'}, {name: "
        "INPUT_TOPIC, value: far}]\n";
    return deployment("lake", "far", far) + deployment("lake", "strays", reads + "stray}]\n")
        + deployment("lake", "only", reads + "only}]\n")
        + lakeJob("lake", "batch-load", "kafka:payments", "s3:lake/bronze/orders")
        + lakeJob("lake", "clean", "s3:lake/bronze/orders", "s3:lake/silver/orders")
        + lakeJob("lake", "report", "s3:lake/bronze/orders", "s3:lake/gold/orders",
                  ", securityContext: {privileged: true}");
}

/// What the cluster has otherwise than Git, or alone.
std::string live()
{
    return object(kRbac, "ClusterRole", "", "kept",
                  "aggregationRule: {clusterRoleSelectors: []}\n" + kAll)
        + strimzi("KafkaTopic", "payments", "{partitions: 2, replicas: 1}")
        + strimzi("KafkaConnector", "sink",
                  "{class: org.example.S3SinkConnector, config: {topics: orders, "
                  "s3.bucket.name: b}}\nstatus: {topics: [clicks]}",
                  "  labels: {strimzi.io/cluster: connect}\n")
        + object("v1", "Secret", "shop", "shared", "data: {}\n") + space("quiet")
        + object("v1", "ResourceQuota", "user-a", "q",
                 "spec: {hard: {requests.cpu: '1'}}\nstatus: {used: {requests.cpu: 800m}}\n");
}

/// An object of another text, or a new one.
PlatformChange says(const std::string& yaml)
{
    PlatformChange out;
    const core::PlatformInputPtr input = PlatformFixture().declare(yaml, "other").build();
    out.now = input->objects.front();
    out.key = out.now->key;
    out.what = out.key.text() + " says something else";
    return out;
}

PlatformChange has(const std::string& yaml)
{
    PlatformChange out;
    out.now = PlatformFixture().live(yaml, core::Health::Degraded).build()->objects.front();
    out.key = out.now->key;
    out.what = out.key.text() + " only in the cluster";
    return out;
}

} // namespace

std::string madeJob(const std::string& space, const std::string& name, const std::string& host,
                    const std::string& reads, const std::string& writes, const std::string& more)
{
    return deployment(space, name,
                      "          ports: [{name: http, containerPort: 80}]\n"
                      "          env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: "
                      "'c-kafka-bootstrap.kafka.svc:9092'}, {name: URL, value: 'http://"
                          + host + "'}, {name: INPUT_TOPIC, value: " + reads
                          + "}, {name: OUTPUT_TOPIC, value: " + writes + "}]\n" + more);
}

core::PlatformInput madePlatform()
{
    PlatformFixture out;
    out.application("app", 0).application("other", 1, "app").application("third", 0, "app");
    out.declare(spaces() + rights() + definitions() + kafka() + shop() + tenants() + lake());
    out.declare(object("v1", "Secret", "shop", "late-keys", "data: {}\n"), "other");
    // Two applications declare these.
    const std::string both = space("lake") + object("v1", "ConfigMap", "shop", "twice");
    out.declare(both, "other").declare(both, "third");
    out.live(live());
    return *out.build();
}

std::vector<PlatformChange> madeChanges()
{
    std::vector<PlatformChange> out;
    for (const std::string& yaml :
         {object("v1", "ConfigMap", "none", "first"),
          space("quiet", "{role: r}"),
          service("none", "web", "web"),
          service("data", "ghost", "web"),
          policy("user-b", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"),
          policy("kafka", "in", "{podSelector: {}, policyTypes: [Ingress]}"),
          object("v1", "LimitRange", "user-b", "l",
                 "spec: {limits: [{type: Container, default: {memory: 1Gi}}]}\n"),
          object("v1", "LimitRange", "data", "l",
                 "spec: {limits: [{type: Container, default: {memory: 2Gi}}]}\n"),
          object("v1", "ResourceQuota", "user-b", "q", "spec: {hard: {limits.cpu: '1'}}\n"),
          object("v1", "ServiceAccount", "user-b", "default",
                 "automountServiceAccountToken: false\n"),
          object(kRbac, "Role", "shop", "ghost", kAll),
          object(kRbac, "RoleBinding", "user-b", "b",
                 "roleRef: {kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: "
                 "default, namespace: user-a}]\n"),
          object("v1", "Secret", "shop", "shop-writer", "data: {}\n"),
          object("v1", "ConfigMap", "shop", "c", kReflected + std::string("user-b}\n")),
          madeJob("shop", "web", "web.user-a.svc:80", "lonely", "orders"),
          madeJob("new", "batch-lonely", "web.data", "lonely", "kept"),
          madeJob("lake", "more", "web.data", "$(X)", "orders"),
          topic("stray", "d", ""),
          topic("stray", "c", "silver"),
          topic("views", "c", "silver"),
          user("web", "payments", "[All]"),
          strimzi("KafkaConnector", "some",
                  "{class: org.example.XSink, config: {topics.regex: 'x.*'}}",
                  "  labels: {strimzi.io/cluster: connect}\n"),
          lakeJob("lake", "clean", "s3:lake/silver/orders", "s3:lake/gold/orders")})
        out.push_back(says(yaml));
    for (const std::string& yaml :
         {object("v1", "ConfigMap", "none", "live"), object("v1", "Secret", "user-a", "shared"),
          object("v1", "Pod", "shop", "web-1"), service("none", "web", "web"),
          strimzi("KafkaTopic", "seen", "{partitions: 2}")})
        out.push_back(has(yaml));
    return out;
}

core::Telemetry madeTelemetry()
{
    core::Telemetry out;
    for (const char* const name : {"lonely", "fine", "nobodys"}) {
        core::ObservedTopic topic;
        topic.subject = "kafka://c-kafka-bootstrap.kafka.svc:9092/" + std::string(name);
        topic.system = "kafka";
        topic.cluster = "kafka/c";
        topic.name = name;
        topic.groups = {"group"};
        topic.source = "Kafka kafka/c";
        out.latest[{topic.subject, core::Measure::RecordsIn, ""}] = {2, {}, topic.source, false};
        out.latest[{topic.subject, core::Measure::RecordsOut, "group"}] = {
            2, {}, topic.source, false};
        out.topics.push_back(std::move(topic));
    }
    return out;
}

} // namespace tests
