// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/samplestore.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace gitops;
using core::Measure;
using tests::second;

namespace {

Reading reading(double at, const std::string& subject, double value, bool afterGap = false)
{
    Reading out;
    out.at = second(at);
    out.measurements.push_back({{subject, Measure::RecordsIn, ""}, value, afterGap});
    return out;
}

const SampleOrigin kFast {"fast", false, std::chrono::seconds(5), 0};
const SampleOrigin kSlow {"slow", true, std::chrono::seconds(30), 1};

} // namespace

class TestSampleStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsSamplesBySubjectAndSource()
    {
        SampleStore store;
        store.add(kFast, reading(0, "a", 1));
        store.add(kFast, reading(5, "a", 2));
        store.add(kFast, reading(5, "ab", 9));
        store.add(kSlow, reading(6, "a", 3));
        const auto series = store.of("a", {}, second(0), second(100));
        QCOMPARE(series.size(), std::size_t(2));
        QCOMPARE(series[0].source, std::string("fast"));
        QCOMPARE(series[0].samples,
                 (std::vector<core::Sample> {{second(0), 1, true}, {second(5), 2}}));
        QVERIFY(!series[0].simulated && series[1].simulated);
        QCOMPARE(store.of("a", {Measure::Lag}, second(0), second(100)).size(), std::size_t(0));
        QCOMPARE(store.of("a", {}, second(1), second(5)).front().samples.size(), std::size_t(1));
    }

    void refusesWhatIsNoTimeOrNumber()
    {
        SampleStore store;
        store.add(kFast, reading(5, "a", 1));
        store.add(kFast, reading(5, "a", 2));
        store.add(kFast, reading(1, "a", 2));
        store.add(kFast, reading(10, "a", std::nan("")));
        QCOMPARE(store.of("a", {}, second(0), second(100)).front().samples.size(), std::size_t(1));
    }

    void aSilenceIsAGap()
    {
        SampleStore store;
        for (const double at : {0.0, 5.0, 19.0, 100.0})
            store.add(kFast, reading(at, "a", 1));
        const auto samples = store.of("a", {}, second(0), second(200)).front().samples;
        std::string gaps;
        for (const core::Sample& each : samples)
            gaps += each.afterGap ? 'x' : '-';
        QCOMPARE(gaps, std::string("x--x"));
    }

    void latestIsOfTheBelievedSourceAndFresh()
    {
        SampleStore store;
        store.add(kSlow, reading(0, "a", 7));
        store.add(kFast, reading(1, "a", 1));
        store.add(kSlow, reading(2, "b", 8));
        const auto now = store.latest(second(10));
        QCOMPARE(now.at({"a", Measure::RecordsIn, ""}).source, std::string("fast"));
        QVERIFY(now.at({"b", Measure::RecordsIn, ""}).simulated);
        const auto later = store.latest(second(60)); // the fast one told nothing for a minute
        QCOMPARE(later.at({"a", Measure::RecordsIn, ""}).source, std::string("slow"));
        QVERIFY(store.latest(second(200)).empty());
    }

    void pastComesBefore()
    {
        SampleStore store;
        Reading first = reading(100, "a", 5);
        first.past.push_back({{"a", Measure::RecordsIn, ""},
                              "fast",
                              false,
                              {{second(10), 1}, {second(20), 2}, {second(100), 99}}});
        store.add(kFast, reading(90, "a", 4));
        store.add(kFast, first);
        std::string values;
        const auto all = store.of("a", {}, second(0), second(200));
        for (const core::Sample& each : all.front().samples)
            values += std::to_string(int(each.value)) + " ";
        QCOMPARE(QString::fromStdString(values), QString("1 2 4 5 "));
    }

    void isBounded()
    {
        SampleStore store({.samples = 10, .series = 3});
        for (int i = 0; i < 100; ++i)
            for (const char* name : {"a", "b", "c", "d"})
                store.add(kFast, reading(i, name, 1));
        QCOMPARE(store.size(), std::size_t(3));
        QCOMPARE(store.dropped(), std::size_t(100));
        QCOMPARE(store.of("a", {}, second(0), second(200)).front().samples.size(), std::size_t(10));
    }

    void newOnesAreTakenOnce()
    {
        SampleStore store;
        store.add(kFast, reading(0, "a", 1));
        store.add(kFast, reading(5, "a", 2));
        QCOMPARE(store.takeNew().front().samples.size(), std::size_t(2));
        QVERIFY(store.takeNew().empty());
        store.add(kFast, reading(10, "a", 3));
        QCOMPARE(store.takeNew().front().samples.size(), std::size_t(1));
    }
};

WW_TEST_CLASS(TestSampleStore)
#include "tst_samplestore.moc"
