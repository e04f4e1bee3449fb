// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/prunerules.h"
#include "tests/gitops/sync/synccluster.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestPruneRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decides_data();
    void decides();
    void protects_data();
    void protects();
    void holdsNamespaces_data();
    void holdsNamespaces();
    void asksForLargePrunes_data();
    void asksForLargePrunes();
    void setIsFixed();
    void notWhatWasReplaced();
};

namespace {

QString decisionOn(const gitops::SyncInput& input)
{
    const std::vector<gitops::SyncTask> tasks = gitops::decidePrunes(input, {});
    if (tasks.empty())
        return QStringLiteral("untouched");
    const core::ResourceResult& result = *tasks.front().result;
    if (!result.hookPhase)
        return QStringLiteral("pruned");
    return *result.hookPhase == core::OperationPhase::Running
        ? QStringLiteral("asks")
        : QString::fromStdString("kept: " + result.message);
}

} // namespace

void TestPruneRules::decides_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* name, const char* live, const char* wanted,
                        const char* setting = "", const char* desired = "ConfigMap stays") {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                            << QString::fromLatin1(setting) << QString::fromLatin1(wanted);
    };
    row("ours", "ConfigMap a", "pruned");
    row("declared", "ConfigMap stays", "untouched");
    row("not ours", "ConfigMap a notours", "untouched");
    row("a hook that ran once", "Job a hook=PreSync", "untouched");
    row("a Helm hook", "Job a helm=test", "untouched");
    row("withheld", "ConfigMap a", "untouched", "withheld");
    row("declared as skipped", "Job a", "untouched", "", "Job a hook=Skip");
    row("declared as Helm test", "Pod a", "untouched", "", "Pod a helm=test");
    row("without prune", "ConfigMap a", "kept: ignored (requires pruning)", "no prune");
    row("annotated", "ConfigMap a options=Prune=false", "kept: ignored (no prune)");
    row("annotated in a list", "ConfigMap a options=Validate=false,Prune=false",
        "kept: ignored (no prune)");
    row("the application says no", "ConfigMap a", "kept: ignored (no prune)", "app false");
    row("annotation outweighs the application", "ConfigMap a options=Prune=true", "pruned",
        "app false");
    row("annotation confirm", "ConfigMap a options=Prune=confirm", "asks");
    row("the application says confirm", "ConfigMap a", "asks", "app confirm");
    row("held", "ConfigMap a", "kept: the render is incomplete", "held");
    row("preexisting", "ConfigMap a preexisting",
        "kept: existed before Wavewright first applied it; adopt it to let it be pruned");
    row("kind not known", "Widget.example.com a",
        "kept: the cluster could not tell everything about Widget.example.com", "unknown");
    row("kind not served", "Widget.example.com a",
        "kept: the cluster could not tell everything about Widget.example.com", "missing");
    row("kind served", "Widget.example.com a", "pruned", "served");
    row("namespace", "Namespace old", "asks");
    row("namespace, unattended", "Namespace old", "pruned", "unattended");
    row("default namespace", "Namespace default", "kept: namespace default is never pruned",
        "unattended");
    row("kube-system", "Namespace kube-system", "kept: namespace kube-system is never pruned",
        "unattended");
    row("namespace of the application", "Namespace shop",
        "kept: objects of the application live in this namespace", "unattended");
    row("destination namespace", "Namespace target",
        "kept: objects of the application live in this namespace", "unattended");
    row("volume claim", "PersistentVolumeClaim a", "asks");
    row("stateful set", "StatefulSet a", "asks");
    row("definition", "CustomResourceDefinition widgets.example.com", "asks");
    row("topic", "KafkaTopic.kafka.strimzi.io a", "asks", "served");
    row("user is no topic", "KafkaUser.kafka.strimzi.io a", "pruned", "served");
    row("queue", "Queue.rabbitmq.com a", "asks", "served");
    row("protected and Prune=true", "StatefulSet a options=Prune=true", "asks");
    row("protected and Prune=false", "StatefulSet a options=Prune=false",
        "kept: ignored (no prune)");
    row("only others", "ConfigMap a", "untouched", "only others");
    row("only this", "ConfigMap a", "pruned", "only this");
}

/// Kept whoever agrees: a person is not asked about it.
static bool isForGood(const QString& wanted)
{
    return wanted == QLatin1String("kept: ignored (no prune)")
        || wanted.startsWith(QLatin1String("kept: existed before"))
        || wanted.endsWith(QLatin1String("is never pruned"));
}

void TestPruneRules::decides()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, setting);
    QFETCH(QString, wanted);
    gitops::SyncInput input;
    input.destinationNamespace = "target";
    input.desired = tests::manifestsOf(desired.toStdString());
    input.live = tests::liveMapOf(live.toStdString());
    const core::ObjectKey key = input.live.begin()->first;
    using Availability = gitops::KindAvailability;
    input.options.prune = setting != QLatin1String("no prune");
    input.options.pruneUnattended = setting == QLatin1String("unattended");
    if (setting == QLatin1String("withheld"))
        input.withheld.insert(key);
    if (setting.startsWith(QLatin1String("app ")))
        input.options.pruneOption = setting.mid(4).toStdString();
    if (setting == QLatin1String("held"))
        input.pruneHeldBecause = "the render is incomplete";
    if (setting == QLatin1String("unknown"))
        input.kinds[key.groupKind()] = Availability::Unknown;
    if (setting == QLatin1String("missing"))
        input.kinds[key.groupKind()] = Availability::Missing;
    if (setting == QLatin1String("served"))
        input.kinds[key.groupKind()] = Availability::Served;
    if (setting == QLatin1String("only others"))
        input.options.only = {{"", "ConfigMap", "shop", "other"}};
    if (setting == QLatin1String("only this"))
        input.options.only = {key};
    QCOMPARE(gitops::isNeverPruned(key, input.live.begin()->second, input.options),
             isForGood(wanted));
    QCOMPARE(decisionOn(input), wanted);
}

void TestPruneRules::protects_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("wanted");
    QTest::newRow("default") << "default" << true;
    QTest::newRow("kube-system") << "kube-system" << true;
    QTest::newRow("kube-flannel") << "kube-flannel" << true;
    QTest::newRow("kubera") << "kubera" << false;
    QTest::newRow("my-default") << "my-default" << false;
}

void TestPruneRules::protects()
{
    QFETCH(QString, name);
    QFETCH(bool, wanted);
    QCOMPARE(gitops::isProtectedNamespace(name.toStdString()), wanted);
}

void TestPruneRules::holdsNamespaces_data()
{
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("why");
    QTest::newRow("empty") << "Namespace old" << "";
    QTest::newRow("objects elsewhere") << "Namespace old;ConfigMap a ns=older" << "";
    QTest::newRow("not ours") << "Namespace old;ConfigMap a ns=old notours" << "";
    QTest::newRow("going already") << "Namespace old;ConfigMap a ns=old deleting" << "";
    QTest::newRow("a hook that ran") << "Namespace old;Job a ns=old hook=PreSync" << "";
    QTest::newRow("one") << "Namespace old;ConfigMap a ns=old"
                         << "stays while 1 object of the application in it is not pruned "
                            "(ConfigMap a)";
    QTest::newRow("two") << "Namespace old;ConfigMap a ns=old;Secret b ns=old"
                         << "stays while 2 objects of the application in it are not pruned "
                            "(ConfigMap a, …)";
}

void TestPruneRules::holdsNamespaces()
{
    QFETCH(QString, live);
    QFETCH(QString, why);
    gitops::SyncInput input;
    input.live = tests::liveMapOf(live.toStdString());
    const auto said = [&](const core::ObjectKey& key) {
        return QString::fromStdString(gitops::whyNamespaceStays(key, input));
    };
    QCOMPARE(said({"", "Namespace", "", "old"}), why);
    QCOMPARE(said({"", "ConfigMap", "", "old"}), QString());
    QCOMPARE(said({"example.com", "Namespace", "", "old"}), QString());
}

void TestPruneRules::asksForLargePrunes_data()
{
    QTest::addColumn<int>("staying");
    QTest::addColumn<int>("going");
    QTest::addColumn<bool>("asks");
    QTest::newRow("five of five") << 0 << 5 << false;
    QTest::newRow("six of six") << 0 << 6 << true;
    QTest::newRow("six of twenty-four") << 18 << 6 << false;
    QTest::newRow("six of twenty-three") << 17 << 6 << true;
    QTest::newRow("five of six") << 1 << 5 << false;
    QTest::newRow("a hundred of a thousand") << 900 << 100 << false;
    QTest::newRow("half of a hundred") << 50 << 50 << true;
}

/// Counted over the whole operation: every prune is in a wave of its own.
void TestPruneRules::asksForLargePrunes()
{
    QFETCH(int, staying);
    QFETCH(int, going);
    QFETCH(bool, asks);
    tests::SyncRun run;
    run.input.options.prune = true;
    std::string desired = "ConfigMap brandnew;";
    for (int i = 0; i < staying; ++i)
        desired += "ConfigMap stay" + std::to_string(i) + ";";
    for (int i = 0; i < going; ++i)
        run.cluster.put("ConfigMap go" + std::to_string(i) + " wave=" + std::to_string(i % 7));
    run.cluster.put(desired.substr(desired.find(';') + 1));
    // What is new with this very commit does not make a prune smaller.
    for (int i = 0; i < 200; ++i)
        desired += "ConfigMap new" + std::to_string(i) + ";";
    run.input.desired = tests::manifestsOf(desired);
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, core::OperationPhase::Succeeded);
    QCOMPARE(int(run.last.needsConfirmation.size()), asks ? going : 0);
    QCOMPARE(run.result("ConfigMap/go0")->code,
             asks ? core::ResultCode::PruneSkipped : core::ResultCode::Pruned);
    QCOMPARE(std::ranges::count(run.cluster.log(), "-ConfigMap/go0"), asks ? 0 : 1);
    QVERIFY(run.cluster.has({"", "ConfigMap", "shop", "new0"}));
}

void TestPruneRules::setIsFixed()
{
    tests::SyncRun run;
    run.input.options.prune = true;
    run.input.desired = tests::manifestsOf("Deployment a;ConfigMap b wave=1");
    run.cluster.put("ConfigMap old");
    run.before = [](tests::SyncRun& self, int step) {
        if (step == 2)
            self.cluster.put("ConfigMap late");
    };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, core::OperationPhase::Succeeded);
    QVERIFY(!run.cluster.has({"", "ConfigMap", "shop", "old"}));
    QVERIFY(run.cluster.has({"", "ConfigMap", "shop", "late"}));
}

void TestPruneRules::notWhatWasReplaced()
{
    tests::SyncRun run;
    run.input.options.prune = true;
    run.input.desired = tests::manifestsOf("Deployment a wave=-1");
    run.cluster.put("ConfigMap old uid=one");
    run.before = [](tests::SyncRun& self, int step) {
        if (step == 1)
            self.cluster.put("ConfigMap old uid=two");
    };
    run.runToEnd();
    QVERIFY(run.cluster.has({"", "ConfigMap", "shop", "old"}));
    QCOMPARE(run.result("ConfigMap/old")->message,
             std::string("was replaced by another object since the sync began"));
}

WW_TEST_CLASS(TestPruneRules)
#include "tst_prunerules.moc"
