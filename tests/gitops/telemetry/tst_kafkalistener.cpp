// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkalistener.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

const char* const kPlain = R"({"name":"plain","port":9092,"type":"internal","tls":false})";
const char* const kScram = R"({"name":"tls","port":9093,"type":"internal","tls":true,
    "authentication":{"type":"scram-sha-512"}})";
const char* const kOutside = R"({"name":"external","port":9094,"type":"nodeport","tls":false})";
const char* const kOauth = R"({"name":"oauth","port":9095,"type":"internal","tls":true,
    "authentication":{"type":"oauth"}})";

std::vector<KafkaListener> listeners(const QStringList& list)
{
    return listenersOf(*core::parseJson(
        (R"({"spec":{"kafka":{"listeners":[)" + list.join(',') + "]}}}").toStdString()));
}

} // namespace

class TestKafkaListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsThem()
    {
        const auto found =
            listeners({kPlain, kScram, R"({"name":"bad"})", "7", R"({"name":"far","port":70000})"});
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0], (KafkaListener {"plain", 9092, "internal", false, ""}));
        QCOMPARE(found[1], (KafkaListener {"tls", 9093, "internal", true, "scram-sha-512"}));
        QVERIFY(listenersOf(core::Json()).empty());
    }

    void chooses_data()
    {
        QTest::addColumn<QStringList>("list");
        QTest::addColumn<bool>("hasUser");
        QTest::addColumn<QString>("chosen"); // name, or what is said
        const auto row = [](const char* name, const QStringList& list, bool hasUser,
                            const char* chosen) {
            QTest::newRow(name) << list << hasUser << chosen;
        };
        row("the plain one", {kScram, kPlain, kOutside}, false, "plain");
        row("with a user the one that wants users", {kPlain, kScram}, true, "tls");
        row("with a user where none is wanted", {kPlain}, true, "plain");
        row("without a user", {kScram, kOutside}, false,
            "Kafka kafka/events lets in nobody without a user: tls (9093, scram-sha-512), external "
            "(9094, nodeport); telemetry.kafka with its cluster and a KafkaUser's secret names "
            "one");
        row("only from outside", {kOutside}, false,
            "Kafka kafka/events has no internal listener, only external (9094, nodeport)");
        row("only what we cannot do", {kOauth}, true,
            "Kafka kafka/events has no listener that takes a password or a certificate, only oauth "
            "(9095, oauth)");
        row("none", {}, false, "Kafka kafka/events declares no listener");
    }
    void chooses()
    {
        QFETCH(QStringList, list);
        QFETCH(bool, hasUser);
        const auto chosen = chooseListener(listeners(list), hasUser, "kafka/events");
        QTEST(QString::fromStdString(chosen ? chosen->name : chosen.error().message), "chosen");
    }
};

WW_TEST_CLASS(TestKafkaListener)
#include "tst_kafkalistener.moc"
