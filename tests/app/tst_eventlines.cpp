// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/eventlines.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

namespace {

core::Event written(const std::string& name, core::ResultCode code,
                    const std::string& application = "web")
{
    core::ResourceResult result;
    result.key = {"", "ConfigMap", "ns-a", name};
    result.code = code;
    return {.what = core::event::ResourceApplied {application, result}};
}

core::Event finished(const std::string& application = "web")
{
    return {.what = core::event::OperationFinished {application, {}}};
}

} // namespace

class TestEventLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesWhatIsPruned()
    {
        app::EventLines lines;
        QCOMPARE(lines.of(written("x1", core::ResultCode::Pruned)),
                 std::vector<std::string> {"web: pruned ConfigMap ns-a/x1"});
        const core::Event failed = written("x2", core::ResultCode::SyncFailed);
        QCOMPARE(lines.of(failed), std::vector<std::string> {core::describe(failed)});
        QCOMPARE(lines.of(finished()), std::vector<std::string> {core::describe(finished())});
    }
    /// The condition follows from the operation, which has said it already.
    void aFailureIsSaidOnce()
    {
        app::EventLines lines;
        core::Event failed = finished();
        std::get<core::event::OperationFinished>(failed.what).operation.phase =
            core::OperationPhase::Failed;
        core::Event raised {.what =
                                core::event::ConditionRaised {"web", {"SyncError", "a", {}, {}}}};
        QCOMPARE(lines.of(raised).size(), 1U); // of a start: nothing was said before
        QCOMPARE(lines.of(failed).size(), 1U);
        core::Event other {.what = core::event::ConditionRaised {"web", {"Paused", "a", {}, {}}}};
        QCOMPARE(lines.of(other).size(), 1U);
        QCOMPARE(lines.of(raised).size(), 0U);
        QCOMPARE(lines.of(raised).size(), 1U);
    }
    void countsTheOthers_data()
    {
        QTest::addColumn<int>("pruned");
        QTest::addColumn<int>("named");
        QTest::addColumn<QString>("rest");
        QTest::newRow("as many as are named") << 20 << 20 << "";
        QTest::newRow("one more") << 21 << 20 << "web: pruned 1 more";
        QTest::newRow("many") << 500 << 20 << "web: pruned 480 more";
    }
    void countsTheOthers()
    {
        QFETCH(const int, pruned);
        QFETCH(const int, named);
        QFETCH(const QString, rest);
        app::EventLines lines;
        for (int operation = 0; operation < 2; ++operation) { // each is counted for itself
            int said = 0;
            for (int i = 0; i < pruned; ++i)
                said += int(lines.of(written(std::to_string(i), core::ResultCode::Pruned)).size());
            QCOMPARE(said, named);
            QCOMPARE(lines.of(finished("other")).size(), 1U);
            const auto end = lines.of(finished());
            QCOMPARE(end.size(), rest.isEmpty() ? 1U : 2U);
            if (!rest.isEmpty())
                QCOMPARE(QString::fromStdString(end.front()), rest);
            QCOMPARE(end.back(), core::describe(finished()));
        }
    }
};

WW_TEST_CLASS(TestEventLines)
#include "tst_eventlines.moc"
