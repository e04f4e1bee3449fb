// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/resourceuse.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using State = core::MeasuredUse::State;

class TestResourceUse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sumsPods();
    void marksWhatIsSimulated();
    void namesWhatIsMissing_data();
    void namesWhatIsMissing();
    void tellsNothingOld();
};

void TestResourceUse::sumsPods()
{
    const auto use = podUse({
        R"({"metadata":{"namespace":"a","name":"p"},"timestamp":"2026-01-02T03:04:00Z",
            "containers":[{"usage":{"cpu":"250m","memory":"1Mi"}},
                          {"usage":{"cpu":"1","memory":"1Ki"}}]})",
        R"({"metadata":{"namespace":"a","name":"q"},"timestamp":"2026-01-02T03:05:00Z",
            "containers":[{"usage":{"cpu":"odd"}},{}]})",
        R"({"metadata":{"namespace":"b","name":"r"},"timestamp":"soon"})",
        R"({"metadata":{},"containers":[{"usage":{"cpu":"1"}}]})",
        "7",
        "{",
    });
    QCOMPARE(use.state, State::Known);
    QVERIFY(use.why.empty() && !use.simulated);
    QCOMPARE(use.namespaces.size(), 2u);
    QCOMPARE(use.of("a")->cpu.canonical(), "1250m");
    QCOMPARE(use.of("a")->memory.canonical(), "1025Ki");
    QCOMPARE(use.of("a")->pods, 2);
    QCOMPARE(use.of("b")->pods, 1);
    QCOMPARE(use.of("c"), nullptr);
    QCOMPARE(core::formatRfc3339(use.at), "2026-01-02T03:05:00Z"); // the newest
    QVERIFY(podUse({}).namespaces.empty());
}

void TestResourceUse::marksWhatIsSimulated()
{
    const auto use = podUse({R"({"metadata":{"namespace":"a","name":"p",
        "annotations":{"wavewright.dev/simulated":"true"}}})"});
    QVERIFY(use.simulated);
}

void TestResourceUse::namesWhatIsMissing_data()
{
    using core::ErrorCode;
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, ErrorCode code, State state, const char* words) {
        QTest::newRow(name) << int(code) << int(state) << words;
    };
    row("no metrics-server", ErrorCode::NotFound, State::NotServed, "does not serve");
    row("no right", ErrorCode::Forbidden, State::Refused, "may not list pods.metrics.k8s.io");
    row("not known", ErrorCode::Unauthorized, State::Refused, "may not list pods.metrics.k8s.io");
    row("it is down", ErrorCode::Unavailable, State::Failed, "does not answer: it is away");
    row("too slow", ErrorCode::Timeout, State::Failed, "does not answer: it is away");
}

void TestResourceUse::namesWhatIsMissing()
{
    QFETCH(int, code);
    QFETCH(QString, words);
    const auto use = withoutUse({.code = core::ErrorCode(code), .message = "it is away"});
    QTEST(int(use.state), "state");
    QVERIFY2(QString::fromStdString(use.why).contains(words), use.why.c_str());
    QVERIFY(use.namespaces.empty());
}

void TestResourceUse::tellsNothingOld()
{
    auto measured = std::make_shared<core::MeasuredUse>(podUse(
        {R"({"metadata":{"namespace":"a","name":"p"},"timestamp":"2026-01-02T03:00:00Z"})"}));
    const auto at = measured->at;
    QCOMPARE(freshUse(measured, at + std::chrono::minutes(5)), core::MeasuredUsePtr(measured));
    QCOMPARE(freshUse(measured, at - std::chrono::hours(1)), core::MeasuredUsePtr(measured));
    const auto old = freshUse(measured, at + std::chrono::minutes(12));
    QCOMPARE(old->state, State::Failed);
    QVERIFY2(old->why.find("12 min old") != std::string::npos, old->why.c_str());
    QVERIFY(!old->of("a"));
    measured->at = {}; // who gives no time is believed
    QCOMPARE(freshUse(measured, at)->state, State::Known);
}

WW_TEST_CLASS(TestResourceUse)
#include "tst_resourceuse.moc"
