// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/forwardedkafka.h"
#include "tests/gitops/telemetry/fakekafka.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using tests::FakeKafka;

namespace {

/// Ports that lead nowhere, numbered from 1.
class FakePorts : public ForwardedPorts
{
public:
    explicit FakePorts(QStringList& opened)
        : m_opened(opened)
    {
    }
    core::Result<std::string> open(const PortForward& to) override
    {
        if (to.name == "gone")
            return core::failure(core::ErrorCode::NotFound, "there is no pod gone");
        m_opened << QString::fromStdString(to.namespaceName + " " + to.text());
        return "127.0.0.1:" + std::to_string(m_opened.size());
    }

private:
    QStringList& m_opened;
};

struct Bench
{
    QStringList opened;
    std::vector<std::map<std::string, std::string>> connected;
    std::vector<std::string> brokers {"a-0.a-brokers.kafka.svc:9092",
                                      "a-1.a-brokers.kafka.svc:9092"};
    int limit = 100; ///< of connections that work
    ForwardedKafka client {"a-kafka-bootstrap.kafka.svc:9092", "kafka",
                           std::make_unique<FakePorts>(opened),
                           [this](const std::map<std::string, std::string>& addresses)
                               -> core::Result<std::unique_ptr<KafkaClient>> {
                               if (int(connected.size()) >= limit)
                                   return core::failure(core::ErrorCode::Network, "no more");
                               connected.push_back(addresses);
                               auto made = std::make_unique<FakeKafka>();
                               made->brokers = brokers;
                               made->topics["orders"] = {{7}, {5}};
                               return made;
                           }};
};

} // namespace

class TestForwardedKafka : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whereAnAddressLeads_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("leads");
        QTest::newRow("pod") << "k-0.k-brokers.events.svc:9092" << "events pod k-0 port 9092";
        QTest::newRow("pod, whole name")
            << "k-0.k-brokers.events.svc.cluster.local:9093" << "events pod k-0 port 9093";
        QTest::newRow("pod, short") << "k-0.k-brokers:9092" << "own pod k-0 port 9092";
        QTest::newRow("pod and namespace") << "k-0.k.events:9092" << "events pod k-0 port 9092";
        QTest::newRow("service") << "kafka.events.svc:9092" << "events service kafka port 9092";
        QTest::newRow("service, whole name")
            << "kafka.events.svc.cluster.local:9092" << "events service kafka port 9092";
        QTest::newRow("service, short") << "kafka:9092" << "own service kafka port 9092";
        QTest::newRow("address") << "10.1.2.3:9092" << "";
        QTest::newRow("IPv6") << "[fd00::1]:9092" << "";
        QTest::newRow("a name of elsewhere") << "broker.of.some.company.example:9092" << "";
        QTest::newRow("no port") << "kafka" << "";
        QTest::newRow("nothing") << "" << "";
    }
    void whereAnAddressLeads()
    {
        QFETCH(QString, address);
        const auto to = forwardTo(address.toStdString(), "own");
        const std::string text = to
            ? to->namespaceName + (to->kind == PortForward::Kind::Pod ? " pod " : " service ")
                + to->name + " port " + to->remotePort
            : "";
        QTEST(QString::fromStdString(text), "leads");
    }

    void forwardsToEachBrokerOnce()
    {
        Bench bench;
        QVERIFY(bench.opened.isEmpty()); // nothing before a question
        const auto metadata = bench.client.metadata();
        QVERIFY(metadata);
        QCOMPARE(metadata->brokers, bench.brokers);
        QCOMPARE(bench.opened.size(), 3);
        QCOMPARE(bench.connected.size(), std::size_t(2)); // bootstrap alone, then all
        QCOMPARE(bench.connected.front().size(), std::size_t(1));
        QCOMPARE(bench.connected.back().at("a-1.a-brokers.kafka.svc:9092"),
                 std::string("127.0.0.1:3"));
        QVERIFY(bench.client.metadata());
        QCOMPARE(bench.opened.size(), 3);
        QCOMPARE(bench.connected.size(), std::size_t(2));
    }

    void aNewBrokerIsForwardedTo()
    {
        Bench bench;
        QVERIFY(bench.client.metadata());
        bench.client.choose({"orders"}, {{0, 0}, {0, 1}});
        QCOMPARE(*bench.client.endOffsets(), (std::vector<std::int64_t> {7, 5}));
        Bench other;
        other.brokers.pop_back();
        QVERIFY(other.client.metadata());
        other.client.choose({"orders"}, {{0, 0}});
        other.brokers = bench.brokers;
        QCOMPARE(*other.client.endOffsets(), std::vector<std::int64_t> {7});
    }

    void whatWasChosenOutlivesAnotherClient()
    {
        Bench bench;
        bench.client.choose({"orders"}, {{0, 1}});
        QVERIFY(bench.client.metadata());
        QCOMPARE(*bench.client.endOffsets(), std::vector<std::int64_t> {5});
    }

    void problemsAreTold()
    {
        Bench address;
        address.brokers = {"10.1.2.3:9092"};
        const auto told = address.client.metadata();
        QVERIFY(!told);
        QVERIFY2(told.error().message.find("10.1.2.3:9092") != std::string::npos
                     && told.error().message.find("listener") != std::string::npos,
                 told.error().message.c_str());
        Bench gone;
        gone.brokers = {"gone.a-brokers.kafka.svc:9092"};
        QCOMPARE(gone.client.metadata().error().message, std::string("there is no pod gone"));
        Bench refused;
        refused.limit = 0;
        QCOMPARE(refused.client.endOffsets().error().message, std::string("no more"));
        QVERIFY(!refused.client.groups());
        QVERIFY(!refused.client.commits("g"));
    }
};

WW_TEST_CLASS(TestForwardedKafka)
#include "tst_forwardedkafka.moc"
