// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/sync/order.h"
#include "tests/gitops/sync/synccluster.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <random>

class TestOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void orders_data();
    void orders();
    void mirrorsPrunes_data();
    void mirrorsPrunes();
    void isTotal();
};

namespace {

/// "Phase wave Kind/name, …" in the order of execution; runs of the same lane name it once.
std::string orderText(const std::vector<gitops::SyncTask>& tasks)
{
    std::string text, lane;
    for (const gitops::SyncTask& task : tasks) {
        const std::string here =
            std::string(core::toString(task.phase)) + " " + std::to_string(task.wave) + ":";
        text += (text.empty() ? "" : " ") + (here == lane ? "" : here + " ")
            + tests::shortName(task.key);
        lane = here;
    }
    return text;
}

} // namespace

void TestOrder::orders_data()
{
    QTest::addColumn<QString>("objects");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* name, const char* objects, const char* wanted) {
        QTest::newRow(name) << QString::fromLatin1(objects) << QString::fromLatin1(wanted);
    };
    row("kinds", "Deployment a;Service b;ConfigMap c;Namespace shop;Secret d",
        "Sync 0: Namespace/shop Secret/d ConfigMap/c Service/b Deployment/a");
    row("names", "ConfigMap c;ConfigMap a;ConfigMap b",
        "Sync 0: ConfigMap/a ConfigMap/b ConfigMap/c");
    row("waves before kinds", "ConfigMap a wave=1;Deployment b",
        "Sync 0: Deployment/b Sync 1: ConfigMap/a");
    row("negative waves first", "ConfigMap a;ConfigMap b wave=-5",
        "Sync -5: ConfigMap/b Sync 0: ConfigMap/a");
    row("phases before waves", "Job a hook=PreSync wave=9;ConfigMap b wave=-9;Job c hook=PostSync",
        "PreSync 9: Job/a Sync -9: ConfigMap/b PostSync 0: Job/c");
    row("fail hooks last", "Job a hook=SyncFail;Job b hook=PostSync wave=3",
        "PostSync 3: Job/b SyncFail 0: Job/a");
    row("one hook in two phases", "Job a hook=PreSync,PostSync",
        "PreSync 0: Job/a PostSync 0: Job/a");
    row("helm weight on anything", "ConfigMap a weight=4", "Sync 4: ConfigMap/a");
    row("unknown kinds after known, by name",
        "Widget.example.com a;CronJob c;Gadget.example.com b;Ingress.networking.k8s.io z",
        "Sync 0: CronJob/c Ingress/z Widget/a Gadget/b");
    row("rank goes by kind alone", "Service.serving.knative.dev a;Deployment b",
        "Sync 0: Service/a Deployment/b");
    row("API services come late", "APIService.apiregistration.k8s.io a;Deployment b;Job c",
        "Sync 0: Deployment/b Job/c APIService/a");
    row("namespace bubbles up", "Namespace shop wave=5;ConfigMap a",
        "Sync 0: Namespace/shop ConfigMap/a");
    row("namespace bubbles into a phase", "Namespace shop;Job a hook=PreSync",
        "PreSync 0: Namespace/shop Job/a");
    row("another namespace stays", "Namespace other wave=5;ConfigMap a",
        "Sync 0: ConfigMap/a Sync 5: Namespace/other");
    row("namespace before its first object only",
        "Namespace shop wave=5;ConfigMap z ns=other;Deployment a wave=1",
        "Sync 0: ConfigMap/z Sync 1: Namespace/shop Deployment/a");
    row("definition bubbles up",
        "CustomResourceDefinition widgets.example.com wave=5;Widget.example.com a",
        "Sync 0: CustomResourceDefinition/widgets.example.com Widget/a");
    row("definition of another group stays",
        "CustomResourceDefinition widgets.example.org wave=5;Widget.example.com a",
        "Sync 0: Widget/a Sync 5: CustomResourceDefinition/widgets.example.org");
    row("definition bubbles into a hook's phase",
        "CustomResourceDefinition widgets.example.com;Widget.example.com a hook=PreSync wave=-1",
        "PreSync -1: CustomResourceDefinition/widgets.example.com Widget/a");
    row("a definition that is early stays",
        "CustomResourceDefinition widgets.example.com wave=-1;Widget.example.com a",
        "Sync -1: CustomResourceDefinition/widgets.example.com Sync 0: Widget/a");
    row("skip makes no task", "ConfigMap a;Job b hook=Skip", "Sync 0: ConfigMap/a");
    row("helm test makes no task", "ConfigMap a;Pod b helm=test", "Sync 0: ConfigMap/a");
    row("deletion hook makes no task", "ConfigMap a;Job b hook=PostDelete", "Sync 0: ConfigMap/a");
    row("the last of two wins", "ConfigMap a wave=1;ConfigMap a wave=2", "Sync 2: ConfigMap/a");
}

void TestOrder::orders()
{
    QFETCH(QString, objects);
    QFETCH(QString, wanted);
    gitops::SyncInput input;
    input.desired = tests::manifestsOf(objects.toStdString());
    QCOMPARE(QString::fromStdString(orderText(gitops::buildTasks(input))), wanted);
}

void TestOrder::mirrorsPrunes_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<bool>("pruneLast");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* name, const char* desired, const char* live, bool last,
                        const char* wanted) {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live) << last
                            << QString::fromLatin1(wanted);
    };
    const char* three = "ConfigMap a wave=1;ConfigMap b wave=3;ConfigMap c wave=4";
    row("three waves", "", three, false,
        "Sync 1: ConfigMap/c Sync 3: ConfigMap/b Sync 4: ConfigMap/a");
    row("same wave", "", "ConfigMap a;ConfigMap b", false, "Sync 0: ConfigMap/a ConfigMap/b");
    row("two waves", "", "ConfigMap a wave=0;ConfigMap b wave=7", false,
        "Sync 0: ConfigMap/b Sync 7: ConfigMap/a");
    row("only prunes are mirrored", "ConfigMap x wave=1;ConfigMap y wave=2",
        "ConfigMap a wave=0;ConfigMap b wave=3", false,
        "Sync 0: ConfigMap/b Sync 1: ConfigMap/x Sync 2: ConfigMap/y Sync 3: ConfigMap/a");
    row("negative", "", "ConfigMap a wave=-2;ConfigMap b wave=2", false,
        "Sync -2: ConfigMap/b Sync 2: ConfigMap/a");
    row("last of the application", "ConfigMap x wave=5", three, true,
        "Sync 5: ConfigMap/x Sync 6: ConfigMap/a ConfigMap/b ConfigMap/c");
    row("last, never below one", "ConfigMap x wave=-5", "ConfigMap a wave=-7", true,
        "Sync -5: ConfigMap/x Sync 1: ConfigMap/a");
    row("last of one object", "ConfigMap x",
        "ConfigMap a wave=-1 options=PruneLast=true;ConfigMap b wave=-1", false,
        "Sync -1: ConfigMap/b Sync 0: ConfigMap/x Sync 1: ConfigMap/a");
    row("namespaces last", "", "Namespace shop;ConfigMap a;Deployment b", false,
        "Sync 0: ConfigMap/a Deployment/b Sync 1: Namespace/shop");
    row("namespaces after every wave", "ConfigMap x wave=3 ns=other",
        "Namespace shop wave=-5;ConfigMap a wave=1", false,
        "Sync -5: ConfigMap/a Sync 3: ConfigMap/x Sync 4: Namespace/shop");
    row("namespaces after the last", "",
        "Namespace shop;ConfigMap a;ConfigMap b options=PruneLast=true", false,
        "Sync 0: ConfigMap/a Sync 1: ConfigMap/b Sync 2: Namespace/shop");
    row("namespaces with all last", "", "Namespace shop;ConfigMap a", true,
        "Sync 1: ConfigMap/a Sync 2: Namespace/shop");
    row("namespaces alone", "", "Namespace shop;Namespace other", false,
        "Sync 0: Namespace/other Namespace/shop");
    row("hooks do not count", "Job x hook=PostSync wave=9", "ConfigMap a", true,
        "Sync 1: ConfigMap/a PostSync 9: Job/x");
}

void TestOrder::mirrorsPrunes()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(bool, pruneLast);
    QFETCH(QString, wanted);
    gitops::SyncInput input;
    input.desired = tests::manifestsOf(desired.toStdString());
    input.live = tests::liveMapOf(live.toStdString());
    input.options.prune = true;
    input.options.pruneLast = pruneLast;
    QCOMPARE(QString::fromStdString(orderText(gitops::buildTasks(input))), wanted);
}

/// The order of the input does not matter.
void TestOrder::isTotal()
{
    gitops::SyncInput input;
    input.desired = tests::manifestsOf(
        "Widget.example.com a;Gadget.example.com a;Widget.example.org a;ConfigMap a ns=b;"
        "ConfigMap a ns=a;Namespace a wave=3;Namespace b wave=4;Job j hook=PreSync ns=b;"
        "CustomResourceDefinition gadgets.example.com wave=8;Deployment d wave=-1 ns=a");
    const std::string wanted = orderText(gitops::buildTasks(input));
    std::mt19937 random(7);
    for (int i = 0; i < 50; ++i) {
        std::ranges::shuffle(input.desired, random);
        QCOMPARE(orderText(gitops::buildTasks(input)), wanted);
    }
}

WW_TEST_CLASS(TestOrder)
#include "tst_order.moc"
