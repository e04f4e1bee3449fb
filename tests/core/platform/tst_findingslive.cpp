// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

Topic topic(bool declared, double rate, bool read = false)
{
    Topic out;
    out.system = "kafka";
    out.name = "orders";
    out.cluster = "kafka/k";
    out.id = "kafka://k/orders";
    out.declared = declared;
    out.recordsIn.value = rate;
    out.groups = {"app"};
    if (read)
        out.consumers = {"kubernetes://shop/Deployment/reader"};
    return out;
}

Telemetry moving(double rate)
{
    Telemetry out;
    out.latest[{"kafka://k/orders", Measure::RecordsOut, "app"}] = {rate, {}, "Kafka", false};
    return out;
}

QStringList codesOf(const Topic& one, const Telemetry& telemetry, bool hasGap = false)
{
    auto input = std::make_shared<PlatformInput>();
    if (hasGap)
        input->gaps.push_back("an application could not be rendered");
    std::vector<Finding> found;
    findLive(PlatformModel(input), {one}, telemetry, found);
    QStringList out;
    for (const Finding& each : found)
        out << QString::fromStdString(each.code);
    return out;
}

} // namespace

class TestFindingsLive : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void flowsThatNobodyDeclares()
    {
        QCOMPARE(codesOf(topic(false, 3), {}), QStringList {"undeclared-flow"});
        QCOMPARE(codesOf(topic(false, 0), {}), QStringList());
        QCOMPARE(codesOf(topic(true, 3), {}), QStringList());
    }

    void groupsThatNobodyDeclares()
    {
        QCOMPARE(codesOf(topic(true, 3), moving(2)), QStringList {"unknown-consumer"});
        QCOMPARE(codesOf(topic(true, 3), moving(0)), QStringList());
        QCOMPARE(codesOf(topic(true, 3, true), moving(2)), QStringList());
    }

    void notOfWhatIsSimulatedInternalOrUnsure()
    {
        Topic simulated = topic(false, 3);
        simulated.recordsIn.simulated = true;
        QCOMPARE(codesOf(simulated, {}), QStringList());
        Topic internal = topic(false, 3);
        internal.internal = true;
        QCOMPARE(codesOf(internal, {}), QStringList());
        QCOMPARE(codesOf(topic(false, 3), {}, true), QStringList()); // may be declared there
    }

    void rulesAreInTheTable()
    {
        for (const char* code : {"undeclared-flow", "unknown-consumer"})
            QVERIFY(findingRule(code));
        QVERIFY(std::ranges::is_sorted(findingRules(), {}, &FindingRule::code));
    }
};

WW_TEST_CLASS(TestFindingsLive)
#include "tst_findingslive.moc"
