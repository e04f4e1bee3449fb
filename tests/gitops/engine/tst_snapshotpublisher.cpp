// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/snapshotpublisher.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <map>

class TestSnapshotPublisher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atMostOneAnInterval();
    void sharesWhatDidNotChange();
    void forgetsWhatIsGone();
};

namespace {

struct Fixture
{
    tests::ManualExecutor executor;
    gitops::EventStream events {executor.clock()};
    std::map<std::string, int> built;
    std::set<std::string> gone;
    gitops::SnapshotPublisher publisher {
        executor, events, std::chrono::milliseconds(50),
        [this](const std::string& name) -> core::ApplicationStatePtr {
            if (gone.contains(name))
                return nullptr;
            ++built[name];
            auto state = std::make_shared<core::ApplicationState>();
            state->spec.name = name;
            return state;
        }};
};

} // namespace

void TestSnapshotPublisher::atMostOneAnInterval()
{
    Fixture f;
    int published = 0;
    const auto subscription = f.events.subscribe([&](const core::Event&) { ++published; });
    for (int i = 0; i < 100; ++i) {
        f.publisher.mark("shop");
        f.executor.advance(std::chrono::milliseconds(10));
    }
    f.executor.advance(std::chrono::milliseconds(50));
    QVERIFY2(published >= 19 && published <= 21, std::to_string(published).c_str());
    QCOMPARE(f.publisher.current()->sequence, std::uint64_t(published));
    f.executor.advance(std::chrono::hours(1));
    QVERIFY(published <= 21);
}

void TestSnapshotPublisher::sharesWhatDidNotChange()
{
    Fixture f;
    f.publisher.mark("a");
    f.publisher.mark("b");
    f.executor.advance(std::chrono::milliseconds(50));
    const core::SnapshotPtr first = f.publisher.current();
    QCOMPARE(first->applications.size(), std::size_t(2));
    f.publisher.mark("b");
    f.executor.advance(std::chrono::milliseconds(50));
    const core::SnapshotPtr second = f.publisher.current();
    QVERIFY(first->applications.at("a") == second->applications.at("a"));
    QVERIFY(first->applications.at("b") != second->applications.at("b"));
    QCOMPARE(f.built["a"], 1);
    QCOMPARE(f.built["b"], 2);
}

void TestSnapshotPublisher::forgetsWhatIsGone()
{
    Fixture f;
    f.publisher.mark("a");
    f.executor.advance(std::chrono::milliseconds(50));
    f.gone.insert("a");
    f.publisher.mark("a");
    f.executor.advance(std::chrono::milliseconds(50));
    QVERIFY(f.publisher.current()->applications.empty());
}

WW_TEST_CLASS(TestSnapshotPublisher)
#include "tst_snapshotpublisher.moc"
