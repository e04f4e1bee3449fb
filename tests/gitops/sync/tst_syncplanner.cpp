// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "tests/gitops/sync/syncsetup.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::Health;
using core::OperationPhase;
using tests::setUp;
using tests::SyncRun;

namespace {

QString endOf(const SyncRun& run)
{
    const std::string_view phase = core::toString(run.last.phase);
    return QString::fromUtf8(phase.data(), qsizetype(phase.size()));
}

} // namespace

class TestSyncPlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runs_data();
    void runs();
    void says_data();
    void says();
    void showsLanes();
    void listsWhatItWaitsFor();
    void prefersObservedHealth();
    void waitsForGrace();
    void confirmsPrunes();
    void prunesNamespacesLast_data();
    void prunesNamespacesLast();
    void stopsForConfirmation();
    void terminates();
    void choosesAction_data();
    void choosesAction();
    void showsWhatIsLeaving();
    void survivesCrashes_data();
    void survivesCrashes();
    void handlesSlowAnswers();
};

void TestSyncPlanner::runs_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("steps");
    QTest::addColumn<QString>("end");
    const auto row = [](const char* name, const char* desired, const char* live,
                        const char* settings, const char* steps, const char* end = "Succeeded") {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                            << QString::fromLatin1(settings) << QString::fromLatin1(steps)
                            << QString::fromLatin1(end);
    };
    // Groups and waves.
    row("nothing", "", "", "", "");
    row("one", "ConfigMap a", "", "", "+ConfigMap/a");
    row("a group goes together", "ConfigMap a;ConfigMap b", "", "", "+ConfigMap/a +ConfigMap/b");
    row("groups follow each other", "Deployment d;ConfigMap a;Service s", "", "",
        "+ConfigMap/a | +Service/s | +Deployment/d");
    row("all waves on every sync", "ConfigMap a;ConfigMap b wave=1", "ConfigMap a;ConfigMap b", "",
        "+ConfigMap/a | +ConfigMap/b");
    row("waves in order", "Deployment a;Deployment b wave=1;Deployment c wave=-1", "", "",
        "+Deployment/c | +Deployment/a | +Deployment/b");
    row("custom kinds by name", "Widget.example.com a;Gadget.example.com b;Widget.example.com c",
        "", "served=Widget served=Gadget", "+Widget/a | +Gadget/b | +Widget/c");
    // What a wave waits for.
    row("single wave never waits", "Deployment a", "", "stuck=a", "+Deployment/a");
    row("single degraded wave succeeds", "Deployment a", "", "degraded=a", "+Deployment/a");
    row("last wave is not awaited", "ConfigMap a;Deployment b wave=1", "", "stuck=b",
        "+ConfigMap/a | +Deployment/b");
    row("last degraded wave succeeds", "ConfigMap a;Deployment b wave=1", "", "degraded=b",
        "+ConfigMap/a | +Deployment/b");
    row("degraded stops the next wave", "Deployment a;ConfigMap b wave=1", "", "degraded=a",
        "+Deployment/a", "Failed");
    row("progressing holds the next wave", "Deployment a;ConfigMap b wave=1", "", "stuck=a",
        "+Deployment/a", "Running");
    row("unknown holds the next wave", "Deployment a;ConfigMap b wave=1", "", "unknown=a",
        "+Deployment/a", "Running");
    row("suspended holds the next wave", "Deployment a;ConfigMap b wave=1", "", "suspended=a",
        "+Deployment/a", "Running");
    row("suspended by Git holds nothing", "CronJob a suspend;ConfigMap b wave=1", "", "suspended=a",
        "+CronJob/a | +ConfigMap/b");
    row("a claim may be bound later", "PersistentVolumeClaim a;Deployment b wave=1", "", "stuck=a",
        "+PersistentVolumeClaim/a | +Deployment/b");
    row("a lost claim fails", "PersistentVolumeClaim a;Deployment b wave=1", "", "degraded=a",
        "+PersistentVolumeClaim/a", "Failed");
    row("a fail hook makes it multi-step", "Deployment a;Job f hook=SyncFail", "", "stuck=a",
        "+Deployment/a");
    // Hooks.
    row("phases", "Job p hook=PreSync;ConfigMap a;Job q hook=PostSync", "", "",
        "+Job/p | +ConfigMap/a | +Job/q");
    row("a hook is awaited in its last wave", "ConfigMap a;Job q hook=PostSync", "", "stuck=q",
        "+ConfigMap/a | +Job/q", "Running");
    row("a failing hook fails the sync", "Job p hook=PreSync;ConfigMap a", "", "degraded=p",
        "+Job/p", "Failed");
    row("a hook of unknown health fails", "Job p hook=PreSync;ConfigMap a", "", "unknown=p",
        "+Job/p", "Failed");
    row("a hook without health is done", "ConfigMap p hook=PreSync;ConfigMap a", "", "",
        "+ConfigMap/p | +ConfigMap/a");
    row("post sync waits for the application", "Deployment a;Job q hook=PostSync", "", "stuck=a",
        "+Deployment/a", "Running");
    row("post sync after the application", "Deployment a;Job q hook=PostSync", "", "slow=a",
        "+Deployment/a | +Job/q");
    row("a sync hook is awaited beside resources", "Deployment a;Job h hook=Sync", "", "stuck=h",
        "+Deployment/a | +Job/h", "Running");
    row("no wait for resources beside a sync hook", "Deployment a;Job h hook=Sync", "", "stuck=a",
        "+Deployment/a | +Job/h");
    row("hook in two phases runs twice", "Job h hook=PreSync,PostSync;ConfigMap a", "", "",
        "+Job/h | +ConfigMap/a | -Job/h | +Job/h");
    row("before creation", "Job h hook=PreSync;ConfigMap a", "Job h hook=PreSync health=Healthy",
        "", "-Job/h | +Job/h | +ConfigMap/a");
    row("before creation, kept by a finalizer", "Job h hook=PreSync",
        "Job h hook=PreSync health=Healthy kept", "", "-Job/h | +Job/h");
    row("terminating hook is awaited", "Job h hook=PreSync", "Job h hook=PreSync deleting", "",
        "+Job/h");
    row("terminating hook, kept by a finalizer", "Job h hook=PreSync",
        "Job h hook=PreSync deleting kept", "", "+Job/h");
    row("no before creation", "Job h hook=PreSync policy=HookFailed;ConfigMap a",
        "Job h hook=PreSync health=Healthy", "", "+Job/h | +ConfigMap/a");
    row("deleted when all succeeded", "Job h hook=PreSync policy=HookSucceeded;ConfigMap a", "", "",
        "+Job/h | +ConfigMap/a | -Job/h");
    row("kept when the sync failed", "Job h hook=PreSync policy=HookSucceeded;ConfigMap a", "",
        "refuse=a", "+Job/h | +ConfigMap/a", "Failed");
    row("deleted when the sync failed", "Job h hook=PreSync policy=HookFailed;ConfigMap a", "",
        "refuse=a", "+Job/h | +ConfigMap/a | -Job/h", "Failed");
    row("failed hook deleted", "Job h hook=PreSync policy=HookFailed;ConfigMap a", "", "degraded=h",
        "+Job/h | -Job/h", "Failed");
    row("generated name", "Job mig- generate hook=PreSync;ConfigMap a", "", "",
        "+Job/mig-0123456-presync-1700000000 | +ConfigMap/a");
    row("generated name of no hook", "Job mig- generate;ConfigMap a", "", "", "", "Failed");
    row("skipped object stays and is not applied", "Job h hook=Skip;ConfigMap a", "Job h", "",
        "+ConfigMap/a");
    row("helm hooks", "Job h helm=pre-upgrade weight=-1;Job i helm=pre-upgrade;ConfigMap a", "", "",
        "+Job/h | +Job/i | +ConfigMap/a");
    row("hook deletion is refused", "Job h hook=PreSync;Deployment i hook=PreSync",
        "Job h hook=PreSync", "refuse=h", "-Job/h", "Failed");
    // Failures.
    row("a failed apply does not stop its wave", "ConfigMap a;Deployment b;ConfigMap c wave=1", "",
        "refuse=a", "+ConfigMap/a | +Deployment/b", "Failed");
    row("fail hooks run", "ConfigMap a;Job f hook=SyncFail", "", "refuse=a",
        "+ConfigMap/a | +Job/f", "Failed");
    row("fail hooks run once for health", "Deployment a;ConfigMap b wave=1;Job f hook=SyncFail", "",
        "degraded=a", "+Deployment/a | +Job/f", "Failed");
    row("fail hooks do not run on success", "ConfigMap a;Job f hook=SyncFail", "", "",
        "+ConfigMap/a");
    row("fail hook is awaited", "ConfigMap a;Job f hook=SyncFail", "", "refuse=a stuck=f",
        "+ConfigMap/a | +Job/f", "Running");
    row("fail hook deleted after success", "ConfigMap a;Job f hook=SyncFail policy=HookSucceeded",
        "", "refuse=a", "+ConfigMap/a | +Job/f | -Job/f", "Failed");
    row("fail hook is made again", "ConfigMap a;Job f hook=SyncFail", "Job f hook=SyncFail",
        "refuse=a", "+ConfigMap/a | -Job/f | +Job/f", "Failed");
    row("prune failure stops its wave", "ConfigMap a", "ConfigMap old", "refuse=old",
        "-ConfigMap/old", "Failed");
    // Prunes.
    row("prunes before applies", "ConfigMap a", "ConfigMap old;Deployment older", "",
        "-ConfigMap/old -Deployment/older | +ConfigMap/a");
    row("prunes against the order of waves", "",
        "ConfigMap a wave=1;ConfigMap b wave=3;ConfigMap c wave=4", "",
        "-ConfigMap/c | -ConfigMap/b | -ConfigMap/a");
    row("pruned and applied waves interleave", "ConfigMap x wave=1;ConfigMap y wave=3",
        "ConfigMap a wave=2", "", "+ConfigMap/x | -ConfigMap/a | +ConfigMap/y");
    row("the next wave waits until it is gone", "ConfigMap b wave=1", "Deployment old", "slow=old",
        "-Deployment/old | +ConfigMap/b");
    row("terminating objects are not deleted again", "ConfigMap b wave=1",
        "Deployment old deleting", "", "+ConfigMap/b");
    row("no prune without leave", "ConfigMap a", "ConfigMap old", "noprune", "+ConfigMap/a");
    row("not ours", "ConfigMap a", "ConfigMap old notours", "", "+ConfigMap/a");
    row("preexisting", "ConfigMap a", "ConfigMap old preexisting", "", "+ConfigMap/a");
    row("protected kind is left for a person", "ConfigMap a", "StatefulSet old", "",
        "+ConfigMap/a");
    row("Prune=confirm stops its wave", "ConfigMap a", "ConfigMap old options=Prune=confirm", "",
        "", "Running");
    row("an old hook is not pruned", "ConfigMap a", "Job old hook=PreSync", "", "+ConfigMap/a");
    // Namespaces and definitions.
    row("namespace is created", "ConfigMap a", "", "createnamespace",
        "+Namespace/shop | +ConfigMap/a");
    row("namespace is there", "ConfigMap a", "Namespace shop", "createnamespace", "+ConfigMap/a");
    row("namespace is declared", "Namespace shop;ConfigMap a", "", "createnamespace",
        "+Namespace/shop | +ConfigMap/a");
    row("namespace before a hook", "Job p hook=PreSync;ConfigMap a", "", "createnamespace",
        "+Namespace/shop | +Job/p | +ConfigMap/a");
    row("namespace refused", "ConfigMap a", "", "createnamespace refuse=shop", "+Namespace/shop",
        "Failed");
    row("terminating namespace is awaited", "ConfigMap a", "Namespace shop deleting",
        "createnamespace", "+Namespace/shop | +ConfigMap/a");
    row("nothing goes into a terminating namespace", "Namespace shop;ConfigMap a",
        "Namespace shop deleting", "slow=shop", "+Namespace/shop | +ConfigMap/a");
    row("terminating object is awaited", "ConfigMap a", "ConfigMap a deleting", "", "+ConfigMap/a");
    row("definition first",
        "CustomResourceDefinition widgets.example.com wave=5;Widget.example.com w", "",
        "missing=Widget", "+CustomResourceDefinition/widgets.example.com | +Widget/w");
    row("unknown until defined",
        "CustomResourceDefinition widgets.example.com;Widget.example.com w", "", "",
        "+CustomResourceDefinition/widgets.example.com | +Widget/w");
    row("definition refused",
        "CustomResourceDefinition widgets.example.com;Widget.example.com w;ConfigMap a", "",
        "missing=Widget refuse=widgets.example.com",
        "+ConfigMap/a | +CustomResourceDefinition/widgets.example.com", "Failed");
    row("kind is not served", "Widget.example.com w;ConfigMap a", "", "missing=Widget", "",
        "Failed");
    row("kind is not served, excused", "Widget.example.com w;ConfigMap a", "",
        "missing=Widget skipdryrun", "+ConfigMap/a", "Failed");
    row("kind is not served, excused by itself",
        "Widget.example.com w options=SkipDryRunOnMissingResource=true;ConfigMap a", "",
        "missing=Widget", "+ConfigMap/a", "Failed");
    row("kind is not known", "Widget.example.com w;ConfigMap a", "", "unknownkind=Widget",
        "+ConfigMap/a", "Failed");
    // Options.
    row("selected objects run no hooks", "ConfigMap a;ConfigMap b;Job h hook=PreSync", "",
        "only=ConfigMap/a", "+ConfigMap/a");
    row("selected object in any namespace", "ConfigMap a ns=x;ConfigMap a ns=y;ConfigMap b", "",
        "only=ConfigMap/a/ns=-", "+ConfigMap/a +ConfigMap/a");
    row("selected objects are pruned alone", "ConfigMap a", "ConfigMap old;ConfigMap older",
        "only=ConfigMap/old", "-ConfigMap/old");
    row("only what is out of sync", "ConfigMap a;ConfigMap b;ConfigMap new;Job h hook=PreSync",
        "ConfigMap a;ConfigMap b", "applyoutofsynconly outofsync=b",
        "+Job/h | +ConfigMap/b +ConfigMap/new");
    row("nothing is out of sync", "ConfigMap a", "ConfigMap a", "applyoutofsynconly", "");
    row("dry run", "Job p hook=PreSync;Deployment a;ConfigMap b wave=1",
        "ConfigMap old;Job p hook=PreSync", "dryrun stuck=a",
        "+Job/p | -ConfigMap/old | +Deployment/a | +ConfigMap/b");
    row("dry run of a failure", "ConfigMap a;ConfigMap b wave=1", "", "dryrun refuse=a",
        "+ConfigMap/a", "Failed");
    row("dry run in a namespace to come", "ConfigMap a", "", "dryrun createnamespace",
        "+Namespace/shop");
    row("dry run of a kind to come",
        "CustomResourceDefinition widgets.example.com;Widget.example.com w", "",
        "dryrun missing=Widget", "+CustomResourceDefinition/widgets.example.com");
    row("replace", "ConfigMap a;ConfigMap b", "ConfigMap a", "replace",
        "+ConfigMap/b =ConfigMap/a");
}

void TestSyncPlanner::runs()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, settings);
    QFETCH(QString, steps);
    QFETCH(QString, end);
    SyncRun run;
    setUp(run, desired, live, settings);
    run.maxSteps = 40;
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(QString::fromStdString(run.stepsText()), steps);
    QVERIFY2(
        endOf(run) == end,
        qPrintable(endOf(run) + QStringLiteral(": ") + QString::fromStdString(run.last.message)));
}

void TestSyncPlanner::says_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* desired, const char* live, const char* settings,
                        const char* message) {
        QTest::newRow(message) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                               << QString::fromLatin1(settings) << QString::fromLatin1(message);
    };
    row("", "", "", "successfully synced (no more tasks)");
    row("ConfigMap a", "", "", "successfully synced (all tasks run)");
    row("ConfigMap a", "StatefulSet old", "",
        "successfully synced (all tasks run); 1 prune waits for confirmation");
    row("Deployment web;ConfigMap b wave=1", "", "stuck=web",
        "waiting for healthy state of apps/Deployment/web");
    row("Deployment a;Deployment b;Deployment c;ConfigMap x wave=1", "", "stuck=a stuck=b stuck=c",
        "waiting for healthy state of apps/Deployment/a and 2 more resources");
    row("Pod p;ConfigMap x wave=1", "", "stuck=p", "waiting for healthy state of /Pod/p");
    row("Job h hook=PreSync", "", "stuck=h", "waiting for completion of hook batch/Job/h");
    row("Job h hook=PreSync;Job i hook=PreSync", "", "stuck=h stuck=i",
        "waiting for completion of hook batch/Job/h and 1 more hooks");
    row("Deployment a;Job h hook=Sync;ConfigMap x wave=1", "", "stuck=a stuck=h",
        "waiting for completion of hook batch/Job/h and 1 more resources");
    row("ConfigMap a", "ConfigMap old options=Prune=confirm", "",
        "waiting for pruning confirmation of /ConfigMap/old");
    row("ConfigMap a;ConfigMap b", "", "refuse=a refuse=b",
        "one or more objects failed to apply, reason: a is refused,b is refused");
    row("Deployment a;ConfigMap b wave=1", "", "degraded=a",
        "one or more synchronization tasks completed unsuccessfully, reason: apps/Deployment/a: "
        "broken");
    row("ConfigMap a;Job f hook=SyncFail", "", "refuse=a degraded=f",
        "one or more objects failed to apply, reason: a is refused\n"
        "one or more SyncFail hooks failed, reason: batch/Job/f: broken");
    row("Widget.example.com a;Widget.example.com b", "", "missing=Widget",
        "one or more synchronization tasks are not valid: the cluster does not serve "
        "Widget.example.com; is its CRD installed?");
    row("Widget.example.com w", "", "unknownkind=Widget",
        "one or more objects failed to apply, reason: it could not be found out whether the "
        "cluster serves Widget.example.com");
}

void TestSyncPlanner::says()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, settings);
    QFETCH(QString, message);
    SyncRun run;
    setUp(run, desired, live, settings);
    run.maxSteps = 30;
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(QString::fromStdString(run.last.message), message);
    QCOMPARE(run.last.heldByPerson, message.contains(QLatin1String("pruning confirmation")));
}

void TestSyncPlanner::showsLanes()
{
    SyncRun run;
    setUp(run,
          QStringLiteral("Job p hook=PreSync;Deployment a;ConfigMap b;ConfigMap c wave=2;"
                         "Job f hook=SyncFail"),
          QStringLiteral("ConfigMap old wave=2"), QStringLiteral("stuck=a"));
    run.input.live = run.cluster.live();
    const gitops::SyncStep first = gitops::planStep(run.input);
    using State = core::WaveProgress::State;
    QCOMPARE(first.waves.size(), std::size_t(3));
    QCOMPARE(first.waves[0].phase, core::SyncPhase::PreSync);
    QCOMPARE(first.waves[0].state, State::Applying);
    QCOMPARE(first.waves[1].total, 2);
    QCOMPARE(first.waves[1].state, State::Pending);
    QCOMPARE(first.waves[2].wave, 2);
    QCOMPARE(first.waves[2].total, 2); // the prune counts
    run.maxSteps = 30;
    run.runToEnd();
    QCOMPARE(run.last.waves[0].state, State::Done);
    QCOMPARE(run.last.waves[0].ready, 1);
    QCOMPARE(run.last.waves[1].state, State::Waiting);
    QCOMPARE(run.last.waves[1].applied, 2);
    QCOMPARE(run.last.waves[1].ready, 1);
    QCOMPARE(run.last.waves[1].waitsFor,
             std::vector<std::string> {"Deployment shop/a: Progressing, starting"});
    QCOMPARE(run.last.waves[2].state, State::Pending);
}

void TestSyncPlanner::listsWhatItWaitsFor()
{
    std::string desired = "ConfigMap z wave=1;";
    SyncRun run;
    for (int i = 0; i < 30; ++i) {
        desired += "Deployment d" + std::to_string(i) + ";";
        run.cluster.setBehaviour("d" + std::to_string(i), {{Health::Progressing, ""}, 1, 1});
    }
    setUp(run, QString::fromStdString(desired), {}, {});
    run.maxSteps = 10;
    run.runToEnd();
    QCOMPARE(run.last.waves[0].waitsFor.size(), std::size_t(20));
    QCOMPARE(run.last.waves[0].total, 30);
}

/// Health counts only from the generation that our write produced, and once it was observed.
void TestSyncPlanner::prefersObservedHealth()
{
    gitops::SyncInput input;
    input.desired = tests::manifestsOf("Deployment a;ConfigMap b wave=1");
    const core::ObjectKey key {"apps", "Deployment", "shop", "a"};
    gitops::mergeResult(
        input.results,
        {.key = key, .hookPhase = OperationPhase::Running, .uid = "u", .generation = 3});
    const auto actionsFor = [&](const char* live) {
        input.live = tests::liveMapOf(live);
        return gitops::planStep(input).actions.size();
    };
    QCOMPARE(actionsFor("Deployment a uid=u gen=2 health=Healthy"), std::size_t(0));
    QCOMPARE(actionsFor("Deployment a uid=u gen=3 health=Healthy unobserved"), std::size_t(0));
    QCOMPARE(actionsFor("Deployment a uid=u gen=3 health=Progressing"), std::size_t(0));
    QCOMPARE(actionsFor("Deployment a uid=u gen=3 health=Healthy"), std::size_t(1));
    QCOMPARE(actionsFor("Deployment a uid=u gen=4 health=Healthy"), std::size_t(1));
    QCOMPARE(actionsFor("Deployment a uid=other gen=1 health=Healthy"), std::size_t(1));
    // Old news of a failure fails nothing.
    input.live = tests::liveMapOf("Deployment a uid=u gen=2 health=Degraded");
    QCOMPARE(gitops::planStep(input).phase, OperationPhase::Running);
    // Gone is gone.
    input.live.clear();
    const gitops::SyncStep step = gitops::planStep(input);
    QCOMPARE(step.phase, OperationPhase::Failed);
    QCOMPARE(step.results.front().message,
             std::string("Resource apps/Deployment/a is missing, it might have been deleted"));
    // Of a kind that cannot be seen at the moment nothing is said.
    input.kinds[key.groupKind()] = gitops::KindAvailability::Unknown;
    QCOMPARE(gitops::planStep(input).phase, OperationPhase::Running);
}

void TestSyncPlanner::waitsForGrace()
{
    gitops::SyncInput input;
    input.desired = tests::manifestsOf("Deployment a;ConfigMap b wave=1");
    gitops::mergeResult(input.results,
                        {.key = {"apps", "Deployment", "shop", "a"},
                         .hookPhase = OperationPhase::Running,
                         .uid = "u",
                         .generation = 1});
    input.live = tests::liveMapOf("Deployment a uid=u health=Degraded unsettled");
    QCOMPARE(gitops::planStep(input).phase, OperationPhase::Running);
    input.live = tests::liveMapOf("Deployment a uid=u health=Degraded");
    QCOMPARE(gitops::planStep(input).phase, OperationPhase::Failed);
}

void TestSyncPlanner::confirmsPrunes()
{
    SyncRun run;
    setUp(run, QStringLiteral("ConfigMap a;Deployment b wave=5;ConfigMap c wave=6"),
          QStringLiteral("StatefulSet old"), QStringLiteral("slow=b"));
    run.before = [](SyncRun& self, int step) {
        if (step == 4)
            self.input.options.confirmed.insert({"apps", "StatefulSet", "shop", "old"});
    };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.stepsText(),
             std::string("+ConfigMap/a | +Deployment/b | -StatefulSet/old | "
                         "+ConfigMap/c"));
    QVERIFY(run.last.needsConfirmation.empty());
    QCOMPARE(run.result("StatefulSet/old")->code, core::ResultCode::Pruned);
}

void TestSyncPlanner::prunesNamespacesLast_data()
{
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("what is in it goes first, and is gone")
        << "Namespace old;ConfigMap b ns=old;Deployment web ns=old" << "slow=web"
        << "-ConfigMap/b -Deployment/web | +ConfigMap/a | -Namespace/old";
    QTest::newRow("whatever its wave is")
        << "Namespace old wave=9;ConfigMap b ns=old wave=-9" << "slow=b"
        << "+ConfigMap/a | -ConfigMap/b | -Namespace/old";
    QTest::newRow("nobody agreed to what is in it")
        << "Namespace old;ConfigMap b ns=old;StatefulSet db ns=old" << ""
        << "-ConfigMap/b | +ConfigMap/a";
    QTest::newRow("what is in it is to be kept")
        << "Namespace old;ConfigMap b ns=old options=Prune=false" << "" << "+ConfigMap/a";
    QTest::newRow("others are in it, and it was agreed to")
        << "Namespace old;ConfigMap b ns=old notours" << "" << "-Namespace/old | +ConfigMap/a";
}

void TestSyncPlanner::prunesNamespacesLast()
{
    QFETCH(const QString, live);
    QFETCH(const QString, settings);
    QFETCH(const QString, wanted);
    SyncRun run;
    setUp(run, QStringLiteral("ConfigMap a"), live, settings);
    run.input.options.confirmed.insert({"", "Namespace", "", "old"});
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QCOMPARE(QString::fromStdString(run.stepsText()), wanted);
}

void TestSyncPlanner::stopsForConfirmation()
{
    SyncRun run;
    setUp(run, QStringLiteral("ConfigMap a"), QStringLiteral("ConfigMap old options=Prune=confirm"),
          {});
    run.before = [](SyncRun& self, int step) {
        if (step == 5)
            self.input.options.confirmed.insert({"", "ConfigMap", "shop", "old"});
    };
    run.runToEnd();
    QCOMPARE(run.stepsText(), std::string("-ConfigMap/old | +ConfigMap/a"));
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
}

void TestSyncPlanner::terminates()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync;Job q hook=PreSync;ConfigMap a"), {},
          QStringLiteral("stuck=p"));
    run.before = [](SyncRun& self, int step) { self.input.terminate = step >= 5; };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Failed);
    QCOMPARE(run.last.message, std::string("Operation terminated"));
    QCOMPARE(run.stepsText(), std::string("+Job/p +Job/q | -Job/p"));
    QVERIFY(run.cluster.has({"batch", "Job", "shop", "q"}));
    QVERIFY(!run.cluster.has({"", "ConfigMap", "shop", "a"}));
}

void TestSyncPlanner::choosesAction_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("force");
    using Type = gitops::SyncAction::Type;
    const auto row = [](const char* name, const char* desired, const char* live,
                        const char* settings, Type type, bool force) {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                            << QString::fromLatin1(settings) << int(type) << force;
    };
    row("apply", "ConfigMap a", "", "", Type::Apply, false);
    row("force", "ConfigMap a", "", "force", Type::Apply, true);
    row("force by Git", "Job a options=Force=true", "", "", Type::Apply, true);
    row("force by live", "Job a", "Job a options=Force=true", "", Type::Apply, true);
    row("replace what is there", "Job a options=Replace=true", "Job a", "", Type::Replace, false);
    row("replace what is not there", "Job a options=Replace=true", "", "", Type::Apply, false);
    row("replace by live", "Job a", "Job a options=Replace=true", "", Type::Replace, false);
    row("force and replace", "Job a options=Force=true,Replace=true", "Job a", "", Type::Delete,
        false);
    row("replace all", "ConfigMap a", "ConfigMap a", "replace", Type::Replace, false);
    row("namespace", "ConfigMap a", "", "createnamespace", Type::CreateNamespace, false);
}

void TestSyncPlanner::choosesAction()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, settings);
    QFETCH(int, type);
    QFETCH(bool, force);
    SyncRun run;
    setUp(run, desired, live, settings);
    run.input.live = run.cluster.live();
    const gitops::SyncStep step = gitops::planStep(run.input);
    QCOMPARE(step.actions.size(), std::size_t(1));
    QCOMPARE(int(step.actions.front().type), type);
    QCOMPARE(step.actions.front().force, force);
}

void TestSyncPlanner::showsWhatIsLeaving()
{
    SyncRun run;
    setUp(run, QStringLiteral("ConfigMap b wave=1"), QStringLiteral("Deployment old"),
          QStringLiteral("slow=old"));
    run.maxSteps = 3;
    run.runToEnd();
    QCOMPARE(QString::fromStdString(run.last.message),
             QStringLiteral("waiting for deletion of apps/Deployment/old"));
    QCOMPARE(run.last.waves.front().state, core::WaveProgress::State::Waiting);
    QCOMPARE(run.last.waves.front().waitsFor,
             std::vector<std::string> {"Deployment shop/old: being deleted"});
}

void TestSyncPlanner::survivesCrashes_data()
{
    QTest::addColumn<int>("crashAt");
    for (int step = 0; step < 16; ++step)
        QTest::addRow("step %d", step) << step;
}

/// The process dies after the writes of a step went out, and before their answers were kept.
void TestSyncPlanner::survivesCrashes()
{
    QFETCH(int, crashAt);
    const QString desired = QStringLiteral(
        "Job p hook=PreSync;Namespace shop wave=-1;ConfigMap a;Deployment b;Deployment c wave=1;"
        "CustomResourceDefinition widgets.example.com wave=2;Widget.example.com w wave=2;"
        "Job q hook=PostSync policy=HookSucceeded");
    const QString live = QStringLiteral("ConfigMap old;Deployment older wave=2;Deployment b");
    SyncRun calm;
    setUp(calm, desired, live, QStringLiteral("missing=Widget"));
    calm.runToEnd();
    QCOMPARE(calm.last.phase, OperationPhase::Succeeded);
    SyncRun run;
    setUp(run, desired, live, QStringLiteral("missing=Widget"));
    std::vector<core::ResourceResult> kept;
    run.before = [&](SyncRun& self, int step) {
        if (step == crashAt + 1)
            self.input.results = kept;
        kept = self.input.results;
    };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QCOMPARE(run.cluster.names(), calm.cluster.names());
}

void TestSyncPlanner::handlesSlowAnswers()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync;ConfigMap a;Deployment b;Deployment c wave=1"),
          QStringLiteral("ConfigMap old;Job p hook=PreSync"), {});
    run.answersAtOnce = [](const gitops::SyncAction&) { return false; };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QCOMPARE(
        run.stepsText(),
        std::string(
            "-Job/p | +Job/p | -ConfigMap/old | +ConfigMap/a | +Deployment/b | +Deployment/c"));
}

WW_TEST_CLASS(TestSyncPlanner)
#include "tst_syncplanner.moc"
