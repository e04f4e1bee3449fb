// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/livetopics.h"
#include "core/platform/topics.h"
#include "core/value/json.h"
#include "tests/core/platform/observedplatform.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using namespace observedplatform;

namespace {

TelemetrySource source(const char* type, const char* name, TelemetrySource::State state,
                       const char* message = "")
{
    TelemetrySource out;
    out.type = type;
    out.name = name;
    out.state = state;
    out.message = message;
    return out;
}

Telemetry measured()
{
    Telemetry out;
    out.sources = {source("kafka", kSource.c_str(), TelemetrySource::State::Live)};
    out.topics = {observed("orders"), observed("stray")};
    out.topics.front().groups = {"app"};
    out.latest[{kOrders, Measure::RecordsIn, ""}] = {12, {}, kSource, false};
    out.latest[{kOrders, Measure::Lag, ""}] = {5, {}, kSource, false};
    out.latest[{kPlace + "stray", Measure::RecordsIn, ""}] = {0, {}, kSource, false};
    return out;
}

const Topic* named(const std::vector<Topic>& topics, std::string_view name)
{
    const auto found = std::ranges::find(topics, name, &Topic::name);
    return found == topics.end() ? nullptr : &*found;
}

} // namespace

class TestLiveTopics : public QObject
{
    Q_OBJECT
private:
    std::vector<Topic> m_topics =
        topicsOf(*lineageOf(kCluster + topic("orders") + topic("missing")), false);

private Q_SLOTS:
    void figuresWithTheirSource()
    {
        const auto topics = withTelemetry(m_topics, measured());
        const Topic* orders = named(topics, "orders");
        QCOMPARE(orders->recordsIn.value, std::optional<double>(12));
        QCOMPARE(orders->recordsIn.source, kSource);
        QVERIFY(orders->recordsIn.reason.empty());
        QCOMPARE(orders->lag.value, std::optional<double>(5));
        QCOMPARE(orders->partitions, std::optional<std::int64_t>(3)); // as declared
        QCOMPARE(orders->groups, std::vector<std::string> {"app"});
        QVERIFY(!orders->lagSeconds.value && !orders->lagSeconds.reason.empty());
        QVERIFY(!orders->isStill());
        QCOMPARE(stringAt(toJson(*orders), {"recordsIn", "source"}), std::string_view(kSource));
    }

    void undeclaredAndMissing()
    {
        const auto topics = withTelemetry(m_topics, measured());
        QCOMPARE(topics.size(), std::size_t(3));
        const Topic* stray = named(topics, "stray");
        QVERIFY(!stray->declared && stray->existing.value_or(false) && stray->isStill());
        QCOMPARE(stray->partitions, std::optional<std::int64_t>(7));
        QCOMPARE(stray->cluster, std::string("kafka/k"));
        QCOMPARE(stray->lag.reason, std::string("no consumer group has committed an offset"));
        QCOMPARE(named(topics, "missing")->existing, std::optional(false));
        QVERIFY(named(topics, "orders")->existing.value_or(false));
    }

    void prometheusDoesNotTellWhatIsMissing()
    {
        Telemetry telemetry = measured();
        telemetry.sources.front().type = "prometheus";
        QVERIFY(!named(withTelemetry(m_topics, telemetry), "missing")->existing);
    }

    void simulatedSaysSo()
    {
        Telemetry telemetry = measured();
        for (auto& [key, figure] : telemetry.latest)
            figure.simulated = true;
        const auto topics = withTelemetry(m_topics, telemetry);
        QVERIFY(named(topics, "orders")->recordsIn.simulated);
        QVERIFY(boolAt(toJson(*named(topics, "orders")), {"recordsIn", "simulated"}));
    }

    void reasons_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing at all")
            << 0 << "no source: neither Prometheus nor the broker is asked";
        QTest::newRow("the subject's own") << 1 << "target k-0 is down";
        QTest::newRow("failed goes before missing") << 2 << "Kafka x: no answer";
        QTest::newRow("live without it") << 3 << "Prometheus p has no figure of it";
        QTest::newRow("live, and says why") << 4 << "Prometheus p: it has no series";
        QTest::newRow("its own goes before others") << 6 << "Kafka: no broker is asked";
        QTest::newRow("of another system")
            << 5 << "no source: neither Prometheus nor the broker is asked";
    }

    void reasons()
    {
        QFETCH(int, row);
        QFETCH(QString, expected);
        using enum TelemetrySource::State;
        Telemetry telemetry;
        const auto missing = source("prometheus", "Prometheus", Missing, "none was found");
        const auto failed = source("kafka", "Kafka x", Failed, "no answer");
        if (row == 1)
            telemetry.reasons["s"] = "target k-0 is down";
        if (row == 2)
            telemetry.sources = {missing, failed, missing};
        if (row == 3)
            telemetry.sources = {failed, source("prometheus", "Prometheus p", Live)};
        if (row == 4)
            telemetry.sources = {source("prometheus", "Prometheus p", Live, "it has no series")};
        if (row == 6)
            telemetry.sources = {missing, source("kafka", "Kafka", Missing, "no broker is asked"),
                                 missing};
        if (row == 5)
            telemetry.sources = {source("rabbitmq", "RabbitMQ", Live)};
        QCOMPARE(QString::fromStdString(reasonWithoutFigure(telemetry, "s", "kafka")), expected);
    }
};

WW_TEST_CLASS(TestLiveTopics)
#include "tst_livetopics.moc"
