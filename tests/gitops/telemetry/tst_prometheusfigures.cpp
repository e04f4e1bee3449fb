// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusfigures.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace gitops;
using core::Measure;
using enum PrometheusSubject;
using tests::second;

namespace {

using Labels = std::map<std::string, std::string>;

PrometheusQuery query(PrometheusSubject subject, Measure measure, bool isFallback = false)
{
    return {"", subject, measure, isFallback};
}

PrometheusAnswer answer(std::vector<std::pair<Labels, double>> series)
{
    PrometheusAnswer out;
    for (auto& [labels, value] : series)
        out.series.push_back({std::move(labels), {{second(0), value}}});
    return out;
}

QString valueOf(const PrometheusFigures& figures, const std::string& subject, Measure measure,
                const std::string& part = {})
{
    for (const core::Series& series : figures.series())
        if (series.key == core::SeriesKey {subject, measure, part})
            return QString::number(series.samples.back().value);
    return "-";
}

} // namespace

class TestPrometheusFigures : public QObject
{
    Q_OBJECT
private:
    SubjectsPtr m_subjects = tests::subjectsOf(tests::kTelemetryPlatform);

private Q_SLOTS:
    void clusterByLabels_data()
    {
        QTest::addColumn<QString>("namespaceName");
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<bool>("known");
        QTest::newRow("both labels") << "kafka" << "events" << true;
        QTest::newRow("namespace alone") << "kafka" << "" << true;
        QTest::newRow("cluster alone") << "" << "events" << true;
        QTest::newRow("no labels, one cluster") << "" << "" << true;
        QTest::newRow("another cluster") << "kafka" << "other" << false;
        QTest::newRow("another namespace") << "prod" << "" << false;
    }

    void clusterByLabels()
    {
        QFETCH(QString, namespaceName);
        QFETCH(QString, cluster);
        QFETCH(bool, known);
        Labels labels {{"topic", "orders"}};
        if (!namespaceName.isEmpty())
            labels["namespace"] = namespaceName.toStdString();
        if (!cluster.isEmpty())
            labels["strimzi_io_cluster"] = cluster.toStdString();
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(0));
        figures.add(query(Topic, Measure::RecordsIn), answer({{labels, 7}}));
        QCOMPARE(valueOf(figures, tests::kOrders, Measure::RecordsIn), QString(known ? "7" : "-"));
        QCOMPARE(figures.strangers(), std::size_t(known ? 0 : 1));
    }

    void aFallbackFillsOnlyHoles()
    {
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(0));
        figures.add(query(Topic, Measure::RecordsIn), answer({{{{"topic", "orders"}}, 7}}));
        figures.add(query(Topic, Measure::RecordsIn, true),
                    answer({{{{"topic", "orders"}}, 99}, {{{"topic", "silent"}}, 3}}));
        QCOMPARE(valueOf(figures, tests::kOrders, Measure::RecordsIn), QString("7"));
        QCOMPARE(valueOf(figures, tests::kSilent, Measure::RecordsIn), QString("3"));
    }

    void groups()
    {
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(0));
        const Labels one {{"topic", "orders"}, {"consumergroup", "a"}};
        const Labels two {{"topic", "orders"}, {"consumergroup", "b"}};
        figures.add(query(Topic, Measure::RecordsOut), answer({{one, 2}, {two, 3}}));
        figures.add(query(Topic, Measure::Lag), answer({{one, 20}, {two, 30}}));
        QCOMPARE(valueOf(figures, tests::kOrders, Measure::RecordsOut, "a"), QString("2"));
        QCOMPARE(valueOf(figures, tests::kOrders, Measure::RecordsOut), QString("5"));
        QCOMPARE(valueOf(figures, tests::kOrders, Measure::Lag), QString("30")); // the last one's
        const auto topics = figures.topics("Prometheus");
        QCOMPARE(topics.front().groups, (std::vector<std::string> {"a", "b"}));
        QCOMPARE(topics.front().source, std::string("Prometheus"));
    }

    void queuesAndExchanges()
    {
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(0));
        figures.add(query(Queue, Measure::Depth),
                    answer({{{{"vhost", "/"}, {"queue", "jobs"}}, 4}}));
        figures.add(query(Queue, Measure::RecordsIn, true),
                    answer({{{{"queue_vhost", "/"}, {"queue", "jobs"}}, 2}}));
        figures.add(query(Exchange, Measure::RecordsIn),
                    answer({{{{"vhost", "/"}, {"exchange", "inbox"}}, 9}}));
        QCOMPARE(valueOf(figures, tests::kJobs, Measure::Depth), QString("4"));
        QCOMPARE(valueOf(figures, tests::kJobs, Measure::RecordsIn), QString("2"));
        QCOMPARE(valueOf(figures, tests::kInbox, Measure::RecordsIn), QString("9"));
    }

    void routesOfAnIntegration_data()
    {
        QTest::addColumn<QString>("label");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("known");
        QTest::newRow("pod") << "pod" << "relay-7d9f8c-x2x4z" << true;
        QTest::newRow("pod of Strimzi's monitors")
            << "kubernetes_pod_name" << "relay-7d9-1" << true;
        QTest::newRow("label of Camel K") << "camel_apache_org_integration" << "relay" << true;
        QTest::newRow("context") << "camelContext" << "relay" << true;
        QTest::newRow("another with the same begin") << "pod" << "relays-7d9f8c-x2x4z" << false;
    }

    void routesOfAnIntegration()
    {
        QFETCH(QString, label);
        QFETCH(QString, text);
        QFETCH(bool, known);
        const Labels labels {{"namespace", "shop"},
                             {label.toStdString(), text.toStdString()},
                             {"routeId", "route1"}};
        Labels other = labels;
        other["routeId"] = "route2";
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(0));
        figures.add(query(Route, Measure::Exchanges),
                    answer({{labels, 2}, {labels, 1}, {other, 4}}));
        QCOMPARE(valueOf(figures, tests::kRelay, Measure::Exchanges, "route1"),
                 QString(known ? "3" : "-")); // two pods
        QCOMPARE(valueOf(figures, tests::kRelay, Measure::Exchanges), QString(known ? "7" : "-"));
    }

    void whatIsNoNumberIsAGap()
    {
        PrometheusSeries series {{{"topic", "orders"}}, {}};
        for (int i = 0; i < 5; ++i)
            series.points.emplace_back(second(10 * i), i == 2 ? std::nan("") : double(i));
        PrometheusAnswer range;
        range.series.push_back(series);
        PrometheusFigures figures(*m_subjects, std::chrono::seconds(10));
        figures.add(query(Topic, Measure::RecordsIn), range);
        const auto all = figures.series();
        QCOMPARE(all.size(), std::size_t(1));
        std::string text;
        for (const core::Sample& sample : all.front().samples)
            text += std::to_string(int(sample.value)) + (sample.afterGap ? "! " : " ");
        QCOMPARE(QString::fromStdString(text), QString("0 1 3! 4 "));
    }

    void reasons_data()
    {
        QTest::addColumn<QString>("targetNamespace");
        QTest::addColumn<bool>("isUp");
        QTest::addColumn<QString>("expected");
        QTest::newRow("down") << "kafka" << false
                              << "target kafka k-0:9404 is down: connection refused";
        QTest::newRow("up") << "kafka" << true << "Prometheus has no series of it";
        QTest::newRow("elsewhere")
            << "other" << false << "Prometheus scrapes nothing of kafka/events";
        QTest::newRow("no namespace, by its job")
            << "" << false << "target kafka k-0:9404 is down: connection refused";
    }

    void reasons()
    {
        QFETCH(QString, targetNamespace);
        QFETCH(bool, isUp);
        QFETCH(QString, expected);
        PrometheusTarget target;
        target.job = "kafka";
        target.instance = "k-0:9404";
        target.isUp = isUp;
        target.lastError = isUp ? "" : "connection refused";
        if (!targetNamespace.isEmpty())
            target.labels["namespace"] = targetNamespace.toStdString();
        const auto reasons = reasonsFrom({target}, *m_subjects, {tests::kSilent});
        QCOMPARE(QString::fromStdString(reasons.at(tests::kOrders)), expected);
        QVERIFY(!reasons.contains(tests::kSilent));
        QVERIFY(reasons.contains(tests::kRelay) && reasons.contains(tests::kJobs));
    }
};

WW_TEST_CLASS(TestPrometheusFigures)
#include "tst_prometheusfigures.moc"
