// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever came before, the graph that is kept is the one that is made from scratch. Over the cases
// of tests/data/lineage, each and all together, the five platforms as kubectl renders them, and a
// made one.
#include "tests/core/platform/lineagecase.h"
#include "tests/core/platform/lineagesequence.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QTest>

using namespace core;

namespace {

const QString kCases = QStringLiteral(TEST_DATA_DIR "/lineage");

std::string readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// Objects of a text; what is none (a patch, values, a kustomization) is left out.
void addObjects(const std::string& text, std::vector<ManifestPtr>& out)
{
    YamlTree tree;
    const auto documents = readYaml(tree, text, "input.yaml");
    if (!documents)
        return;
    for (const YamlNode* document : *documents)
        if (const auto value = toJson(tree, *document))
            if (auto manifest = Manifest::make(*value);
                manifest && (*manifest)->key().kind != "Kustomization")
                out.push_back(*manifest);
}

struct Corpus
{
    std::vector<ManifestPtr> manifests;
    std::vector<LineageFile> files;

    void addCase(const QString& name)
    {
        const QDir folder(kCases + "/" + name);
        addObjects(readFile(folder.filePath("input.yaml")), manifests);
        for (const QString& file : folder.entryList({"*.py"}, QDir::Files))
            files.push_back({(name + "/" + file).toStdString(), "app",
                             std::make_shared<const std::string>(readFile(folder.filePath(file)))});
    }
    /// A platform as Git declares it: what kubectl renders of an overlay, and of the applications
    /// in it.
    void addRendered(const QString& path, const std::string& space = {}, int depth = 0)
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
                addRendered(QString::fromStdString(
                                std::string(stringAt(value, {"spec", "source", "path"}))),
                            std::string(stringAt(value, {"spec", "destination", "namespace"})),
                            depth + 1);
                continue;
            }
            if (manifest->key().namespaceName.empty() && !space.empty())
                value.at("metadata").get_object()["namespace"] = space;
            if (auto placed = Manifest::make(value))
                manifests.push_back(*placed);
        }
    }
    /// The first of each key.
    PlatformInput input() const
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
};

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

/// Strimzi's topics and mirrors, users and their rights, Services and who they lead to.
std::string synthetic()
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

} // namespace

class TestLineageJoiner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sequences_data()
    {
        QTest::addColumn<QString>("cases"); // of tests/data/lineage, with commas
        QTest::addColumn<QString>("platform");
        QTest::addColumn<bool>("isSynthetic");
        QTest::addColumn<int>("steps");
        const QStringList cases = QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString& name : cases)
            QTest::newRow(qPrintable(name)) << name << "" << false << 60;
        QTest::newRow("all cases") << cases.join(',') << "" << false << 100;
        QTest::newRow("synthetic") << "" << "" << true << 300;
        for (const char* name :
             {"event-driven", "greenfield", "lakehouse", "lambda-education", "ml-two-layer"})
            QTest::newRow(name) << "" << name << false << 40;
    }
    void sequences()
    {
        QFETCH(QString, cases);
        QFETCH(QString, platform);
        QFETCH(bool, isSynthetic);
        QFETCH(int, steps);
        Corpus corpus;
        for (const QString& name : cases.split(',', Qt::SkipEmptyParts))
            corpus.addCase(name);
        if (!platform.isEmpty()) {
            if (QStandardPaths::findExecutable("kubectl").isEmpty())
                QSKIP("there is no kubectl to render with");
            corpus.addRendered("manifests/" + platform + "/apps/overlays/practice");
            QVERIFY(corpus.manifests.size() > 20);
        }
        if (isSynthetic)
            addObjects(synthetic(), corpus.manifests);
        QVERIFY(!corpus.manifests.empty() || !corpus.files.empty());
        for (std::uint32_t seed = 1; seed <= 2; ++seed) {
            const std::string difference =
                tests::LineageSequence(corpus.input(), corpus.files, seed).run(steps);
            QVERIFY2(difference.empty(),
                     ("seed " + std::to_string(seed) + ", " + difference).c_str());
        }
    }

    /// The rest of the platform is not looked at again.
    void joinsOnlyWhatAChangeConcerns()
    {
        std::vector<ManifestPtr> manifests;
        addObjects(synthetic(), manifests);
        LineageModel model;
        model.update(*inputOf(manifests));
        QVERIFY(model.statistics().rejoined > 40);
        const auto at = std::ranges::find_if(manifests, [](const ManifestPtr& each) {
            return each->key() == ObjectKey {"apps", "Deployment", "n1", "w4"};
        });
        Json value = (*at)->value();
        value.at_pointer("/spec/template/spec/containers/0/env/2/value") = "payments";
        *at = *Manifest::make(value);
        const auto graph = model.update(*inputOf(manifests));
        QCOMPARE(model.statistics().rejoined, std::size_t(1));
        QVERIFY(model.statistics().joined);
        QCOMPARE(
            QString::fromStdString(tests::differenceOf(*graph, *makeLineage(*inputOf(manifests)))),
            QString());
    }

    /// What did not change is the same node in both graphs.
    void sharesWhatDidNotChange()
    {
        std::vector<ManifestPtr> manifests;
        addObjects(synthetic(), manifests);
        LineageModel model;
        const auto before = model.update(*inputOf(manifests));
        const ManifestPtr last = manifests.back();
        manifests.pop_back();
        const auto after = model.update(*inputOf(manifests));
        std::size_t shared = 0;
        for (LineageGraph::Index i = 0; i < after->nodes().size(); ++i)
            if (const auto was = before->find(after->node(i).id()))
                shared += &before->node(*was) == &after->node(i);
        QVERIFY(shared + 2 >= after->nodes().size());
        manifests.push_back(last);
        QCOMPARE(QString::fromStdString(
                     tests::differenceOf(*model.update(*inputOf(manifests)), *before)),
                 QString());
    }
};

WW_TEST_CLASS(TestLineageJoiner)
#include "tst_lineagejoiner.moc"
