// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/sync/syncsetup.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using core::OperationPhase;
using tests::setUp;
using tests::SyncRun;

class TestHookCleanup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finalizerKeepsHook();
    void watchedHookNeedsNoFinalizer();
    void releasesOnce();
    void releasesStrays();
    void cleansUpOnce();
    void leavesForeignHooks();
};

void TestHookCleanup::finalizerKeepsHook()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync ttl;ConfigMap a"), {}, {});
    run.input.live = run.cluster.live();
    const gitops::SyncStep step = gitops::planStep(run.input);
    QVERIFY(step.actions.front().manifest->text().find("argocd.argoproj.io/hook-finalizer")
            != std::string::npos);
    run.runToEnd();
    const std::vector<std::string> wanted {"+Job/p", "~Job/p", "+ConfigMap/a"};
    std::vector<std::string> log = run.cluster.log();
    std::ranges::sort(log);
    std::vector<std::string> sorted = wanted;
    std::ranges::sort(sorted);
    QCOMPARE(log, sorted);
    const auto live = run.cluster.live();
    QVERIFY(live.at({"batch", "Job", "shop", "p"}).finalizers.empty());
}

void TestHookCleanup::watchedHookNeedsNoFinalizer()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync"), {}, {});
    const gitops::SyncStep step = gitops::planStep(run.input);
    QVERIFY(step.actions.front().manifest->text().find("finalizer") == std::string::npos);
}

/// A cleanup that is refused is tried once, and does not undo the hook's own result.
void TestHookCleanup::releasesOnce()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync ttl;ConfigMap a wave=1"), {}, {});
    run.before = [](SyncRun& self, int step) {
        if (step == 1)
            self.cluster.refuse("p");
    };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QCOMPARE(std::ranges::count(run.cluster.log(), "~Job/p"), 1);
    QCOMPARE(run.result("Job/p")->hookPhase, std::optional(OperationPhase::Succeeded));
}

/// A hook that Git no longer has, kept by the finalizer of an earlier operation.
void TestHookCleanup::releasesStrays()
{
    SyncRun run;
    setUp(run, QStringLiteral("ConfigMap a;Job p hook=PreSync"),
          QStringLiteral("Job gone hook=PreSync kept deleting;Job ended hook=PreSync kept "
                         "health=Healthy;Job other hook=PreSync kept notours deleting;"
                         "Job runs hook=PreSync kept health=Progressing"),
          {});
    run.cluster.refuse("ended");
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QVERIFY(!run.cluster.has({"batch", "Job", "shop", "gone"}));
    QVERIFY(run.cluster.has({"batch", "Job", "shop", "other"}));
    QCOMPARE(std::ranges::count(run.cluster.log(), "~Job/ended"), 1);
    QCOMPARE(std::ranges::count(run.cluster.log(), "~Job/runs"), 0);
    QCOMPARE(std::ranges::count(run.cluster.log(), "~Job/other"), 0);
}

void TestHookCleanup::cleansUpOnce()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync ttl policy=HookSucceeded;Deployment a"), {}, {});
    run.before = [](SyncRun& self, int step) {
        if (step == 2) // created and released by now
            self.cluster.refuse("p");
    };
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QCOMPARE(std::ranges::count(run.cluster.log(), "-Job/p"), 1);
    QCOMPARE(run.result("Job/p")->code, core::ResultCode::SyncFailed);
    QCOMPARE(run.result("Job/p")->hookPhase, std::optional(OperationPhase::Succeeded));
}

/// What somebody else made under the name of an ended hook is not ours to delete.
void TestHookCleanup::leavesForeignHooks()
{
    SyncRun run;
    setUp(run, QStringLiteral("Job p hook=PreSync ttl policy=HookSucceeded;Deployment a"), {}, {});
    run.before = [](SyncRun& self, int step) {
        if (step == 2)
            self.cluster.put("Job p uid=foreign health=Healthy");
    };
    run.runToEnd();
    QCOMPARE(run.last.phase, OperationPhase::Succeeded);
    QVERIFY(run.cluster.has({"batch", "Job", "shop", "p"}));
    QCOMPARE(std::ranges::count(run.cluster.log(), "-Job/p"), 0);
}

WW_TEST_CLASS(TestHookCleanup)
#include "tst_hookcleanup.moc"
