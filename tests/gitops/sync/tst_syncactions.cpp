// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/syncactions.h"
#include "tests/gitops/sync/syncsetup.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::SyncRun;

/// What each sync option makes of a sync: of the application (in the settings) and of an object.
class TestSyncActions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void options_data();
    void options();
    void saysWhyItStays();
};

void TestSyncActions::options_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("steps"); ///< "+" written, "=" replaced, "-" deleted
    QTest::addColumn<QString>("end");
    const auto row = [](const char* name, const char* desired, const char* live,
                        const char* settings, const char* steps, const char* end = "Succeeded") {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                            << QString::fromLatin1(settings) << QString::fromLatin1(steps)
                            << QString::fromLatin1(end);
    };
    // Replace and Force.
    row("Replace=true, nothing there", "ConfigMap a", "", "replace", "+ConfigMap/a");
    row("Replace=true, in place", "ConfigMap a", "ConfigMap a", "replace", "=ConfigMap/a");
    row("Replace=true of an object", "ConfigMap a options=Replace=true;ConfigMap b",
        "ConfigMap a;ConfigMap b", "", "+ConfigMap/b =ConfigMap/a");
    row("Replace=true of the live object", "ConfigMap a", "ConfigMap a options=Replace=true", "",
        "=ConfigMap/a");
    row("Force=true alone is an apply", "Job a options=Force=true", "Job a", "", "+Job/a");
    row("Force=true and Replace=true: made anew", "Job a options=Force=true,Replace=true", "Job a",
        "", "-Job/a | +Job/a");
    row("made anew once in a sync", "Job a options=Force=true,Replace=true;ConfigMap b wave=1",
        "Job a health=Healthy", "", "-Job/a | +Job/a | +ConfigMap/b");
    row("made anew once it is gone", "Job a options=Force=true,Replace=true", "Job a", "slow=a",
        "-Job/a | +Job/a");
    row("for the whole application", "Job a;ConfigMap b", "Job a;ConfigMap b", "force replace",
        "-ConfigMap/b -Job/a | +ConfigMap/b | +Job/a");
    row("nothing there to be made anew", "Job a options=Force=true,Replace=true", "", "", "+Job/a");
    row("being deleted already", "Job a options=Force=true,Replace=true", "Job a deleting", "",
        "+Job/a");
    row("not what is not ours", "Job a options=Force=true,Replace=true", "Job a notours", "",
        "=Job/a");
    row("not what was there before", "Job a options=Force=true,Replace=true", "Job a preexisting",
        "", "=Job/a");
    row("never a protected kind", "StatefulSet a options=Force=true,Replace=true", "StatefulSet a",
        "", "=StatefulSet/a");
    row("never a namespace", "Namespace shop options=Force=true,Replace=true;ConfigMap a",
        "Namespace shop", "", "=Namespace/shop | +ConfigMap/a");
    row("not as a dry run", "Job a options=Force=true,Replace=true", "Job a", "dryrun", "=Job/a");
    row("its deletion is refused", "Job a options=Force=true,Replace=true", "Job a", "refuse=a",
        "-Job/a", "Failed");
    // Prunes.
    row("Prune=false of the application", "ConfigMap a", "ConfigMap old", "prune=false",
        "+ConfigMap/a");
    row("Prune=false of the object", "ConfigMap a", "ConfigMap old options=Prune=false", "",
        "+ConfigMap/a");
    row("the object goes first", "ConfigMap a", "ConfigMap old options=Prune=true", "prune=false",
        "-ConfigMap/old | +ConfigMap/a");
    row("Prune=confirm of the application", "ConfigMap a", "ConfigMap old", "prune=confirm", "",
        "Running");
    row("PruneLast=true of the application", "ConfigMap a;ConfigMap b wave=2", "ConfigMap old",
        "prunelast", "+ConfigMap/a | +ConfigMap/b | -ConfigMap/old");
    row("PruneLast=true of the object", "ConfigMap a;ConfigMap b wave=2",
        "ConfigMap old options=PruneLast=true", "", "+ConfigMap/a | +ConfigMap/b | -ConfigMap/old");
    row("what was asked goes on waiting", "ConfigMap a", "ConfigMap old;ConfigMap older",
        "asked=old", "-ConfigMap/older | +ConfigMap/a");
    // The removal of the whole application.
    row("removal", "", "ConfigMap a;ConfigMap b", "removal", "-ConfigMap/a -ConfigMap/b");
    row("Delete=false", "", "ConfigMap a options=Delete=false;ConfigMap b", "removal",
        "-ConfigMap/b");
    row("Delete=false of the application", "", "ConfigMap a;ConfigMap b options=Delete=true",
        "removal delete=false", "-ConfigMap/b");
    row("Helm's keep", "", "ConfigMap a helmpolicy=keep;ConfigMap b", "removal", "-ConfigMap/b");
    row("Prune=false means nothing then", "", "ConfigMap a options=Prune=false", "removal",
        "-ConfigMap/a");
    row("Delete=confirm", "", "ConfigMap a options=Delete=confirm", "removal", "", "Running");
    row("Delete=false means nothing of a prune", "ConfigMap a",
        "ConfigMap old options=Delete=false", "", "-ConfigMap/old | +ConfigMap/a");
    // What takes part.
    row("ApplyOutOfSyncOnly=true", "ConfigMap a;ConfigMap b;ConfigMap c", "ConfigMap a;ConfigMap b",
        "applyoutofsynconly outofsync=b", "+ConfigMap/b +ConfigMap/c");
    row("ApplyOutOfSyncOnly=true runs hooks", "Job h hook=PreSync;ConfigMap a", "ConfigMap a",
        "applyoutofsynconly", "+Job/h");
    // Namespaces.
    row("CreateNamespace=true leaves one alone", "ConfigMap a", "Namespace shop notours",
        "createnamespace", "+ConfigMap/a");
    row("managedNamespaceMetadata is applied to one", "ConfigMap a", "Namespace shop notours",
        "createnamespace managesnamespace", "+Namespace/shop | +ConfigMap/a");
    row("not without CreateNamespace=true", "ConfigMap a", "Namespace shop notours",
        "managesnamespace", "+ConfigMap/a");
    row("CreateNamespace=true for one of its objects", "ConfigMap a;ConfigMap b", "",
        "createnamespace only=ConfigMap/a", "+Namespace/shop | +ConfigMap/a");
    row("CreateNamespace=true is of its objects alone", "Namespace other;ConfigMap b", "",
        "createnamespace only=Namespace/other", "+Namespace/other");
    row("a manifest in Git says it all", "Namespace shop;ConfigMap a", "Namespace shop",
        "createnamespace managesnamespace", "+Namespace/shop | +ConfigMap/a");
}

void TestSyncActions::options()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, settings);
    QFETCH(QString, steps);
    QFETCH(QString, end);
    SyncRun run;
    tests::setUp(run, desired, live, settings);
    run.maxSteps = 40;
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(QString::fromStdString(run.stepsText()), steps);
    QCOMPARE(std::string(core::toString(run.last.phase)), end.toStdString());
}

void TestSyncActions::saysWhyItStays()
{
    SyncRun run;
    tests::setUp(run, {}, QStringLiteral("ConfigMap a options=Delete=false"),
                 QStringLiteral("removal"));
    run.runToEnd();
    QCOMPARE(run.result("ConfigMap/a")->code, core::ResultCode::PruneSkipped);
    QCOMPARE(run.result("ConfigMap/a")->message, std::string("stays when the application goes"));
}

WW_TEST_CLASS(TestSyncActions)
#include "tst_syncactions.moc"
