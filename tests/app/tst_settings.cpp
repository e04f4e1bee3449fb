// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

using namespace app;

class TestSettings : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::string write(const char* text)
    {
        QFile file(m_folder.filePath("config.yaml"));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(text);
        return file.fileName().toStdString();
    }

private Q_SLOTS:
    void aMissingFileIsEmpty()
    {
        const auto settings = readSettings(m_folder.filePath("none.yaml").toStdString());
        QVERIFY(settings);
        QVERIFY(settings->applications.empty());
    }
    void reads()
    {
        const auto settings = readSettings(write("applications: [shop.yaml]\nrepositories:\n- url: "
                                                 "https://e.x/shop.git\n  insteadOf: /srv/shop\n"));
        QVERIFY(settings);
        QCOMPARE(settings->applications.at(0), m_folder.filePath("shop.yaml").toStdString());
        QCOMPARE(settings->insteadOf.at(0).second, std::string("/srv/shop"));
    }
    void controlNamespace()
    {
        const auto settings = readSettings(write("controlNamespace: team-a\n"));
        QVERIFY(settings);
        QCOMPARE(settings->controlNamespace, std::string("team-a"));
        QVERIFY(readSettings(write("terraform: []\n"))->controlNamespace.empty());
    }
    void liveFigures()
    {
        const auto settings = readSettings(
            write("telemetry:\n"
                  "  simulated: true\n"
                  "  discover: false\n"
                  "  prometheus: [{url: 'http://p:9090', tokenFile: token, topics: 'orders.*'}]\n"
                  "  kafka:\n"
                  "  - brokers: localhost:9094\n"
                  "    cluster: kafka/events\n"
                  "    tls: true\n"
                  "    secret: kafka/reader\n"
                  "    addresses: {'b-0.kafka.svc:9093': 'localhost:9094'}\n"
                  "  rabbitmq: [{url: 'http://r:15692', cluster: mq/rabbit}]\n"
                  "  openLineage: [events.ndjson, 'http://marquez:5000']\n"));
        QVERIFY2(settings, settings ? "" : settings.error().text().c_str());
        const gitops::TelemetryConfig& telemetry = settings->telemetry;
        QVERIFY(telemetry.simulated && !telemetry.discover);
        QCOMPARE(telemetry.prometheus.at(0).tokenFile, m_folder.filePath("token").toStdString());
        QCOMPARE(telemetry.prometheus.at(0).topics, std::string("orders.*"));
        const gitops::KafkaAccess& kafka = telemetry.kafka.at(0);
        QVERIFY(kafka.tls);
        QCOMPARE(kafka.secret, std::string("kafka/reader"));
        QCOMPARE(kafka.addresses.at("b-0.kafka.svc:9093"), std::string("localhost:9094"));
        QCOMPARE(telemetry.rabbitmq.at(0).cluster, std::string("mq/rabbit"));
        QCOMPARE(telemetry.openLineage.at(0), m_folder.filePath("events.ndjson").toStdString());
        QCOMPARE(telemetry.openLineage.at(1), std::string("http://marquez:5000"));
    }
    void refusesWithAPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<int>("line");
        QTest::newRow("unknown word")
            << QByteArray("repository: []\n") << QByteArray("did you mean \"repositories\"") << 1;
        QTest::newRow("no url") << QByteArray("repositories:\n- insteadOf: x\n")
                                << QByteArray("needs a url") << 2;
        QTest::newRow("source without an address")
            << QByteArray("telemetry:\n  rabbitmq:\n  - cluster: x\n")
            << QByteArray("needs \"url\"") << 3;
        QTest::newRow("unknown source")
            << QByteArray("telemetry: {kafkas: []}\n") << QByteArray("did you mean \"kafka\"") << 1;
        QTest::newRow("list") << QByteArray("- a\n") << QByteArray("must be a mapping") << 1;
        QTest::newRow("no YAML") << QByteArray("a: [\n") << QByteArray("") << 2;
    }
    void refusesWithAPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        QFETCH(int, line);
        const auto settings = readSettings(write(text.constData()));
        QVERIFY(!settings);
        QVERIFY2(settings.error().message.find(says.toStdString()) != std::string::npos,
                 settings.error().message.c_str());
        QCOMPARE(settings.error().place.line, line);
    }
};

WW_TEST_CLASS(TestSettings)
#include "tst_settings.moc"
