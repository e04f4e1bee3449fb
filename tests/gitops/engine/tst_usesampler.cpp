// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/usesampler.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <variant>

using State = core::MeasuredUse::State;
using namespace std::chrono_literals;

namespace {

/// An engine whose cluster answers metrics.k8s.io as a test says.
struct Measured : tests::EngineFixture
{
    int status = 200;
    std::string body;
    int asked = 0;

    Measured()
    {
        fault = [this](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            if (!request.target.starts_with("/apis/metrics.k8s.io/v1beta1/pods"))
                return std::nullopt;
            ++asked;
            return gitops::practice::Fault {
                .kind = gitops::practice::Fault::Kind::Answer,
                .answer = {status, {{"Content-Type", "application/json"}}, body}};
        };
    }

    void measure(const std::string& cpu)
    {
        status = 200;
        body = R"({"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},)"
               R"("items":[{"metadata":{"name":"web","namespace":"shop"},"timestamp":")"
            + core::formatRfc3339(executor.clock().wallNow())
            + R"(","window":"15s","containers":[{"name":"c","usage":{"cpu":")" + cpu
            + R"(","memory":"64Mi"}}]}]})";
    }
    void refuse(int code, const std::string& reason)
    {
        status = code;
        body = R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":")" + reason
            + R"(","message":"no","code":)" + std::to_string(code) + "}";
    }

    core::MeasuredUsePtr look()
    {
        core::MeasuredUsePtr use;
        engine().ask(core::query::Platform {}, [&](core::Result<core::Answer> answer) {
            use = std::get<core::PlatformInputPtr>(answer.value())->use;
        });
        executor.runUntilIdle();
        return use;
    }
};

} // namespace

class TestUseSampler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatPodsUse();
    void asksNotMoreOftenThanItChanges();
    void namesTheReason_data();
    void namesTheReason();
    void recovers();
};

void TestUseSampler::tellsWhatPodsUse()
{
    Measured f;
    f.measure("250m");
    QCOMPARE(f.look()->state, State::Waiting); // the first look only asks
    QVERIFY(f.runUntil([&] { return f.look()->state == State::Known; }));
    const auto use = f.look();
    QCOMPARE(use->of("shop")->cpu.canonical(), std::string("250m"));
    QCOMPARE(use->of("shop")->pods, 1);
    QVERIFY(!use->simulated);
}

void TestUseSampler::asksNotMoreOftenThanItChanges()
{
    Measured f;
    f.measure("250m");
    f.run(20s);
    QCOMPARE(f.asked, 0); // nobody looks
    QVERIFY(f.runUntil([&] { return f.look()->state == State::Known; }));
    const int before = f.asked;
    f.measure("300m");
    for (int i = 0; i < 20; ++i) {
        f.run(1s);
        (void)f.look();
    }
    QCOMPARE(f.asked, before);
    QVERIFY(f.runUntil([&] { return f.look()->of("shop")->cpu.canonical() == "300m"; }, 30s));
    QCOMPARE(f.asked, before + 1);
}

void TestUseSampler::namesTheReason_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("state");
    QTest::newRow("not served") << 404 << "NotFound" << int(State::NotServed);
    QTest::newRow("forbidden") << 403 << "Forbidden" << int(State::Refused);
    QTest::newRow("down") << 503 << "ServiceUnavailable" << int(State::Failed);
}

void TestUseSampler::namesTheReason()
{
    QFETCH(int, status);
    QFETCH(QString, reason);
    Measured f;
    f.refuse(status, reason.toStdString());
    QVERIFY(f.runUntil([&] { return f.look()->state != State::Waiting; }));
    QTEST(int(f.look()->state), "state");
    QVERIFY(!f.look()->why.empty());
}

void TestUseSampler::recovers()
{
    Measured f;
    f.measure("250m");
    QVERIFY(f.runUntil([&] { return f.look()->state == State::Known; }));
    f.run(6min); // whoever looks after a while is not told old figures
    QCOMPARE(f.look()->state, State::Failed);
    f.measure("1");
    QVERIFY(f.runUntil([&] { return f.look()->state == State::Known; }));
    QCOMPARE(f.look()->of("shop")->cpu.canonical(), std::string("1"));
}

WW_TEST_CLASS(TestUseSampler)
#include "tst_usesampler.moc"
