// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/rabbitsampler.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;
using tests::second;

namespace {

const char* const kP = "rabbitmq_detailed_";

/// A body of a broker that counts by queue and exchange (4.x).
std::string newBody(int published, int delivered, int depth)
{
    return std::string("# TYPE rabbitmq_detailed_queue_messages gauge\n") + kP
        + "queue_messages{vhost=\"/\",queue=\"jobs\"} " + std::to_string(depth) + "\n" + kP
        + "queue_messages_ready{vhost=\"/\",queue=\"jobs\"} 1\n" + kP
        + "queue_exchange_messages_published_total{vhost=\"/\",queue=\"jobs\",exchange=\"inbox\"} "
        + std::to_string(published) + "\n" + kP
        + "queue_exchange_messages_published_total{vhost=\"/\",queue=\"jobs\",exchange=\"\"} 0\n"
        + kP + "queue_messages_delivered_ack_total{vhost=\"/\",queue=\"jobs\"} "
        + std::to_string(delivered) + "\n" + kP + "queue_get_total{vhost=\"/\",queue=\"jobs\"} 10\n"
        + kP + "exchange_messages_published_total{vhost=\"/\",exchange=\"inbox\"} "
        + std::to_string(published) + "\n";
}

/// Of one that counts by channel (3.x).
std::string channelLine(const char* channel, int published)
{
    return std::string(kP) + "channel_messages_published_total{channel=\"" + channel
        + "\",vhost=\"/\",exchange=\"inbox\"} " + std::to_string(published) + "\n" + kP
        + "queue_messages_published_total{channel=\"" + channel
        + "\",queue_vhost=\"/\",queue=\"jobs\",exchange_vhost=\"/\",exchange=\"inbox\"} "
        + std::to_string(published) + "\n";
}
const std::string kDepth = std::string(kP) + "queue_messages{vhost=\"/\",queue=\"jobs\"} 4\n";

struct Bench
{
    SubjectsPtr subjects = tests::subjectsOf(tests::kTelemetryPlatform);
    RabbitSampler sampler {"RabbitMQ", ""};

    Reading look(double at, const std::string& body)
    {
        RabbitLook look;
        const auto done = look.read(body);
        if (!done)
            qWarning("%s", done.error().message.c_str());
        return sampler.sample(look, second(at), *subjects);
    }
};

QString figure(const Reading& reading, const std::string& subject, Measure measure)
{
    const Measurement* found = tests::figureOf(reading, subject, measure);
    return found ? QString::number(found->value) + (found->afterGap ? "!" : "") : "-";
}

} // namespace

class TestRabbitSampler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void queuesAndExchanges()
    {
        Bench bench;
        const auto first = bench.look(0, newBody(100, 0, 7));
        QVERIFY(first.state == core::TelemetrySource::State::Waiting);
        QCOMPARE(figure(first, tests::kJobs, Measure::Depth), QString("7"));
        QCOMPARE(figure(first, tests::kJobs, Measure::RecordsIn), QString("-"));
        const auto second = bench.look(10, newBody(150, 40, 3));
        QCOMPARE(figure(second, tests::kJobs, Measure::RecordsIn), QString("5!"));
        QCOMPARE(figure(second, tests::kJobs, Measure::RecordsOut), QString("4!"));
        QCOMPARE(figure(second, tests::kInbox, Measure::RecordsIn), QString("5!"));
        QCOMPARE(figure(second, tests::kJobs, Measure::Depth), QString("3"));
        QVERIFY(second.message.empty());
        QCOMPARE(figure(bench.look(20, newBody(150, 40, 3)), tests::kJobs, Measure::RecordsIn),
                 QString("0"));
    }

    void aRestartLeavesAGap()
    {
        Bench bench;
        bench.look(0, newBody(100, 0, 0));
        bench.look(10, newBody(150, 0, 0));
        QCOMPARE(figure(bench.look(20, newBody(5, 0, 0)), tests::kJobs, Measure::RecordsIn),
                 QString("-"));
        QCOMPARE(figure(bench.look(30, newBody(25, 0, 0)), tests::kJobs, Measure::RecordsIn),
                 QString("2!"));
    }

    void channelsComeAndGo()
    {
        Bench bench;
        bench.look(0, kDepth + channelLine("<0.1.0>", 100));
        // One went on, a new one began; another ended in between and is lost.
        const auto reading =
            bench.look(10, kDepth + channelLine("<0.1.0>", 130) + channelLine("<0.2.0>", 20));
        QCOMPARE(figure(reading, tests::kJobs, Measure::RecordsIn), QString("5!"));
        QCOMPARE(figure(reading, tests::kInbox, Measure::RecordsIn), QString("5!"));
        QVERIFY(reading.message.find("channel") != std::string::npos);
        // The sum over channels falls when one closes: no negative rate, no reset.
        QCOMPARE(figure(bench.look(20, kDepth + channelLine("<0.2.0>", 50)), tests::kJobs,
                        Measure::RecordsIn),
                 QString("3"));
        QCOMPARE(figure(bench.look(30, kDepth), tests::kJobs, Measure::RecordsIn), QString("0"));
    }

    void topicsAreObserved()
    {
        Bench bench;
        const auto reading = bench.look(
            0,
            newBody(1, 1, 1) + kP + "queue_messages{vhost=\"a/b\",queue=\"x y\"} 0\n" + kP
                + "exchange_messages_published_total{vhost=\"/\",exchange=\"amq.topic\"} 0\n");
        QStringList names;
        for (const core::ObservedTopic& topic : reading.topics)
            names << QString::fromStdString(topic.vhost + " " + topic.name)
                    + (topic.exchange ? " exchange" : "") + (topic.internal ? " internal" : "");
        names.sort();
        QCOMPARE(names,
                 QStringList(
                     {"/ amq.topic exchange internal", "/ inbox exchange", "/ jobs", "a/b x y"}));
    }

    void nodesAreTakenTogether()
    {
        RabbitLook look;
        QVERIFY(look.read(std::string(kP) + "queue_messages{vhost=\"/\",queue=\"one\"} 1\n"));
        QVERIFY(look.read(std::string(kP) + "queue_messages{vhost=\"/\",queue=\"two\"} 2\n"));
        QCOMPARE(look.depth.size(), std::size_t(2));
    }

    void limitsAndNonsense()
    {
        RabbitLook look;
        QVERIFY(!look.read("<html>no</html>"));
        std::string many;
        for (int i = 0; i < 50; ++i)
            many += std::string(kP) + "queue_messages{vhost=\"/\",queue=\"q" + std::to_string(i)
                + "\"} 1\n";
        QVERIFY(!RabbitLook().read(many, 10));
        RabbitLook odd;
        QVERIFY(odd.read(std::string(kP) + "queue_messages{vhost=\"/\",queue=\"jobs\"} NaN\n"));
        QVERIFY(odd.depth.empty());
    }
};

WW_TEST_CLASS(TestRabbitSampler)
#include "tst_rabbitsampler.moc"
