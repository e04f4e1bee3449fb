// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/joinseries.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;
using tests::second;

namespace {

core::Series series(const char* source, std::vector<core::Sample> samples)
{
    return {{"a", Measure::Lag, ""}, source, false, std::move(samples)};
}

} // namespace

class TestJoinSeries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsFreshGoesBeforeWhatWasKept()
    {
        const auto joined =
            joinedSeries({series("k", {{second(0), 1}, {second(60), 2}, {second(120), 3}})},
                         {series("k", {{second(100), 9, true}, {second(105), 8}})});
        QCOMPARE(joined.size(), std::size_t(1));
        QCOMPARE(joined.front().samples,
                 (std::vector<core::Sample> {
                     {second(0), 1}, {second(60), 2}, {second(100), 9, true}, {second(105), 8}}));
    }

    void sourcesStayApart()
    {
        const auto joined =
            joinedSeries({series("k", {{second(0), 1}})}, {series("p", {{second(0), 2}})});
        QCOMPARE(joined.size(), std::size_t(2));
        QCOMPARE(joined[0].source, std::string("k"));
    }

    void oneSideAlone()
    {
        QCOMPARE(joinedSeries({series("k", {{second(0), 1}})}, {}).size(), std::size_t(1));
        QCOMPARE(joinedSeries({}, {series("k", {{second(0), 1}})}).front().samples.size(),
                 std::size_t(1));
        QVERIFY(joinedSeries({}, {}).empty());
    }
};

WW_TEST_CLASS(TestJoinSeries)
#include "tst_joinseries.moc"
