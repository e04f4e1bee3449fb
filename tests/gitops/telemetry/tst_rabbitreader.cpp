// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/rabbitreader.h"
#include "tests/gitops/telemetry/fakefetch.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;

class TestRabbitReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nodesAreAskedTogether()
    {
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        bool second = true;
        std::string target;
        std::vector<RabbitReader::Node> nodes;
        nodes.push_back(
            {"r-server-0", tests::fakeFetch([&](const core::HttpRequest& request) {
                 target = request.target;
                 return tests::answered(
                     200, "rabbitmq_detailed_queue_messages{vhost=\"/\",queue=\"jobs\"} 5\n");
             })});
        nodes.push_back({"r-server-1", tests::fakeFetch([&](const core::HttpRequest&) {
                             return second
                                 ? tests::answered(200,
                                                   "rabbitmq_detailed_queue_messages{vhost=\"/\","
                                                   "queue=\"other\"} 6\n")
                                 : tests::answered(503, "no endpoints\n");
                         })});
        RabbitReader reader("RabbitMQ mq/rabbit", "mq/rabbit", std::move(nodes), pool,
                            executor.clock());
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        Reading reading;
        const auto look = [&] {
            executor.advance(std::chrono::seconds(10));
            reader.read(subjects, [&](Reading made) { reading = std::move(made); });
            executor.runUntilIdle();
        };
        look();
        QVERIFY(target.starts_with("/metrics/detailed?family="));
        QCOMPARE(reading.topics.size(), std::size_t(2));
        QCOMPARE(tests::figureOf(reading, tests::kJobs, Measure::Depth)->value, 5.0);
        second = false; // one node is away: the other's queues go on, and it is said
        look();
        QVERIFY(reading.state == core::TelemetrySource::State::Live);
        QCOMPARE(reading.message, std::string("r-server-1: HTTP 503: no endpoints"));
        QVERIFY(tests::figureOf(reading, tests::kJobs, Measure::Depth));
    }

    void allAway()
    {
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        std::vector<RabbitReader::Node> nodes;
        nodes.push_back({"http://x", tests::fakeFetch([](const core::HttpRequest&) {
                             return core::Result<core::HttpResponse>(
                                 core::failure(core::ErrorCode::Network, "connection refused"));
                         })});
        RabbitReader reader("RabbitMQ", "", std::move(nodes), pool, executor.clock());
        Reading reading;
        reader.read(std::make_shared<Subjects>(), [&](Reading made) { reading = std::move(made); });
        executor.runUntilIdle();
        QVERIFY(reading.state == core::TelemetrySource::State::Failed);
        QCOMPARE(reading.message, std::string("http://x: connection refused"));
    }
};

WW_TEST_CLASS(TestRabbitReader)
#include "tst_rabbitreader.moc"
