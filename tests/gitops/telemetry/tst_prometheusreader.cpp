// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/http.h"
#include "gitops/telemetry/prometheusreader.h"
#include "tests/gitops/telemetry/fakefetch.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;

namespace {

const std::string kNothing =
    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
const std::string kTargets =
    "{\"status\":\"success\",\"data\":{\"activeTargets\":[{\"labels\":{\"job\":\"kafka\","
    "\"namespace\":\"kafka\"},\"health\":\"up\",\"scrapeInterval\":\"20s\"}]}}";

struct Bench
{
    tests::ManualExecutor executor;
    tests::ManualWorkPool pool {executor};
    std::vector<std::string> asked;
    tests::FakeFetch::Answer answer;
    SubjectsPtr subjects = tests::subjectsOf(tests::kTelemetryPlatform);
    PrometheusReader reader {"Prometheus", "", tests::fakeFetch([this](const auto& request) {
                                 asked.push_back(core::percentDecode(request.target));
                                 return answer(request);
                             }),
                             pool, executor.clock()};

    Reading look()
    {
        Reading out;
        asked.clear();
        reader.read(subjects, [&](Reading reading) { out = std::move(reading); });
        executor.runUntilIdle();
        return out;
    }
};

/// Targets, messages in, and nothing else.
core::Result<core::HttpResponse> ordinary(const core::HttpRequest& request)
{
    const std::string target = core::percentDecode(request.target);
    if (target.starts_with("/api/v1/targets"))
        return tests::answered(200, kTargets);
    const bool isIn = target.find("messagesin_total") != std::string::npos;
    if (target.starts_with("/api/v1/query_range"))
        return tests::answered(
            200,
            isIn ? "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{"
                   "\"metric\":"
                   "{\"topic\":\"orders\"},\"values\":[[1767225000,\"1\"],[1767225030,\"2\"]]}]}}"
                 : kNothing);
    return tests::answered(
        200,
        isIn
            ? "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":"
              "{\"topic\":\"orders\"},\"value\":[1767225600,\"12.5\"]}]}}"
            : kNothing);
}

} // namespace

class TestPrometheusReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void figuresAndThePast()
    {
        Bench bench;
        bench.answer = ordinary;
        const auto first = bench.look();
        QVERIFY(first.state == core::TelemetrySource::State::Live);
        QCOMPARE(tests::figureOf(first, tests::kOrders, Measure::RecordsIn)->value, 12.5);
        QCOMPARE(first.past.size(), std::size_t(1));
        QCOMPARE(first.past.front().samples.size(), std::size_t(2));
        QCOMPARE(first.reasons.at(tests::kSilent), std::string("Prometheus has no series of it"));
        QVERIFY(!first.reasons.contains(tests::kOrders));
        const auto second = bench.look();
        QVERIFY(second.past.empty()); // asked for once
        QVERIFY(std::ranges::any_of(bench.asked, [](const std::string& each) {
            return each.find("[80s]") != std::string::npos; // four scrapes of 20 s
        }));
    }

    void refusals_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("its own words")
            << 422
            << QByteArray("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too many "
                          "samples\"}")
            << QByteArray("execution: too many samples");
        QTest::newRow("not here") << 404 << QByteArray("404 page not found\n")
                                  << QByteArray("HTTP 404: 404 page not found");
        QTest::newRow("the API server's no")
            << 403 << QByteArray("services \"prometheus\" is forbidden") << QByteArray("HTTP 403");
        QTest::newRow("unavailable") << 503 << QByteArray("") << QByteArray("HTTP 503");
        QTest::newRow("a page of HTML") << 200 << QByteArray("<html>") << QByteArray("no JSON");
    }

    void refusals()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, says);
        Bench bench;
        bench.answer = [&](const core::HttpRequest&) {
            return tests::answered(status, body.toStdString());
        };
        const auto reading = bench.look();
        QVERIFY(reading.state == core::TelemetrySource::State::Failed);
        QVERIFY2(reading.message.find(says.toStdString()) != std::string::npos,
                 reading.message.c_str());
    }

    void oneQueryThatFailsTakesNoOtherAlong()
    {
        Bench bench;
        bench.answer = [](const core::HttpRequest& request) -> core::Result<core::HttpResponse> {
            const std::string target = core::percentDecode(request.target);
            if (target.find("bytesin") != std::string::npos)
                return core::failure(core::ErrorCode::Timeout, "no answer in time");
            return ordinary(request);
        };
        const auto reading = bench.look();
        QVERIFY(reading.state == core::TelemetrySource::State::Live);
        QVERIFY(tests::figureOf(reading, tests::kOrders, Measure::RecordsIn));
        QCOMPARE(reading.message, std::string("no answer in time"));
    }

    void withoutTargetsThereAreNoReasons()
    {
        Bench bench; // Thanos and Mimir have none
        bench.answer = [](const core::HttpRequest& request) {
            return request.target.starts_with("/api/v1/targets") ? tests::answered(404, "")
                                                                 : ordinary(request);
        };
        const auto reading = bench.look();
        QVERIFY(reading.state == core::TelemetrySource::State::Live);
        QVERIFY(reading.reasons.empty());
    }

    void seriesOfStrangersAreSaid()
    {
        Bench bench;
        bench.subjects = std::make_shared<Subjects>();
        bench.answer = ordinary;
        QVERIFY(bench.look().message.find("no broker or integration") != std::string::npos);
        bench.answer = [](const core::HttpRequest&) { return tests::answered(200, kNothing); };
        QVERIFY(bench.look().message.find("no series") != std::string::npos);
    }
};

WW_TEST_CLASS(TestPrometheusReader)
#include "tst_prometheusreader.moc"
