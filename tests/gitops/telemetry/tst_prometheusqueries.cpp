// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusqueries.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;
using namespace std::chrono_literals;

class TestPrometheusQueries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothFamiliesInOneQuestion()
    {
        const auto queries = prometheusQueries(60s, "");
        QCOMPARE(
            QString::fromStdString(queries.front().text),
            QString("sum by (namespace,strimzi_io_cluster,topic) "
                    "(rate(kafka_server_brokertopicmetrics_messagesin_total{topic!=\"\"}[60s]))"
                    " or sum by (namespace,strimzi_io_cluster,topic) "
                    "(rate(kafka_server_brokertopicmetrics_messagesinpersec_total{topic!=\"\"}[60s]"
                    "))"));
        bool isFirst = true; // a fallback has something to fall back from
        for (const PrometheusQuery& query : queries) {
            QVERIFY(!(isFirst && query.isFallback));
            isFirst = false;
        }
    }

    void offsetsOfMinusOneAreNoRate()
    {
        for (const PrometheusQuery& query : prometheusQueries(60s, ""))
            if (query.text.find("kafka_consumergroup") != std::string::npos)
                QVERIFY2(query.text.find(">= 0") != std::string::npos, query.text.c_str());
    }

    void topicsMayBeFiltered()
    {
        const auto queries = prometheusQueries(60s, "a\"b.*\\d");
        QVERIFY(queries.front().text.find("topic=~\"a\\\"b.*\\\\d\"") != std::string::npos);
        QCOMPARE(promQuoted("line\nend"), std::string("\"line\\nend\""));
    }

    void windows()
    {
        QCOMPARE(rateWindow(2s), 60s);
        QCOMPARE(rateWindow(30s), 120s);
        QCOMPARE(rateWindow(1min), 240s);
    }

    void steps_data()
    {
        QTest::addColumn<int>("range");
        QTest::addColumn<int>("scrape");
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("step");
        QTest::newRow("as many as wanted") << 3600 << 10 << 120 << 30;
        QTest::newRow("not finer than scraped") << 600 << 30 << 1000 << 30;
        QTest::newRow("not more than it gives") << 86'400 << 1 << 1'000'000 << 8;
        QTest::newRow("no points") << 100 << 1 << 0 << 100;
        QTest::newRow("no time") << 0 << 0 << 10 << 1;
    }

    void steps()
    {
        QFETCH(int, range);
        QFETCH(int, scrape);
        QFETCH(int, points);
        QFETCH(int, step);
        QCOMPARE(int(rangeStep(std::chrono::seconds(range), std::chrono::seconds(scrape),
                               std::size_t(points))
                         .count()),
                 step);
    }
};

WW_TEST_CLASS(TestPrometheusQueries)
#include "tst_prometheusqueries.moc"
