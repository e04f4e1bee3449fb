// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/telemetry.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <set>

using namespace core;

class TestTelemetry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesEveryMeasureOnce();
    void findsTheFigureOfOneKeyOnly();
};

void TestTelemetry::namesEveryMeasureOnce()
{
    std::set<std::string_view> names;
    for (const Measure measure : kMeasures) {
        QVERIFY(!toString(measure).empty());
        QVERIFY(!unitOf(measure).empty());
        names.insert(toString(measure));
    }
    QCOMPARE(names.size(), std::size(kMeasures));
}

void TestTelemetry::findsTheFigureOfOneKeyOnly()
{
    Telemetry telemetry;
    telemetry.latest[{"kafka://a/events", Measure::Lag, "group"}] = {.value = 7};
    const Figure* found = telemetry.find("kafka://a/events", Measure::Lag, "group");
    QVERIFY(found);
    QCOMPARE(found->value, 7.0);
    QVERIFY(!telemetry.find("kafka://a/events", Measure::Lag));
    QVERIFY(!telemetry.find("kafka://a/events", Measure::LagSeconds, "group"));
    QVERIFY(!telemetry.find("kafka://b/events", Measure::Lag, "group"));
}

WW_TEST_CLASS(TestTelemetry)
#include "tst_telemetry.moc"
