// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/samplingservice.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <optional>

using namespace gitops;
using core::Measure;
using namespace std::chrono_literals;

namespace {

/// What a test tells its reader to say, and what happened to it.
struct Script
{
    std::string subject = "s";
    bool fails = false;
    bool hangs = false;
    int reads = 0;
    int alive = 0;
    double value = 1;
};

class ScriptedReader : public TelemetryReader
{
public:
    ScriptedReader(Script& script, const core::Clock& clock)
        : m_script(script)
        , m_clock(clock)
    {
        ++m_script.alive;
    }
    ~ScriptedReader() override { --m_script.alive; }
    std::string name() const override { return "Scripted"; }
    std::string type() const override { return "kafka"; }
    std::chrono::milliseconds interval() const override { return 5s; }
    void read(SubjectsPtr, Handler done) override
    {
        ++m_script.reads;
        if (m_script.hangs)
            return;
        if (m_script.fails)
            return done(Reading::failed(m_clock.wallNow(), "it is away"));
        Reading reading;
        reading.at = m_clock.wallNow();
        reading.measurements.push_back(
            {{m_script.subject, Measure::RecordsIn, ""}, m_script.value, false});
        done(std::move(reading));
    }

private:
    Script& m_script;
    const core::Clock& m_clock;
};

struct Bench
{
    tests::ManualExecutor executor;
    tests::ManualWorkPool pool {executor};
    Script script;
    bool isFound = true;
    std::shared_ptr<SampleHistory> history;
    std::optional<SamplingService> service;

    explicit Bench(std::shared_ptr<SampleHistory> kept = {}, SamplingService::Options options = {})
        : history(std::move(kept))
    {
        service.emplace(SamplingService::Dependencies {executor, pool,
                                                       [this](const Subjects&) { return find(); },
                                                       history},
                        options);
    }
    ~Bench()
    {
        service.reset();
        executor.runUntilIdle();
    }

    std::vector<FoundSource> find()
    {
        FoundSource source;
        source.key = "scripted";
        if (isFound)
            source.make = [this] {
                return std::make_unique<ScriptedReader>(script, executor.clock());
            };
        else
            source.missing = {.state = core::TelemetrySource::State::Missing,
                              .name = "Kafka",
                              .type = "kafka",
                              .message = "nobody told of one",
                              .lastSample = {}};
        return {source};
    }

    core::TelemetryPtr look()
    {
        service->telemetry();
        executor.runUntilIdle();
        return service->telemetry();
    }
    std::vector<core::Series> samples(const std::string& subject)
    {
        std::vector<core::Series> out;
        service->samples(
            {subject, {}, executor.clock().wallNow() - 1h, executor.clock().wallNow(), 2000},
            [&](core::SamplesAnswer answer) { out = std::move(answer.series); });
        executor.runUntilIdle();
        return out;
    }
};

} // namespace

class TestSamplingService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsAskedBeforeSomebodyLooks()
    {
        Bench bench;
        bench.executor.advance(1h);
        QCOMPARE(bench.script.alive, 0);
        QVERIFY(bench.service->telemetry()->latest.empty());
    }

    void samplesWhileSomebodyLooks()
    {
        Bench bench;
        const auto first = bench.look();
        QCOMPARE(first->find("s", Measure::RecordsIn)->value, 1.0);
        QVERIFY(first->sources.front().state == core::TelemetrySource::State::Live);
        QVERIFY(first->sources.front().lastSample);
        bench.script.value = 2;
        bench.executor.advance(11s);
        QCOMPARE(bench.script.reads, 3);
        QCOMPARE(bench.service->telemetry()->find("s", Measure::RecordsIn)->value, 2.0);
        QCOMPARE(bench.samples("s").front().samples.size(), std::size_t(3));
    }

    void endsAMinuteAfterTheLastLook()
    {
        Bench bench;
        bench.look();
        bench.executor.advance(50s);
        bench.look();
        bench.executor.advance(50s);
        QCOMPARE(bench.script.alive, 1);
        bench.executor.advance(11s);
        QCOMPARE(bench.script.alive, 0);
        const int reads = bench.script.reads;
        bench.executor.advance(10min);
        QCOMPARE(bench.script.reads, reads);
        bench.look(); // and begins again, with a gap in between
        QCOMPARE(bench.script.alive, 1);
        QVERIFY(bench.samples("s").front().samples.back().afterGap);
    }

    void aSourceThatFailsIsAskedLessOften()
    {
        Bench bench;
        bench.script.fails = true;
        const auto first = bench.look();
        QVERIFY(first->sources.front().state == core::TelemetrySource::State::Failed);
        QCOMPARE(first->sources.front().message, std::string("it is away"));
        for (int i = 0; i < 60; ++i) {
            bench.executor.advance(10s);
            bench.service->telemetry();
        }
        QVERIFY2(bench.script.reads < 20, qPrintable(QString::number(bench.script.reads)));
        bench.script.fails = false;
        bench.executor.advance(55s);
        bench.service->telemetry();
        bench.executor.advance(10s);
        QVERIFY(bench.service->telemetry()->sources.front().state
                == core::TelemetrySource::State::Live);
    }

    void oneThatHangsIsNotAskedTwice()
    {
        Bench bench;
        bench.script.hangs = true;
        bench.look();
        for (int i = 0; i < 10; ++i) {
            bench.executor.advance(30s);
            bench.service->telemetry();
        }
        QCOMPARE(bench.script.reads, 1);
        QVERIFY(bench.service->telemetry()->sources.front().state
                == core::TelemetrySource::State::Waiting);
    }

    void figuresThatAreOldAreGone()
    {
        Bench bench;
        bench.look();
        bench.script.hangs = true;
        bench.executor.advance(5s); // the reading that hangs begins
        bench.executor.advance(20s);
        bench.service->observe(std::make_shared<core::PlatformInput>());
        bench.executor.runUntilIdle();
        QVERIFY(bench.service->telemetry()->latest.empty());
        QCOMPARE(bench.samples("s").size(), std::size_t(1)); // but kept
    }

    void missingSourcesAreTold()
    {
        Bench bench;
        bench.isFound = false;
        const auto telemetry = bench.look();
        QCOMPARE(telemetry->sources.front().message, std::string("nobody told of one"));
        QVERIFY(telemetry->sources.front().state == core::TelemetrySource::State::Missing);
        bench.isFound = true; // the platform changes
        bench.service->observe(std::make_shared<core::PlatformInput>());
        bench.executor.runUntilIdle();
        QVERIFY(bench.service->telemetry()->sources.front().state
                == core::TelemetrySource::State::Live);
    }

    void theDayOutlivesARestart()
    {
        const std::shared_ptr<SampleHistory> history = *SampleHistory::open(":memory:");
        core::WallTime end;
        {
            Bench bench(history);
            for (int i = 0; i < 60; ++i) {
                bench.look();
                bench.executor.advance(5s);
            }
            end = bench.executor.clock().wallNow();
            const auto all = bench.samples("s").front().samples;
            QCOMPARE(all.size(), std::size_t(61));
        }
        const auto kept = history->of("s", {}, end - 1h, end);
        QVERIFY2(kept.front().samples.size() >= 4 && kept.front().samples.size() <= 8,
                 qPrintable(QString::number(kept.front().samples.size())));
        Bench again(history); // at the same time, as its clock begins there
        again.executor.advance(end - again.executor.clock().wallNow() + 10s);
        again.look();
        const auto series = again.samples("s");
        QCOMPARE(series.size(), std::size_t(1));
        QCOMPARE(series.front().samples.size(), kept.front().samples.size() + 1);
        QVERIFY(series.front().samples.back().afterGap);
    }

    void thePlatformIsWantedFromTimeToTime()
    {
        Bench bench;
        QVERIFY(bench.service->wantsPlatform());
        bench.service->observe(std::make_shared<core::PlatformInput>());
        QVERIFY(!bench.service->wantsPlatform());
        bench.executor.runUntilIdle();
        bench.executor.advance(15s);
        QVERIFY(bench.service->wantsPlatform());
    }
};

WW_TEST_CLASS(TestSamplingService)
#include "tst_samplingservice.moc"
