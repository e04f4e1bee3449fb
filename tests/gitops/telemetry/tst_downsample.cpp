// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/downsample.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <limits>

using namespace gitops;
using core::Sample;

class TestDownsample : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatFits()
    {
        const std::vector<Sample> few {{tests::second(0), 1}, {tests::second(1), 2, true}};
        QCOMPARE(downsampled(few, 2), few);
        QVERIFY(downsampled({}, 0).empty());
    }

    void joinsNeighboursToTheirMean()
    {
        std::vector<Sample> many;
        for (int i = 0; i < 10; ++i)
            many.push_back({tests::second(i), double(i)});
        const auto out = downsampled(many, 5);
        QCOMPARE(out.size(), std::size_t(5));
        QCOMPARE(out[1], (Sample {tests::second(2.5), 2.5}));
    }

    void keepsGaps()
    {
        std::vector<Sample> many;
        for (int i = 0; i < 100; ++i)
            many.push_back({tests::second(i), i < 53 ? 1.0 : 9.0, i == 53});
        const auto out = downsampled(many, 12);
        QVERIFY(out.size() <= 12);
        QCOMPARE(std::ranges::count_if(out, &Sample::afterGap), 1);
        for (const Sample& each : out) // nothing is mixed over the gap
            QVERIFY(each.value == 1.0 || each.value == 9.0);
        const auto gap = std::ranges::find_if(out, &Sample::afterGap);
        QCOMPARE(gap->value, 9.0);
    }

    void endsWithMoreGapsThanPoints()
    {
        std::vector<Sample> many;
        for (int i = 0; i < 1000; ++i)
            many.push_back({tests::second(i), 1, true});
        const auto out = downsampled(many, 10);
        QVERIFY(out.size() <= 10 && !out.empty());
        QVERIFY(std::ranges::all_of(out, &Sample::afterGap));
    }

    void largeValuesStayFinite()
    {
        const double large = std::numeric_limits<double>::max();
        std::vector<Sample> many;
        for (int i = 0; i < 8; ++i)
            many.push_back({tests::second(i), large});
        for (const Sample& each : downsampled(many, 2))
            QVERIFY(std::isfinite(each.value) && each.value > large / 2);
    }
};

WW_TEST_CLASS(TestDownsample)
#include "tst_downsample.moc"
