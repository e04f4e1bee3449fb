// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/measureduse.h"
#include "core/platform/platformviews.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

PlatformInputPtr shop(std::optional<Health> health = Health::Healthy, const char* gap = nullptr)
{
    PlatformFixture f;
    f.declare(space("shop", "{platform.wavewright.dev/tenant: shop}") + deployment("shop", "web"));
    f.live(space("shop")).live(deployment("shop", "web"), health, "app");
    if (gap)
        f.input().gaps.push_back(gap);
    return f.build();
}

/// Another input with the same manifests and texts, as an engine makes at each question.
PlatformInputPtr again(const PlatformInput& input)
{
    PlatformInput out = input;
    for (PlatformObject& each : out.objects)
        if (each.live)
            each.live = std::make_shared<const LiveRecord>(*each.live);
    return std::make_shared<const PlatformInput>(std::move(out));
}

} // namespace

class TestPlatformViews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsNull()
    {
        const PlatformViewsPtr none = noViews();
        QVERIFY(none->input && none->namespaces && none->summaries && none->tenants && none->reach
                && none->findings && none->lineage && none->topics);
        QVERIFY(!none->namespaceOf("shop") && !none->tenantOf("shop"));
    }
    void viewsOfAnInput()
    {
        PlatformViewer viewer;
        const PlatformViewsPtr views = viewer.update(shop());
        QVERIFY(views->namespaceOf("shop"));
        QVERIFY(views->tenantOf("shop"));
        QCOMPARE(views->summaries->size(), views->namespaces->size());
        QCOMPARE(views->reach->rows.size(), std::size_t(1));
        QVERIFY(!views->findings->empty()); // a tenant without a quota
    }
    void whatPodsUseMakesNoViewAnew()
    {
        PlatformViewer viewer;
        const PlatformInputPtr first = shop();
        const PlatformViewsPtr before = viewer.update(first);
        PlatformInput measured = *again(*first);
        MeasuredUse use;
        use.state = MeasuredUse::State::Known;
        use.namespaces["shop"].pods = 1;
        measured.use = std::make_shared<const MeasuredUse>(use);
        const auto next = std::make_shared<const PlatformInput>(measured);
        const PlatformViewsPtr after = viewer.update(next);
        QVERIFY(after != before);
        QCOMPARE(after->namespaces, before->namespaces);
        QCOMPARE(after->findings, before->findings);
        QVERIFY(after->input->use->of("shop"));
        // The same figures again are no news.
        measured.use = std::make_shared<const MeasuredUse>(use);
        QCOMPARE(viewer.update(std::make_shared<const PlatformInput>(measured)), after);
    }
    void sameInputs_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<bool>("same");
        QTest::newRow("nothing") << 0 << true;
        QTest::newRow("health") << 1 << false;
        QTest::newRow("gap") << 2 << false;
        QTest::newRow("object gone") << 3 << false;
        QTest::newRow("uid") << 4 << false;
        QTest::newRow("wave") << 5 << false;
        QTest::newRow("unknown kind") << 6 << false;
        QTest::newRow("application") << 7 << false;
        QTest::newRow("text") << 8 << false;
    }
    void sameInputs()
    {
        QFETCH(int, change);
        QFETCH(bool, same);
        const PlatformInputPtr before = shop();
        PlatformInput next = *again(*before);
        const auto changeLive = [&](auto act) {
            for (PlatformObject& each : next.objects)
                if (each.key.kind == "Deployment") {
                    LiveRecord record = *each.live;
                    act(record);
                    each.live = std::make_shared<const LiveRecord>(record);
                }
        };
        switch (change) {
        case 1:
            changeLive([](LiveRecord& record) { record.health.status = Health::Degraded; });
            break;
        case 2:
            next.gaps.push_back("something");
            break;
        case 3:
            next.objects.pop_back();
            break;
        case 4:
            changeLive([](LiveRecord& record) { record.uid += "x"; });
            break;
        case 5:
            next.objects.front().declared.front().wave = 9;
            break;
        case 6:
            next.unknownKinds[{"", "Pod"}] = "why";
            break;
        case 7:
            next.applications.push_back({.name = "app"});
            break;
        case 8:
            changeLive([](LiveRecord& record) {
                record.text = std::make_shared<const std::string>(*record.text);
            });
            break;
        default:
            break;
        }
        QCOMPARE(isSameInput(*before, next), same);
        PlatformViewer viewer;
        const PlatformViewsPtr views = viewer.update(before);
        QCOMPARE(viewer.update(std::make_shared<const PlatformInput>(next)) == views, same);
    }
    void figuresShareTheRest()
    {
        PlatformViewer viewer;
        const PlatformViewsPtr views = viewer.update(shop());
        const auto telemetry = std::make_shared<const Telemetry>();
        const PlatformViewsPtr measured = viewer.measure(telemetry, "");
        QCOMPARE(measured->telemetry, telemetry);
        QCOMPARE(measured->namespaces, views->namespaces);
        QCOMPARE(viewer.measure(telemetry, ""), measured);
        const PlatformViewsPtr next = viewer.update(shop(Health::Degraded));
        QCOMPARE(next->telemetry, telemetry); // the figures stay
        QCOMPARE(next->namespaceOf("shop")->health, std::optional(Health::Degraded));
    }
};

WW_TEST_CLASS(TestPlatformViews)
#include "tst_platformviews.moc"
