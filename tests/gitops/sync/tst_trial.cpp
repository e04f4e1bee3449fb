// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/trial.h"
#include "tests/gitops/sync/syncsetup.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::SyncRun;

/// What is tried on the server before the first write of a sync.
class TestTrial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runs_data();
    void runs();
    void namesEachReason();
    void saysWhatCannotBeTried();
    void isOverOnceItBegan();
    void refusals_data();
    void refusals();
};

void TestTrial::runs_data()
{
    QTest::addColumn<QString>("desired");
    QTest::addColumn<QString>("live");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("steps");
    QTest::addColumn<QString>("end");
    const auto row = [](const char* name, const char* desired, const char* live,
                        const char* settings, const char* steps, const char* end = "Succeeded") {
        QTest::newRow(name) << QString::fromLatin1(desired) << QString::fromLatin1(live)
                            << QString::fromLatin1(settings) + QStringLiteral(" tryfirst")
                            << QString::fromLatin1(steps) << QString::fromLatin1(end);
    };
    // When it is due.
    row("not for a first sync of one wave", "ConfigMap a;ConfigMap b", "", "",
        "+ConfigMap/a +ConfigMap/b");
    row("nor into a namespace that is there", "Namespace shop;ConfigMap a",
        "Namespace shop notours", "invalid=a", "+Namespace/shop | +ConfigMap/a", "Failed");
    row("for two waves", "ConfigMap a;ConfigMap b wave=1", "", "",
        "?ConfigMap/a ?ConfigMap/b | +ConfigMap/a | +ConfigMap/b");
    row("for an update", "ConfigMap a;ConfigMap b", "ConfigMap a", "outofsync=a",
        "?ConfigMap/a ?ConfigMap/b | +ConfigMap/a +ConfigMap/b");
    row("not of what is as it should be", "ConfigMap a;ConfigMap b", "ConfigMap a", "",
        "?ConfigMap/b | +ConfigMap/a +ConfigMap/b");
    row("nothing to try", "ConfigMap a", "ConfigMap a", "", "+ConfigMap/a");
    row("not of a dry run", "ConfigMap a;ConfigMap b wave=1", "", "dryrun",
        "+ConfigMap/a | +ConfigMap/b");
    // What comes of it.
    row("a refusal in a later wave", "ConfigMap a;Job h hook=PreSync;Deployment b wave=3", "",
        "invalid=b", "?ConfigMap/a ?Deployment/b ?Job/h", "Failed");
    row("a refused update", "ConfigMap a;ConfigMap b", "ConfigMap a", "outofsync=a invalid=a",
        "?ConfigMap/a ?ConfigMap/b", "Failed");
    row("a webhook's denial", "ConfigMap a;ConfigMap b wave=1", "", "denied=b",
        "?ConfigMap/a ?ConfigMap/b", "Failed");
    row("a right that is missing", "ConfigMap a;ConfigMap b wave=1", "", "noright=b",
        "?ConfigMap/a ?ConfigMap/b", "Failed");
    row("a right that the sync may grant",
        "RoleBinding.rbac.authorization.k8s.io r;ConfigMap b wave=1", "", "noright=b",
        "?ConfigMap/b ?RoleBinding/r | +RoleBinding/r | +ConfigMap/b", "Failed");
    row("nothing is pruned either", "ConfigMap a;ConfigMap b wave=1", "ConfigMap old", "invalid=b",
        "?ConfigMap/a ?ConfigMap/b", "Failed");
    row("prunes come after it", "ConfigMap a;ConfigMap b wave=1", "ConfigMap old", "",
        "?ConfigMap/a ?ConfigMap/b | -ConfigMap/old | +ConfigMap/a | +ConfigMap/b");
    row("fail hooks do not run", "ConfigMap a;ConfigMap b wave=1;Job f hook=SyncFail", "",
        "invalid=b", "?ConfigMap/a ?ConfigMap/b ?Job/f", "Failed");
    // What cannot be tried.
    row("a kind that comes with the sync",
        "CustomResourceDefinition widgets.example.com;Widget.example.com w;ConfigMap b wave=1", "",
        "missing=Widget",
        "?ConfigMap/b ?CustomResourceDefinition/widgets.example.com"
        " | +CustomResourceDefinition/widgets.example.com | +Widget/w | +ConfigMap/b");
    row("a namespace that comes with the sync", "Namespace shop;ConfigMap a wave=1", "",
        "invalid=a", "?Namespace/shop | +Namespace/shop | +ConfigMap/a", "Failed");
    row("a namespace that is created", "ConfigMap a;ConfigMap b wave=1", "", "createnamespace",
        "+Namespace/shop | +ConfigMap/a | +ConfigMap/b");
    row("a hook that is made again", "Job h hook=PreSync;ConfigMap a",
        "Job h hook=PreSync health=Healthy", "", "?ConfigMap/a | -Job/h | +Job/h | +ConfigMap/a");
    row("what may be made anew", "ConfigMap a options=Force=true;ConfigMap b wave=1", "",
        "invalid=a", "?ConfigMap/b | +ConfigMap/a", "Failed");
    row("what asks for no validation", "ConfigMap a options=Validate=false;ConfigMap b wave=1", "",
        "", "?ConfigMap/b | +ConfigMap/a | +ConfigMap/b");
    row("what is not permitted comes first", "ConfigMap a;ConfigMap b wave=1", "",
        "forbid=ConfigMap/b", "", "Failed");
    row("a namespace that is not permitted", "ConfigMap a", "",
        "createnamespace forbid=Namespace/shop", "", "Failed");
}

void TestTrial::runs()
{
    QFETCH(QString, desired);
    QFETCH(QString, live);
    QFETCH(QString, settings);
    QFETCH(QString, steps);
    QFETCH(QString, end);
    SyncRun run;
    tests::setUp(run, desired, live, settings);
    run.runToEnd();
    QVERIFY2(run.complaint.empty(), run.complaint.c_str());
    QCOMPARE(QString::fromStdString(run.stepsText()), steps);
    QCOMPARE(std::string(core::toString(run.last.phase)), end.toStdString());
    if (end == QLatin1String("Failed") && !steps.contains(QLatin1Char('+')))
        for (const std::string& line : run.cluster.log())
            QVERIFY2(run.cluster.names().size() <= 1, line.c_str()); // only what was there before
}

void TestTrial::namesEachReason()
{
    SyncRun run;
    tests::setUp(run, QStringLiteral("ConfigMap a;ConfigMap b wave=1;Deployment c wave=2"), {},
                 QStringLiteral("tryfirst invalid=a denied=c"));
    run.runToEnd();
    QCOMPARE(run.last.message,
             std::string("nothing was written: the server would refuse 2 of 3 that were tried "
                         "(dry run): /ConfigMap/a: spec of a is odd; apps/Deployment/c: "
                         "webhook \"p\" denied the request: c"));
    QCOMPARE(run.result("ConfigMap/a")->code, core::ResultCode::SyncFailed);
    QCOMPARE(run.result("ConfigMap/a")->message, std::string("spec of a is odd"));
    QVERIFY(run.result("ConfigMap/b") == nullptr);
    QCOMPARE(run.result("Deployment/c")->hookPhase, std::optional(core::OperationPhase::Failed));
    QVERIFY(run.cluster.names().empty());
}

void TestTrial::saysWhatCannotBeTried()
{
    SyncRun run;
    tests::setUp(run, QStringLiteral("Namespace shop;ConfigMap a wave=1;ConfigMap b wave=2"), {},
                 QStringLiteral("tryfirst"));
    const gitops::SyncStep step = gitops::planStep(run.input);
    QCOMPARE(step.message,
             std::string("trying 1 object on the server before the first write; 2 cannot be tried "
                         "yet, since what they need comes with this sync"));
    QVERIFY(step.actions.size() == 1 && step.actions[0].isTrial && step.actions[0].dryRun);
    QVERIFY(step.results.empty());
}

/// After a restart in the middle nothing is tried any more.
void TestTrial::isOverOnceItBegan()
{
    SyncRun run;
    tests::setUp(run, QStringLiteral("ConfigMap a;ConfigMap b wave=1"), {},
                 QStringLiteral("tryfirst"));
    run.before = [](SyncRun& self, int step) {
        if (step == 2)
            self.input.tried.clear(); // lost with the process
    };
    run.runToEnd();
    QCOMPARE(run.stepsText(),
             std::string("?ConfigMap/a ?ConfigMap/b | +ConfigMap/a | +ConfigMap/b"));
}

void TestTrial::refusals_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<bool>("grantsRights");
    QTest::addColumn<bool>("isRefusal");
    using Code = core::ErrorCode;
    const auto row = [](const char* name, Code code, const char* message, bool isRefusal,
                        bool grantsRights = false) {
        QTest::newRow(name) << int(code) << QByteArray(message) << grantsRights << isRefusal;
    };
    const char* cannot = "deployments.apps \"a\" is forbidden: User \"u\" cannot patch resource";
    row("invalid", Code::Invalid, "spec.replicas: Invalid value", true);
    row("webhook", Code::Forbidden, "admission webhook \"x\" denied the request: no", true);
    row("webhook beside rights", Code::Forbidden, "webhook \"x\" denied the request", true, true);
    row("rights", Code::Forbidden, cannot, true);
    row("rights that may come", Code::Forbidden, cannot, false, true);
    row("account that may come", Code::Forbidden, "error looking up service account a/b", false);
    row("quota", Code::Forbidden, "exceeded quota: compute", false);
    row("no namespace", Code::NotFound, "namespaces \"a\" not found", false);
    row("conflict", Code::Conflict, "the object has been modified", false);
    row("no network", Code::Network, "connection refused", false);
    row("webhook is down", Code::Unavailable, "failed calling webhook", false);
    row("too many requests", Code::TooManyRequests, "later", false);
    row("signed out", Code::Unauthorized, "token has expired", false);
}

void TestTrial::refusals()
{
    QFETCH(int, code);
    QFETCH(QByteArray, message);
    QFETCH(bool, grantsRights);
    QFETCH(bool, isRefusal);
    gitops::SyncInput input;
    input.desired = tests::manifestsOf(
        grantsRights ? "ConfigMap a;RoleBinding.rbac.authorization.k8s.io r" : "ConfigMap a");
    const core::Error error {.code = core::ErrorCode(code), .message = message.toStdString()};
    QCOMPARE(gitops::refusalOf(error, input), isRefusal ? message.toStdString() : std::string());
}

WW_TEST_CLASS(TestTrial)
#include "tst_trial.moc"
