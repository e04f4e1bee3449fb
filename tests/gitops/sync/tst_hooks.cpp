// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/sync/hooks.h"
#include "gitops/sync/order.h"
#include "gitops/sync/targetfacts.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestHooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTypes_data();
    void readsTypes();
    void readsPolicies_data();
    void readsPolicies();
    void namesHooks_data();
    void namesHooks();
    void readsWaves_data();
    void readsWaves();
    void readsOptions_data();
    void readsOptions();
};

void TestHooks::readsTypes_data()
{
    QTest::addColumn<QString>("argo");
    QTest::addColumn<QString>("helm");
    QTest::addColumn<QString>("wanted"); // "-": an ordinary object; "skip"; else phases
    const auto row = [](const char* argo, const char* helm, const char* wanted) {
        QTest::addRow("argo=%s helm=%s", argo, helm)
            << QString::fromLatin1(argo) << QString::fromLatin1(helm)
            << QString::fromLatin1(wanted);
    };
    row("", "", "-");
    row("PreSync", "", "PreSync");
    row("Sync", "", "Sync");
    row("PostSync", "", "PostSync");
    row("SyncFail", "", "SyncFail");
    row("Skip", "", "skip");
    row(" PreSync , PostSync ", "", "PreSync,PostSync");
    row("PostSync,PreSync", "", "PreSync,PostSync");
    row("PreSync,PreSync", "", "PreSync");
    row("PreSync,Nonsense", "", "PreSync");
    row("Nonsense", "", "");
    row("presync", "", "");
    row("Skip,PreSync", "", "PreSync");
    row("PreDelete", "", "");
    row("PostDelete", "", "");
    row("PostDelete,PreSync", "", "PreSync");
    row("", "pre-install", "PreSync");
    row("", "pre-upgrade", "PreSync");
    row("", "pre-install,pre-upgrade", "PreSync");
    row("", "post-install", "PostSync");
    row("", "post-upgrade,post-install", "PostSync");
    row("", "pre-install,post-install", "PreSync,PostSync");
    row("", "test", "");
    row("", "test-success", "");
    row("", "pre-rollback", "");
    row("", "pre-delete", "");
    row("", "crd-install", "-");
    row("", "crd-install,pre-install", "PreSync");
    row("Nonsense", "pre-install", "PreSync");
    row("PostSync", "pre-install", "PostSync");
    row("PostDelete", "pre-install", "");
    row("Skip", "pre-install", "skip");
}

void TestHooks::readsTypes()
{
    QFETCH(QString, argo);
    QFETCH(QString, helm);
    QFETCH(QString, wanted);
    std::map<std::string, std::string> annotations;
    if (!argo.isEmpty())
        annotations["argocd.argoproj.io/hook"] = argo.toStdString();
    if (!helm.isEmpty())
        annotations["helm.sh/hook"] = helm.toStdString();
    const gitops::Hook hook = gitops::hookOf(annotations);
    QCOMPARE(hook.isSkipped, wanted == QLatin1String("skip"));
    QCOMPARE(hook.isHook, wanted != QLatin1String("-") && !hook.isSkipped);
    if (hook.isHook)
        QCOMPARE(QString::fromStdString(hook.text), wanted);
}

void TestHooks::readsPolicies_data()
{
    QTest::addColumn<QString>("argo");
    QTest::addColumn<QString>("helm");
    QTest::addColumn<QString>("wanted"); // before, success, failure
    const auto row = [](const char* argo, const char* helm, const char* wanted) {
        QTest::addRow("argo=%s helm=%s", argo, helm)
            << QString::fromLatin1(argo) << QString::fromLatin1(helm)
            << QString::fromLatin1(wanted);
    };
    row("", "", "b");
    row("Nonsense", "", "b");
    row("BeforeHookCreation", "", "b");
    row("HookSucceeded", "", "s");
    row("HookFailed", "", "f");
    row("HookSucceeded, HookFailed", "", "sf");
    row("HookSucceeded,BeforeHookCreation", "", "bs");
    row("", "before-hook-creation", "b");
    row("", "hook-succeeded", "s");
    row("", "hook-failed", "f");
    row("HookSucceeded", "hook-failed", "sf");
}

void TestHooks::readsPolicies()
{
    QFETCH(QString, argo);
    QFETCH(QString, helm);
    QFETCH(QString, wanted);
    const gitops::Hook hook =
        gitops::hookOf({{"argocd.argoproj.io/hook", "PreSync"},
                        {"argocd.argoproj.io/hook-delete-policy", argo.toStdString()},
                        {"helm.sh/hook-delete-policy", helm.toStdString()}});
    QCOMPARE(hook.deleteBefore, wanted.contains(QLatin1Char('b')));
    QCOMPARE(hook.deleteOnSuccess, wanted.contains(QLatin1Char('s')));
    QCOMPARE(hook.deleteOnFailure, wanted.contains(QLatin1Char('f')));
}

void TestHooks::namesHooks_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("commit") << "0123456789abcdef" << "job-0123456-presync-1700000000";
    QTest::newRow("eight") << "01234567" << "job-0123456-presync-1700000000";
    QTest::newRow("short") << "1.2.3" << "job-1.2.3-presync-1700000000";
    QTest::newRow("none") << "" << "job--presync-1700000000";
}

void TestHooks::namesHooks()
{
    QFETCH(QString, revision);
    QFETCH(QString, wanted);
    const core::WallTime at {std::chrono::seconds(1700000000)};
    QCOMPARE(QString::fromStdString(
                 gitops::hookName("job-", revision.toStdString(), core::SyncPhase::PreSync, at)),
             wanted);
}

void TestHooks::readsWaves_data()
{
    QTest::addColumn<QString>("wave");
    QTest::addColumn<QString>("weight");
    QTest::addColumn<int>("wanted");
    QTest::newRow("neither") << QString() << QString() << 0;
    QTest::newRow("wave") << "5" << QString() << 5;
    QTest::newRow("negative") << "-3" << QString() << -3;
    QTest::newRow("plus") << "+2" << QString() << 2;
    QTest::newRow("weight") << QString() << "7" << 7;
    QTest::newRow("both") << "1" << "7" << 1;
    QTest::newRow("bad wave falls through") << "first" << "7" << 7;
    QTest::newRow("both bad") << "first" << "last" << 0;
    QTest::newRow("fraction") << "1.5" << QString() << 0;
    QTest::newRow("blank") << " 1" << QString() << 0;
    QTest::newRow("too big") << "99999999999" << QString() << 0;
    QTest::newRow("two signs") << "+-1" << QString() << 0;
    QTest::newRow("sign only") << "-" << QString() << 0;
}

void TestHooks::readsWaves()
{
    QFETCH(QString, wave);
    QFETCH(QString, weight);
    QFETCH(int, wanted);
    std::map<std::string, std::string> annotations;
    if (!wave.isNull())
        annotations["argocd.argoproj.io/sync-wave"] = wave.toStdString();
    if (!weight.isNull())
        annotations["helm.sh/hook-weight"] = weight.toStdString();
    QCOMPARE(gitops::waveOf(annotations), wanted);
}

void TestHooks::readsOptions_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<bool>("has");
    QTest::newRow("alone") << "Prune=false" << true;
    QTest::newRow("in a list") << "Validate=false, Prune=false" << true;
    QTest::newRow("other value") << "Prune=true" << false;
    QTest::newRow("other spelling") << "prune=false" << false;
    QTest::newRow("longer") << "Prune=falsest" << false;
    QTest::newRow("none") << "" << false;
}

void TestHooks::readsOptions()
{
    QFETCH(QString, list);
    QFETCH(bool, has);
    QCOMPARE(gitops::hasSyncOption({{"argocd.argoproj.io/sync-options", list.toStdString()}},
                                   "Prune=false"),
             has);
}

WW_TEST_CLASS(TestHooks)
#include "tst_hooks.moc"
