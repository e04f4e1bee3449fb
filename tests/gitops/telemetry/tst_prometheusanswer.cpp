// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusanswer.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace gitops;

class TestPrometheusAnswer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void vectorAndMatrix()
    {
        const auto now = readPrometheusAnswer("{\"status\":\"success\",\"warnings\":[\"partial\"],"
                                              "\"data\":{\"resultType\":\"vector\",\"result\":["
                                              "{\"metric\":{\"topic\":\"orders\",\"namespace\":"
                                              "\"kafka\"},\"value\":[1795293119.658,\"12.5\"]},"
                                              "{\"metric\":{},\"value\":[1795293119,\"NaN\"]},{"
                                              "\"metric\":{},\"value\":[1,\"+Inf\"]}]}}");
        QVERIFY2(now, now ? "" : now.error().message.c_str());
        QCOMPARE(now->series.size(), std::size_t(3));
        QCOMPARE(now->series[0].label("topic"), std::string_view("orders"));
        QCOMPARE(now->series[0].label("nothing"), std::string_view());
        QCOMPARE(now->series[0].points.front().second, 12.5);
        QCOMPARE(core::formatRfc3339(now->series[0].points.front().first),
                 std::string("2026-11-21T20:31:59Z"));
        QVERIFY(std::isnan(now->series[1].points.front().second));
        QVERIFY(std::isinf(now->series[2].points.front().second));
        QCOMPARE(now->warnings, std::vector<std::string> {"partial"});
        const auto range = readPrometheusAnswer(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
            "{\"metric\":{\"a\":\"b\"},\"values\":[[10,\"1\"],[20,\"2\"]]}]}}");
        QVERIFY(range);
        QCOMPARE(range->series[0].points.size(), std::size_t(2));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* text, const char* says) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(says);
        };
        row("its own error",
            "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error: unclosed\"}",
            "bad_data: parse error: unclosed");
        row("no JSON", "<html>", "no JSON");
        row("empty", "", "no JSON");
        row("no status", "{\"data\":{}}", "no status");
        row("a string",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"x\"]}}",
            "neither a vector");
        row("no result", "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\"}}",
            "neither");
        row("a value that is none",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}"
            ",\"value\":[1,\"x\"]}]}}",
            "a point");
        row("a number as value",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}"
            ",\"value\":[1,2]}]}}",
            "a point");
        row("a pair of three",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}"
            ",\"value\":[1,\"2\",3]}]}}",
            "a point");
        row("a time beyond all",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}"
            ",\"value\":[1e300,\"2\"]}]}}",
            "a point");
    }

    void refused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto answer =
            readPrometheusAnswer(std::string_view(text.constData(), std::size_t(text.size())));
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find(says.toStdString()) != std::string::npos,
                 answer.error().message.c_str());
    }

    void aHundredThousandSeriesAndOneMore()
    {
        std::string body =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[";
        for (int i = 0; i < 100'000; ++i)
            body += std::string(i ? "," : "") + "{\"metric\":{\"topic\":\"t" + std::to_string(i)
                + "\"},\"value\":[1,\"1\"]}";
        const auto all = readPrometheusAnswer(body + "]}}");
        QVERIFY(all);
        QCOMPARE(all->series.size(), std::size_t(100'000));
        const auto more = readPrometheusAnswer(body + ",{\"metric\":{},\"value\":[1,\"1\"]}]}}");
        QVERIFY(!more);
        QCOMPARE(more.error().code, core::ErrorCode::LimitExceeded);
        QVERIFY(more.error().message.find("telemetry.prometheus.topics") != std::string::npos);
    }

    void targets()
    {
        const auto targets = readPrometheusTargets(
            "{\"status\":\"success\",\"data\":{\"activeTargets\":["
            "{\"labels\":{\"job\":\"kafka\",\"instance\":\"10.0.0.1:9404\",\"namespace\":\"kafka\"}"
            ",\"health\":\"down\","
            "\"lastError\":\"connection refused\",\"scrapeInterval\":\"30s\"},"
            "{\"labels\":{\"job\":\"mq\"},\"health\":\"up\",\"lastError\":\"\"},"
            "{\"labels\":{},\"health\":\"unknown\"}],\"droppedTargets\":[]}}");
        QVERIFY(targets);
        QCOMPARE(targets->size(), std::size_t(3));
        const PrometheusTarget& first = targets->front();
        QVERIFY(!first.isUp && !first.isUnknown);
        QCOMPARE(first.lastError, std::string("connection refused"));
        QCOMPARE(first.interval, std::chrono::milliseconds(30'000));
        QCOMPARE(first.labels.at("namespace"), std::string("kafka"));
        QVERIFY(targets->at(1).isUp && targets->at(2).isUnknown);
        QVERIFY(!readPrometheusTargets("{\"status\":\"success\",\"data\":{}}"));
    }
};

WW_TEST_CLASS(TestPrometheusAnswer)
#include "tst_prometheusanswer.moc"
