// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/environments.h"
#include "core/platform/findings.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/terraform.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QtTest/QTest>

#include <algorithm>

using namespace core;
using namespace tests;

namespace {

std::string fileText(const QString& name)
{
    QFile file(QStringLiteral(TEST_DATA_DIR "/terraform/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

TerraformLayer layerOf(const QString& name)
{
    const auto layer = readTerraform(fileText(name), name.toStdString());
    if (!layer) {
        qWarning("%s", layer.error().text().c_str());
        return {};
    }
    return *layer;
}

/// "Database/postgres 16.6 db.m6g.large postgres://a:5432,b" for each.
QStringList linesOf(const TerraformLayer& layer)
{
    QStringList out;
    for (const ManifestPtr& service : layer.services) {
        const Json value = service->value();
        std::string hosts;
        for (const Json& host : find(*find(value, "spec"), "hosts")->get_array())
            hosts += (hosts.empty() ? "" : ",") + std::string(host.get_string());
        out << QString::fromStdString(service->key().kind + "/" + service->key().name + " "
                                      + std::string(stringAt(value, {"spec", "version"})) + " "
                                      + hosts);
    }
    return out;
}

std::string backend(const std::string& variables)
{
    return deployment("ml", "backend", "          env: [" + variables + "]\n");
}

std::string variable(const std::string& name, const std::string& value)
{
    return "{name: " + name + ", value: '" + value + "'}";
}

std::vector<Finding> findingsOf(const std::string& yaml, const QString& file)
{
    const auto input = PlatformFixture().declare(yaml).build();
    const auto whole = file.isEmpty() ? input : withTerraform(*input, {layerOf(file)});
    const PlatformModel model(whole);
    std::vector<Finding> out;
    findLayerOne(model, *makeLineage(*whole), out);
    return out;
}

} // namespace

class TestTerraform : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void services_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("show -json")
            << "prod-show.json"
            << QStringList {
                   "Cache/redis 7.1 "
                   "cache.ml-platform.internal:6379,ml-platform-prod.def456.ng.0001.euc1.cache."
                   "amazonaws."
                   "com:6379",
                   "Cluster/kubernetes 1.31 0123456789abcdef.gr7.eu-central-1.eks.amazonaws.com",
                   "Database/postgres 16.6 "
                   "database.ml-platform.internal:5432,ml-platform-prod.abc123.eu-central-1.rds."
                   "amazonaws."
                   "com:5432",
                   "Endpoint/smtp  mail.example.com:587",
                   "Registry/registry  111122223333.dkr.ecr.eu-central-1.amazonaws.com",
                   "Storage/s3  "
                   "s3.eu-central-1.amazonaws.com,s3.amazonaws.com,ml-platform-prod-data.s3.eu-"
                   "central-1."
                   "amazonaws.com"};
        QTest::newRow("state file")
            << "local.tfstate"
            << QStringList {
                   "Cache/redis redis:7.4.1-alpine ml-platform-redis:6379",
                   "Cluster/kubernetes  127.0.0.1:6443",
                   "Database/postgres postgres:16.6 ml-platform-postgres:5432",
                   "Registry/registry registry:2.8.3 ml-platform-registry",
                   "Storage/s3 minio/minio:RELEASE.2024-11-07T00-52-20Z ml-platform-minio:9000"};
    }
    void services()
    {
        QFETCH(QString, file);
        QTEST(linesOf(layerOf(file)), "expected");
        for (const ManifestPtr& service : layerOf(file).services) {
            QVERIFY2(service->text().find("hidden-in-the-test") == std::string::npos,
                     service->text().c_str());
            QCOMPARE(service->origin().file, file.toStdString());
            QVERIFY(service->key().kind == "Endpoint" || service->origin().line > 1);
        }
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("resource \"aws_s3_bucket\" \"data\" {}");
        QTest::newRow("cut off") << QByteArray("{\"version\": 4, \"resources\": [");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("another file") << QByteArray("{\"apiVersion\": \"v1\"}");
        QTest::newRow("too deep") << QByteArray(1000, '[');
    }
    void refused()
    {
        QFETCH(QByteArray, text);
        const auto layer = readTerraform(text.toStdString(), "x.json");
        QVERIFY(!layer);
        QCOMPARE(layer.error().code, ErrorCode::Invalid);
        QCOMPARE(layer.error().place.file, std::string("x.json"));
    }

    void strange_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("an empty state") << QByteArray("{\"format_version\": \"1.0\"}");
        QTest::newRow("no instances")
            << QByteArray("{\"version\": 4, \"resources\": [{\"type\": \"aws_db_instance\"}, 3, "
                          "null, {\"type\": 4, \"instances\": {}}]}");
        QTest::newRow("wrong types")
            << QByteArray("{\"values\": {\"outputs\": [], \"root_module\": {\"resources\": "
                          "[{\"address\": \"a.b\", \"type\": \"aws_db_instance\", \"values\": "
                          "{\"engine\": [], \"address\": {}, \"port\": \"x\"}, "
                          "\"sensitive_values\": [true]}], \"child_modules\": [[], 1]}}}");
        QTest::newRow("paths that lead nowhere")
            << QByteArray("{\"version\": 4, \"resources\": [{\"type\": \"aws_db_instance\", "
                          "\"name\": \"x\", \"instances\": [{\"attributes\": {\"engine\": "
                          "\"postgres\"}, \"sensitive_attributes\": [[], [{\"type\": \"index\", "
                          "\"value\": 3}], [{\"value\": \"a\"}, {\"value\": \"b\"}], 7]}]}]}");
        QTest::newRow("a plan") << QByteArray(
            "{\"planned_values\": {\"root_module\": {\"resources\": [{\"address\": "
            "\"aws_db_instance.x\", \"mode\": \"managed\", \"type\": "
            "\"aws_db_instance\", \"values\": {\"engine\": \"postgres\"}}]}}}");
    }
    void strange()
    {
        QFETCH(QByteArray, text);
        const auto layer = readTerraform(text.toStdString(), "x.json");
        QVERIFY(layer);
        for (const ManifestPtr& service : layer->services)
            QVERIFY(find(*find(service->value(), "spec"), "hosts")->get_array().empty());
    }

    void layerOneOfThePicture()
    {
        const auto input =
            PlatformFixture()
                .declare(backend(variable("DATABASE_URL",
                                          "postgresql://database.ml-platform."
                                          "internal:5432/mlplatform")
                                 + ", " + variable("S3_BUCKET", "ml-platform-prod-data") + ", "
                                 + variable("S3_ENDPOINT",
                                            "https://s3.eu-central-1.amazonaws."
                                            "com")))
                .build();
        const auto graph = makeLineage(*withTerraform(*input, {layerOf("prod-show.json")}));
        const auto database = graph->find("terraform:///Database/postgres");
        QVERIFY(database);
        QCOMPARE(graph->node(*database).type, LineageNodeType::Store);
        QCOMPARE(graph->node(*database).layer, std::string("infrastructure"));
        QCOMPARE(graph->node(*database).place.file, std::string("prod-show.json"));
        const auto tables = graph->find("postgres://database.ml-platform.internal:5432/mlplatform");
        QVERIFY(tables);
        QCOMPARE(graph->containerOf(*tables), database);
        const auto bucket = graph->find("s3://ml-platform-prod-data//");
        QVERIFY(bucket);
        QVERIFY(graph->node(*bucket).declared);
        QCOMPARE(graph->containerOf(*bucket), graph->find("terraform:///Storage/s3"));
        const auto service = graph->find("kubernetes://ml/Deployment/backend");
        QVERIFY(service && !graph->path(*service, *database).empty());
    }

    void missingServices_data()
    {
        QTest::addColumn<QString>("variables");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("message"); // "" for none
        const QString database = "{name: DATABASE_URL, value: 'postgresql://%1/mlplatform'}";
        QTest::newRow("there") << database.arg("database.ml-platform.internal:5432")
                               << "prod-show.json" << "";
        QTest::newRow("by its own name")
            << database.arg("ml-platform-prod.abc123.eu-central-1.rds.amazonaws.com:5432")
            << "prod-show.json" << "";
        QTest::newRow("another port")
            << database.arg("database.ml-platform.internal:5433") << "prod-show.json"
            << "Deployment ml/backend expects postgres at database.ml-platform.internal:5433 (env "
               "DATABASE_URL of container main), and Terraform has it at "
               "database.ml-platform.internal:5432.";
        QTest::newRow("another name")
            << database.arg("db.ml-platform.internal:5432") << "prod-show.json"
            << "Deployment ml/backend expects postgres at db.ml-platform.internal:5432 (env "
               "DATABASE_URL of container main), and Terraform has it at "
               "database.ml-platform.internal:5432.";
        QTest::newRow("no such service")
            << "{name: MONGO_URL, value: 'mongodb://mongo.ml-platform.internal:27017/x'}"
            << "prod-show.json"
            << "Deployment ml/backend expects mongodb at mongo.ml-platform.internal:27017 (env "
               "MONGO_URL of container main), and Terraform has none.";
        QTest::newRow("a bucket that nobody made")
            << "{name: S3_ENDPOINT, value: 'https://s3.eu-central-1.amazonaws.com'}, {name: "
               "S3_BUCKET, value: ml-platform-data}"
            << "prod-show.json"
            << "Deployment ml/backend expects bucket ml-platform-data (env S3_BUCKET of container "
               "main), and Terraform has ml-platform-prod-data.";
        QTest::newRow("no layer is given") << database.arg("db.example.com:5432") << "" << "";
    }
    void missingServices()
    {
        QFETCH(QString, variables);
        QFETCH(QString, file);
        QFETCH(QString, message);
        const auto all = findingsOf(backend(variables.toStdString()), file);
        QCOMPARE(all.empty(), message.isEmpty());
        if (all.empty())
            return;
        QCOMPARE(all.size(), std::size_t(1));
        QCOMPARE(all.front().code, std::string("missing-layer-1-service"));
        QCOMPARE(QString::fromStdString(all.front().message), message);
        QCOMPARE(all.front().place.file, std::string("app.yaml"));
        QVERIFY(all.front().place.line > 0);
    }

    void anAddressThatTheFileDoesNotTell()
    {
        const auto layer = readTerraform(
            "{\"planned_values\": {\"root_module\": {\"resources\": [{\"address\": "
            "\"aws_db_instance.x\", \"mode\": \"managed\", \"type\": \"aws_db_instance\", "
            "\"values\": {\"engine\": \"postgres\"}}]}}}",
            "plan.json");
        QVERIFY(layer);
        const auto input =
            PlatformFixture()
                .declare(backend(variable("DATABASE_URL", "postgresql://db.example.com:5432/x")))
                .build();
        const auto whole = withTerraform(*input, {*layer});
        const PlatformModel model(whole);
        std::vector<Finding> out;
        findLayerOne(model, *makeLineage(*whole), out);
        QCOMPARE(out.size(), std::size_t(1));
        QCOMPARE(out.front().severity, Severity::Note);
    }

    void parity()
    {
        const auto none = PlatformFixture().build();
        const EnvironmentComparison comparison =
            compareEnvironments({{"local", withTerraform(*none, {layerOf("local.tfstate")})},
                                 {"prod", withTerraform(*none, {layerOf("prod-show.json")})}});
        const auto has = [&](const std::string& kind, const std::string& field) {
            return std::ranges::any_of(comparison.differences,
                                       [&](const EnvironmentDifference& each) {
                                           return each.key.kind == kind && each.field == field;
                                       });
        };
        QVERIFY(has("Database", "spec.type"));
        QVERIFY(!has("Database", "spec.system"));
        QVERIFY(has("Endpoint", "")); // only in production
    }
};

WW_TEST_CLASS(TestTerraform)
#include "tst_terraform.moc"
