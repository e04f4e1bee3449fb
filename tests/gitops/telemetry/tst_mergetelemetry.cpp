// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/mergetelemetry.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

core::ObservedTopic topic(std::string subject, std::string source, std::vector<std::string> groups)
{
    core::ObservedTopic out;
    out.subject = std::move(subject);
    out.source = std::move(source);
    out.groups = std::move(groups);
    return out;
}

core::ObservedRun run(std::string job, std::string id, std::string state, double at)
{
    core::ObservedRun out;
    out.job = std::move(job);
    out.runId = std::move(id);
    out.state = std::move(state);
    out.at = tests::second(at);
    return out;
}

} // namespace

class TestMergeTelemetry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void topicsAreOneForEachSubject()
    {
        SourceReport first {
            .source = {.name = "b", .type = "kafka", .message = {}, .lastSample = {}},
            .topics = {},
            .runs = {},
            .reasons = {}};
        SourceReport second = first;
        first.topics = {topic("z", "b", {"one"})};
        second.topics = {topic("z", "p", {"one", "two"}), topic("a", "p", {})};
        second.topics.front().partitions = 3;
        const auto merged = mergedTelemetry({&first, &second}, {});
        QCOMPARE(merged.topics.size(), std::size_t(2));
        QCOMPARE(merged.topics[0].subject, std::string("a"));
        QCOMPARE(merged.topics[1].source, std::string("b"));
        QCOMPARE(merged.topics[1].groups, (std::vector<std::string> {"one", "two"}));
        QCOMPARE(merged.topics[1].partitions, std::optional<std::int64_t>(3));
    }

    void ofARunTheNewestStateCounts()
    {
        SourceReport report;
        report.runs = {run("j", "1", "COMPLETE", 9), run("j", "1", "START", 1),
                       run("j", "2", "START", 3)};
        const auto merged = mergedTelemetry({&report}, {});
        QCOMPARE(merged.runs.size(), std::size_t(2));
        QCOMPARE(merged.runs[0].runId, std::string("2")); // the oldest first
        QCOMPARE(merged.runs[1].state, std::string("COMPLETE"));
    }

    void sourcesAreSortedAndReasonsJoined()
    {
        SourceReport kafka;
        kafka.source.type = "kafka";
        kafka.reasons = {{"a", "because"}};
        core::TelemetrySource missing;
        missing.type = "a-type";
        const auto merged = mergedTelemetry({&kafka}, {missing});
        QCOMPARE(merged.sources.front().type, std::string("a-type"));
        QCOMPARE(merged.reasons.at("a"), std::string("because"));
    }
};

WW_TEST_CLASS(TestMergeTelemetry)
#include "tst_mergetelemetry.moc"
