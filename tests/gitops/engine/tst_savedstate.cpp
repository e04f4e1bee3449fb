// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/savedstate.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestSavedState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void damaged_data();
    void damaged();
    void names();
};

void TestSavedState::roundTrip()
{
    using namespace gitops;
    const core::ObjectKey web {"apps", "Deployment", "shop", "web"};
    const core::WallTime when {std::chrono::seconds(1'767'225'600)};
    SavedState state;
    state.revision = core::CommitInfo {"abc", "A \"quoted\" author", "subject\nline", when};
    state.historyRewritten = true;
    state.attempt = Attempt {"abc", "digest", core::OperationPhase::Failed, "why", true};
    core::Operation operation;
    operation.trigger = core::Operation::Trigger::Automated;
    operation.id = "shop-1";
    operation.revision = "abc";
    operation.phase = core::OperationPhase::Running;
    operation.startedAt = when;
    operation.prune = true;
    operation.only = {web};
    operation.attempt = 2;
    operation.lastFailure = "no route";
    operation.nextRetryAt = when + std::chrono::seconds(5);
    operation.waves = {{.state = core::WaveProgress::State::Waiting,
                        .phase = core::SyncPhase::Sync,
                        .wave = -1,
                        .total = 3,
                        .applied = 2,
                        .ready = 1}};
    operation.results = {{.key = web,
                          .phase = core::SyncPhase::PreSync,
                          .wave = -3,
                          .hook = "PreSync",
                          .code = core::ResultCode::SyncFailed,
                          .hookPhase = core::OperationPhase::Failed,
                          .message = "no",
                          .uid = "u",
                          .generation = 4}};
    state.operation = operation;
    state.force = true;
    state.unanswered = {
        {.key = web, .wave = 2, .hook = "Sync", .isDelete = true, .uidBefore = "x"}};
    state.pauses = {{web, "testing", when}, {std::nullopt, "", std::nullopt}};
    state.confirmed = {{web, "uid-1"}};
    state.asked = {{web, "uid-1"}, {{"", "Namespace", "", "extra"}, "uid-3"}};
    state.adopted = {"uid-2"};
    state.children = {{"Application/argocd/child", "{\"kind\":\"Application\"}"}};
    state.deleting = true;
    state.origin = "{\"repository\":\"a\"}";
    state.replacedOrigin = "{";
    const auto read = savedStateFromText(toText(state));
    QVERIFY(read.has_value());
    QVERIFY(*read == state);
    QVERIFY(*savedStateFromText(toText(SavedState {})) == SavedState {});
}

void TestSavedState::damaged_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << "";
    QTest::newRow("cut") << "{\"version\":1,\"pauses\":[";
    QTest::newRow("no version") << "{}";
    QTest::newRow("newer") << "{\"version\":2}";
    QTest::newRow("not an object") << "[1]";
}

void TestSavedState::damaged()
{
    QFETCH(QString, text);
    QVERIFY(!gitops::savedStateFromText(text.toStdString()).has_value());
    // Members of wrong types are as if they were absent.
    const auto odd = gitops::savedStateFromText(
        R"({"version":1,"pauses":7,"adopted":[1,"a"],"operation":{"phase":99,"results":[3]}})");
    QVERIFY(odd.has_value());
    QCOMPARE(odd->adopted.size(), std::size_t(1));
}

void TestSavedState::names()
{
    QCOMPARE(gitops::resourceNameFor("shop"), std::string("wavewright-shop"));
    const std::string odd = gitops::resourceNameFor("Team A/shop");
    QVERIFY(odd != gitops::resourceNameFor("Team-A/shop"));
    QVERIFY(odd.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == odd.npos
            || odd.starts_with("wavewright-"));
    QVERIFY(gitops::resourceNameFor(std::string(300, 'a')).size() < 254);
}

WW_TEST_CLASS(TestSavedState)
#include "tst_savedstate.moc"
