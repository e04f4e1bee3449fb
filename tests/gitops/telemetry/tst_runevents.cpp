// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/runevents.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

std::string runEvent(const char* state, const char* time, const char* run, const char* inputs,
                     const char* outputs)
{
    return std::string("{\"eventType\":\"") + state + "\",\"eventTime\":\"" + time
        + "\",\"run\":{\"runId\":\"" + run
        + "\"},\"job\":{\"namespace\":\"airflow://"
          "orchestrator\",\"name\":\"dag.task\"},\"inputs\":["
        + inputs + "],\"outputs\":[" + outputs + "],\"producer\":\"x\"}";
}

const char* const kOrders = "{\"namespace\":\"kafka://k:9092\",\"name\":\"orders\"}";
const char* const kGold = "{\"namespace\":\"s3://lakehouse\",\"name\":\"gold/orders\"}";

/// "state inputs outputs; …" of the runs, or the error.
QString summary(const std::string& text, const RunEventLimits& limits = {})
{
    const auto events = readRunEvents(text, limits);
    if (!events)
        return "error: " + QString::fromStdString(events.error().message);
    QString out;
    for (const core::ObservedRun& run : events->runs)
        out += QString::fromStdString(run.runId + " " + run.state) + " "
            + QString::number(run.inputs.size()) + " " + QString::number(run.outputs.size()) + "; ";
    return out + QString::number(events->skipped) + " skipped";
}

} // namespace

class TestRunEvents : public QObject
{
    Q_OBJECT
private:
    const std::string m_start = runEvent("START", "2026-01-01T10:00:00Z", "r1", kOrders, "");
    const std::string m_end =
        runEvent("COMPLETE", "2026-01-01T10:05:00.123Z", "r1", kOrders, kGold);
    const std::string m_other = runEvent("RUNNING", "2026-01-01T09:00:00+00:00", "r0", kOrders, "");

private Q_SLOTS:
    void shapes()
    {
        const QString expected = "r0 RUNNING 1 0; r1 COMPLETE 1 1; 0 skipped";
        QCOMPARE(summary(m_start + "\n" + m_end + "\r\n\n" + m_other + "\n"), expected);
        QCOMPARE(summary("[" + m_end + ",\n" + m_start + "," + m_other + "]"), expected);
        QCOMPARE(summary("{\"events\":[" + m_other + "," + m_end + "," + m_start
                         + "],\"totalCount\":3}"),
                 expected);
        QCOMPARE(summary("{\n  \"events\": [" + m_other + "," + m_end + "," + m_start + "]\n}"),
                 expected);
        QCOMPARE(summary(m_start), QString("r1 START 1 0; 0 skipped"));
        QCOMPARE(summary(""), QString("0 skipped"));
    }

    void whatIsNoRunEventIsSkipped()
    {
        const std::string job =
            "{\"eventTime\":\"2026-01-01T10:00:00Z\",\"job\":{\"namespace\":\"a\",\"name\":\"b\"}}";
        QCOMPARE(summary(job + "\n" + m_start + "\n{\"cut\":\n[1]\n7\n"),
                 QString("r1 START 1 0; 4 skipped"));
        QCOMPARE(summary(runEvent("START", "yesterday", "r", "", "")), QString("1 skipped"));
        QCOMPARE(summary(runEvent("DANCING", "2026-01-01T10:00:00Z", "r", "", "")),
                 QString("r OTHER 0 0; 0 skipped"));
        QVERIFY(summary("[1,").startsWith("error"));
    }

    void limits()
    {
        QVERIFY(summary(m_start, {.bytes = 10}).startsWith("error"));
        QVERIFY(summary(m_start + "\n" + m_end + "\n", {.events = 1}).startsWith("error"));
        QCOMPARE(summary(m_start + "\n" + m_other + "\n", {.runs = 1}),
                 QString("r1 START 1 0; 0 skipped"));
        QCOMPARE(summary(m_end, {.datasets = 0}), QString("r1 COMPLETE 0 0; 0 skipped"));
        QCOMPARE(summary(m_end, {.nameBytes = 3}), QString("1 skipped"));
    }
};

WW_TEST_CLASS(TestRunEvents)
#include "tst_runevents.moc"
