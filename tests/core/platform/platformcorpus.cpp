// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/platformcorpus.h"

#include "core/value/yamlreader.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <map>
#include <memory>
#include <utility>

namespace tests {

using namespace core;

namespace {

const QString kCases = QStringLiteral(TEST_DATA_DIR "/lineage");

std::string readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

void addObjects(const std::string& text, std::vector<ManifestPtr>& out)
{
    YamlTree tree;
    const auto documents = readYaml(tree, text, "input.yaml");
    if (!documents)
        return;
    for (const YamlNode* document : *documents)
        if (const auto value = toJson(tree, *document))
            if (auto manifest = Manifest::make(
                    *value, {{"", {.file = "input.yaml", .line = int(out.size()) + 1}}});
                manifest && (*manifest)->key().kind != "Kustomization")
                out.push_back(*manifest);
}

/// Folders in folders, layers that only some names bring, and a store that several Services name.
std::string lanes()
{
    std::string out;
    const auto add = [&](const std::string& name, const std::string& annotation,
                         const std::string& value) {
        out += "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name
            + ", namespace: lanes, annotations: {wavewright.dev/" + annotation + ": '" + value
            + "'}}\nspec: {template: {spec: {containers: [{name: c}]}}}\n---\n";
    };
    add("f0", "produces", "s3:lake");
    add("f1", "produces", "s3:lake/raw");
    add("f2", "produces", "s3:lake/raw/0");
    add("f3", "produces", "s3:lake/raw/0/part, s3:lake/raw/1/part");
    add("f4", "consumes", "s3:lake/rawer");
    add("batch-run", "produces", "s3:lake/out");
    add("speed-run", "produces", "kafka:orders");
    add("reader", "uses", "postgres://db.data:5432/app");
    add("writer", "uses", "postgres://db-all.data:5432/app");
    out += "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: data}\nspec: "
           "{template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: "
           "'postgres:16', ports: [{containerPort: 5432}]}]}}}\n---\n";
    for (const std::string name : {"db", "db-all", "a-db"})
        out += "apiVersion: v1\nkind: Service\nmetadata: {name: " + name
            + ", namespace: data}\nspec: {selector: {app: db}, ports: [{port: 5432}]"
            + (name == "db-all" ? ", clusterIP: None" : "") + "}\n---\n";
    return out;
}

} // namespace

/// Strimzi's topics and mirrors, users and their rights, Services and who they lead to.
std::string madeLineage()
{
    std::string out;
    const auto add = [&](const std::string& text) { out += text + "---\n"; };
    const std::string strimzi = "apiVersion: kafka.strimzi.io/v1beta2\n";
    for (const std::string cluster : {"a", "b", "c"}) {
        add(strimzi + "kind: Kafka\nmetadata: {name: " + cluster
            + ", namespace: kafka}\nspec: {kafka: {listeners: [{name: plain, port: 9092}]}}\n");
        for (const std::string topic : {"orders", "orders-dlq", "payments", "clicks"})
            add(strimzi + "kind: KafkaTopic\nmetadata: {name: " + topic + "-" + cluster
                + ", namespace: kafka, labels: {strimzi.io/cluster: " + cluster
                + "}}\nspec: {topicName: " + topic + "}\n");
        add(strimzi + "kind: KafkaUser\nmetadata: {name: user-" + cluster
            + ", namespace: kafka, labels: {strimzi.io/cluster: " + cluster
            + "}}\nspec: {authorization: {type: simple, acls: [{resource: {type: topic, name: "
              "orders, patternType: prefix}, operations: [Read]}, {resource: {type: topic, name: "
              "'*'}, operations: [Write]}]}}\n");
    }
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>> {{"a", "b"}, {"b", "c"}, {"c", "a"}})
        add(strimzi + "kind: KafkaMirrorMaker2\nmetadata: {name: " + from + to
            + ", namespace: kafka}\nspec: {clusters: [{alias: " + from + ", bootstrapServers: '"
            + from + "-kafka-bootstrap:9092'}, {alias: " + to + ", bootstrapServers: '" + to
            + "-kafka-bootstrap:9092'}], mirrors: [{sourceCluster: " + from
            + ", targetCluster: " + to + ", topicsPattern: 'orders.*,.*clicks'}]}\n");
    for (int i = 0; i < 12; ++i) {
        const std::string name = "w" + std::to_string(i);
        const std::string space = "n" + std::to_string(i % 3);
        add("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name
            + ", namespace: " + space + "}\nspec: {template: {metadata: {labels: {app: " + name
            + ", tier: t" + std::to_string(i % 2)
            + "}}, spec: {containers: [{name: c, ports: [{containerPort: "
              "80}], envFrom: [{configMapRef: {name: settings}}], env: [{name: "
              "KAFKA_BOOTSTRAP_SERVERS, value: '"
            + std::string(1, char('a' + i % 3))
            + "-kafka-bootstrap.kafka:9092'}, {name: INPUT_TOPIC, value: orders}, {name: "
              "OUTPUT_TOPIC, value: 'clicks'}, {name: API_URL, value: 'http://w"
            + std::to_string((i + 3) % 12) + "'}, {name: S3_PATH, value: 's3a://lake/raw/"
            + std::to_string(i % 4) + (i % 2 ? "/part" : "") + "'}]}]}}}\n");
        add("apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + space
            + ", labels: {app: " + name + "}}\nspec: {selector: {"
            + (i % 4 ? "app: " + name : std::string("tier: t0"))
            + "}, ports: [{name: web, port: 80}]}\n");
    }
    for (int i = 0; i < 3; ++i) {
        const std::string space = "n" + std::to_string(i);
        add("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: " + space
            + "}\ndata: {DLQ_OUTPUT_TOPIC: orders-dlq}\n");
        add("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, "
            "namespace: "
            + space + "}\nspec: {selector: {matchLabels: {app: w" + std::to_string(i)
            + "}}, namespaceSelector: {any: true}, endpoints: [{port: web}]}\n");
        add("apiVersion: v1\nkind: Service\nmetadata: {name: outside, namespace: " + space
            + "}\nspec: {type: ExternalName, externalName: api.example.com}\n");
    }
    out += lanes();
    return out;
}

void PlatformCorpus::add(const std::string& yaml)
{
    addObjects(yaml, manifests);
}

void PlatformCorpus::addCase(const QString& name)
{
    const QDir folder(kCases + "/" + name);
    add(readFile(folder.filePath("input.yaml")));
    for (const QString& file : folder.entryList({"*.py"}, QDir::Files))
        files.push_back({(name + "/" + file).toStdString(), "app",
                         std::make_shared<const std::string>(readFile(folder.filePath(file)))});
}

void PlatformCorpus::addRendered(const QString& path, const std::string& space, int depth)
{
    QProcess kubectl;
    kubectl.start("kubectl", {"kustomize", QStringLiteral(PROJECT_ROOT_DIR "/") + path});
    if (!kubectl.waitForFinished(60'000) || kubectl.exitCode() != 0)
        return;
    std::vector<ManifestPtr> rendered;
    addObjects(kubectl.readAllStandardOutput().toStdString(), rendered);
    for (const ManifestPtr& manifest : rendered) {
        Json value = manifest->value();
        if (manifest->key().kind == "Application" && depth < 3) {
            addRendered(
                QString::fromStdString(std::string(stringAt(value, {"spec", "source", "path"}))),
                std::string(stringAt(value, {"spec", "destination", "namespace"})), depth + 1);
            continue;
        }
        if (manifest->key().namespaceName.empty() && !space.empty())
            value.at("metadata").get_object()["namespace"] = space;
        if (auto placed = Manifest::make(value, {{"", manifest->origin("")}}))
            manifests.push_back(*placed);
    }
}

PlatformInput PlatformCorpus::input() const
{
    std::map<ObjectKey, PlatformObject> objects;
    for (const ManifestPtr& manifest : manifests)
        objects.try_emplace(manifest->key(),
                            PlatformObject {manifest->key(), {{manifest, "app", 1, ""}}, {}});
    PlatformInput out;
    for (auto& [key, object] : objects)
        out.objects.push_back(std::move(object));
    return out;
}

} // namespace tests
