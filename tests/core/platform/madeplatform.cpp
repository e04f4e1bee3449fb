// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/findingssequence.h"
#include "tests/core/platform/platformfixture.h"

#include <string>

namespace tests {

namespace {

std::string strimzi(const std::string& kind, const std::string& name, const std::string& spec,
                    const std::string& metadata = "  labels: {strimzi.io/cluster: c}\n")
{
    return object("kafka.strimzi.io/v1beta2", kind, "kafka", name,
                  metadata + "spec: " + spec + "\n");
}

/// A workload that names Services, topics, Secrets and what it takes.
std::string job(const std::string& space, const std::string& name, const std::string& host,
                const std::string& reads, const std::string& writes, const std::string& more = {})
{
    const std::string container = "          ports: [{name: http, containerPort: 80}]\n"
                                  "          env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: "
                                  "'c-kafka-bootstrap.kafka.svc:9092'}, {name: URL, value: 'http://"
        + host + "'}, {name: INPUT_TOPIC, value: " + reads
        + "}, {name: OUTPUT_TOPIC, value: " + writes
        + "}, {name: DB_PASSWORD, value: changeme}]\n          envFrom: [{secretRef: {name: "
          "keys}}, "
          "{configMapRef: {name: settings}}]\n"
        + more;
    return deployment(space, name, container, "{app: " + name + ", role: r}");
}

std::string service(const std::string& space, const std::string& name, int nodePort)
{
    return object("v1", "Service", space, name,
                  "spec: {type: NodePort, selector: {app: " + name
                      + "}, ports: [{name: http, port: 80, targetPort: http, nodePort: "
                      + std::to_string(nodePort) + "}]}\n");
}

std::string policies(const std::string& space)
{
    const std::string api = "networking.k8s.io/v1";
    return object(api, "NetworkPolicy", space, "deny",
                  "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n")
        + object(
               api, "NetworkPolicy", space, "some",
               "spec: {podSelector: {matchLabels: {role: r}}, policyTypes: [Ingress, Egress], "
               "ingress: [{from: [{namespaceSelector: {matchLabels: {role: r}}}]}], egress: [{to: "
               "[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kafka}}}], "
               "ports: [{port: 9092}]}, {to: [{podSelector: {matchLabels: {app: web}}}]}]}\n");
}

std::string bounds(const std::string& space)
{
    return object("v1", "ResourceQuota", space, "q",
                  "spec: {hard: {requests.cpu: '1', limits.memory: 1Gi, pods: '1', "
                  "count/deployments.apps: '1'}}\nstatus: {used: {pods: '1'}}\n")
        + object("v1", "LimitRange", space, "l",
                 "spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: "
                 "600m}}]}\n")
        + object("v1", "ServiceAccount", space, "default", "automountServiceAccountToken: false\n");
}

std::string names(const std::string& space)
{
    return object("v1", "Secret", space, "keys", "stringData: {password: guest}\n")
        + object("v1", "ConfigMap", space, "settings", "data: {DLQ_OUTPUT_TOPIC: orders-dlq}\n")
        + object("bitnami.com/v1alpha1", "SealedSecret", space, "keys")
        + object("v1", "Secret", space, "shared",
                 "  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: "
                 "'shop,user-a'}\n");
}

std::string rights(const std::string& space)
{
    const std::string api = "rbac.authorization.k8s.io/v1";
    const std::string subject =
        "subjects: [{kind: ServiceAccount, name: default, namespace: user-a}, {kind: "
        "ServiceAccount, name: robot, namespace: shop}]\n";
    return object(api, "Role", space, "reader",
                  "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n")
        + object(api, "RoleBinding", space, "readers",
                 "roleRef: {kind: Role, name: reader}\n" + subject)
        + object(api, "RoleBinding", space, "all",
                 "roleRef: {kind: ClusterRole, name: all}\n" + subject);
}

std::string cluster()
{
    const std::string api = "rbac.authorization.k8s.io/v1";
    const std::string all = "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n";
    const std::string crd = "spec: {group: example.com, names: {kind: Thing}}\n";
    return object(api, "ClusterRole", "", "all", all)
        + object(api, "ClusterRole", "", "part", "  labels: {aggregate: 'yes'}\n" + all)
        + object(api, "ClusterRole", "", "sum",
                 "aggregationRule: {clusterRoleSelectors: [{matchLabels: {aggregate: 'yes'}}]}\n"
                 "rules: []\n")
        + object(api, "ClusterRoleBinding", "", "sums",
                 "roleRef: {kind: ClusterRole, name: sum}\nsubjects: [{kind: ServiceAccount, name: "
                 "robot, namespace: shop}]\n")
        + object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "a.example.com", crd)
        + object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "b.example.com", crd)
        + object("capsule.clastix.io/v1beta2", "Tenant", "", "oil",
                 "spec: {owners: [{name: ann, kind: User}]}\nstatus: {namespaces: [data]}\n");
}

std::string kafka()
{
    std::string out = strimzi("Kafka", "c",
                              "{kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: "
                              "false}], authorization: {type: simple}}}",
                              "");
    for (const char* const topic : {"orders", "orders-dlq", "payments", "clicks"})
        out += strimzi("KafkaTopic", topic, "{partitions: 3, replicas: 1}");
    for (const char* const user : {"web", "api"})
        out +=
            strimzi("KafkaUser", user,
                    "{authorization: {type: simple, acls: [{resource: {type: topic, name: orders, "
                    "patternType: prefix}, operations: [Read, Write]}]}}");
    return out
        + strimzi(
               "KafkaConnector", "sink",
               "{class: org.example.S3SinkConnector, config: {topics: orders, s3.bucket.name: b}}",
               "  labels: {strimzi.io/cluster: connect}\n");
}

/// A job of a lake, between two folders.
std::string lakeJob(const std::string& name, const std::string& from, const std::string& to)
{
    return object("apps/v1", "Deployment", "lake", name,
                  "  annotations: {wavewright.dev/consumes: '" + from
                      + "', wavewright.dev/produces: '" + to
                      + "'}\nspec: {template: {metadata: {labels: {app: x}}, spec: {containers: "
                        "[{name: app, securityContext: {privileged: true}}]}}}\n");
}

} // namespace

std::string madePlatform()
{
    std::string out = cluster() + kafka() + space("kafka", "{role: r}") + space("shop", "{role: r}")
        + space("user-a", "{pod-security.kubernetes.io/enforce: baseline}") + space("user-b")
        + space("data", "{platform.wavewright.dev/tenant: x}");
    for (const char* const each : {"shop", "user-a", "user-b", "data"}) {
        const std::string name(each);
        out += policies(name) + bounds(name) + names(name) + rights(name)
            + service(name, "web", name == "shop" || name == "data" ? 30001 : 30002)
            + job(name, "web", "web.data.svc:80", "orders", "payments",
                  "          resources: {requests: {cpu: 700m}}\n")
            + job(name, "api", name == "data" ? "web.none.svc" : "web.shop:81", "payments",
                  "clicks")
            + job(name, "speed-view", "api", "orders", "views");
    }
    return out + policies("kafka")
        + lakeJob("batch-load", "kafka:payments", "s3:lake/bronze/orders")
        + lakeJob("clean", "s3:lake/bronze/orders", "s3:lake/silver/orders")
        + lakeJob("report", "s3:lake/bronze/orders", "s3:lake/gold/orders")
        + lakeJob("user-writes", "kafka:clicks", "kafka:orders");
}

} // namespace tests
