// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/enginefigures.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <variant>

using namespace std::chrono_literals;
using core::Measure;

namespace {

/// Answers what it was told, on a strand of its own.
class FakeFigures : public gitops::TelemetryService
{
public:
    explicit FakeFigures(core::Executor& strand)
        : m_strand(strand)
    {
    }

    core::TelemetryPtr telemetry() override
    {
        ++asked;
        auto out = std::make_shared<core::Telemetry>();
        out->latest[{"kafka://a/orders", Measure::RecordsIn, ""}] = {12, {}, "Kafka", false};
        return out;
    }
    void samples(core::query::Samples query, SamplesHandler done) override
    {
        wanted = query;
        m_strand.postAt(m_strand.clock().steadyNow() + 1s, [query, done] {
            core::SamplesAnswer answer;
            answer.series.push_back({{query.subject, Measure::Lag, "readers"}, "Kafka", false, {}});
            done(std::move(answer));
        });
    }
    void observe(core::PlatformInputPtr platform) override
    {
        observed = std::move(platform);
        ++observations;
    }
    bool wantsPlatform() const override { return wants; }
    std::vector<core::GroupKind> kinds() const override { return {{"", "ConfigMap"}}; }

    int asked = 0;
    int observations = 0;
    bool wants = true;
    core::PlatformInputPtr observed;
    core::query::Samples wanted;

private:
    core::Executor& m_strand;
};

struct Measuring : tests::EngineFixture
{
    FakeFigures service {executor};

    explicit Measuring(std::chrono::milliseconds measure = 0ms)
    {
        telemetry = &service;
        options.measure = measure;
        restart();
    }
    ~Measuring() { stop(); }

    core::Result<core::Answer> ask(core::Query query, std::chrono::milliseconds wait = 0ms)
    {
        // An answer may come when nobody waits for it any more.
        const auto out = std::make_shared<core::Result<core::Answer>>(
            core::failure(core::ErrorCode::Internal, "not answered"));
        engine().ask(std::move(query),
                     [out](core::Result<core::Answer> answer) { *out = std::move(answer); });
        executor.runUntilIdle();
        if (wait.count() > 0)
            run(wait);
        return *out;
    }
};

} // namespace

class TestEngineFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersWhatIsMeasured();
    void handsThePlatformOnWhenItIsWanted();
    void answersSamples();
    void anEngineThatIsGoneAnswersNobody();
    void withoutAServiceItSaysSo();
    void asksNobodyUnlessSomebodyLooks();
    void keepsMeasuringWhereItIsToldTo();
};

void TestEngineFigures::answersWhatIsMeasured()
{
    Measuring f;
    const auto answer = f.ask(core::query::Telemetry {});
    QVERIFY(answer);
    const auto telemetry = std::get<core::TelemetryPtr>(*answer);
    QVERIFY(telemetry);
    QCOMPARE(telemetry->find("kafka://a/orders", Measure::RecordsIn)->value, 12.0);
}

void TestEngineFigures::handsThePlatformOnWhenItIsWanted()
{
    Measuring f;
    f.createNamespace("shop");
    f.commit({{"app/map.yaml", f.configMap("colours")}});
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QVERIFY(f.ask(core::query::Telemetry {}));
    QVERIFY(f.service.observed && f.service.observed->hasLive);
    const auto* map = f.service.observed->find({"", "ConfigMap", "shop", "colours"});
    QVERIFY(map && map->isDeclared() && map->live);
    const int before = f.service.observations;
    f.service.wants = false;
    QVERIFY(f.ask(core::query::Telemetry {}));
    QCOMPARE(f.service.observations, before);
}

void TestEngineFigures::answersSamples()
{
    Measuring f;
    const core::WallTime now = f.executor.clock().wallNow();
    const core::query::Samples query {"kafka://a/orders", {Measure::Lag}, now - 1h, now, 100};
    QVERIFY(!f.ask(query)); // it takes the service a second
    const auto answer = f.ask(query, 2s);
    QVERIFY(answer);
    const auto& samples = std::get<core::SamplesAnswer>(*answer);
    QCOMPARE(samples.series.size(), std::size_t(1));
    QCOMPARE(samples.series.front().key.part, std::string("readers"));
    QCOMPARE(f.service.wanted.subject, query.subject);
    QCOMPARE(f.service.wanted.maxPoints, std::size_t(100));
    QVERIFY(f.service.wanted.from == query.from && f.service.wanted.to == query.to);
}

void TestEngineFigures::anEngineThatIsGoneAnswersNobody()
{
    Measuring f;
    int answers = 0;
    f.engine().ask(core::query::Samples {}, [&](core::Result<core::Answer>) { ++answers; });
    f.executor.runUntilIdle();
    f.stop();
    f.executor.advance(5s);
    QCOMPARE(answers, 0);
}

void TestEngineFigures::withoutAServiceItSaysSo()
{
    tests::EngineFixture f;
    for (const core::Query& query :
         {core::Query(core::query::Telemetry {}), core::Query(core::query::Samples {})}) {
        core::Result<core::Answer> got = core::failure(core::ErrorCode::Internal, "not answered");
        f.engine().ask(query, [&](core::Result<core::Answer> answer) { got = std::move(answer); });
        f.executor.runUntilIdle();
        QVERIFY(!got);
        QCOMPARE(got.error().code, core::ErrorCode::Unsupported);
    }
}

void TestEngineFigures::asksNobodyUnlessSomebodyLooks()
{
    Measuring f;
    f.run(10min);
    QCOMPARE(f.service.asked, 0);
}

void TestEngineFigures::keepsMeasuringWhereItIsToldTo()
{
    Measuring f(30s);
    const int before = f.service.asked;
    f.run(5min);
    QCOMPARE(f.service.asked - before, 10);
    f.stop();
    const int after = f.service.asked;
    f.executor.advance(5min);
    QCOMPARE(f.service.asked, after);
}

WW_TEST_CLASS(TestEngineFigures)
#include "tst_enginefigures.moc"
