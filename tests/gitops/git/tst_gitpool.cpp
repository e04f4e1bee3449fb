// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/gitpool.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace gitops;
using namespace std::chrono_literals;

namespace {

/// Opens once; others wait at it.
class Gate
{
public:
    void open()
    {
        std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    bool wait(std::chrono::milliseconds limit = 20s)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, limit, [this] { return m_open; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = false;
};

} // namespace

class TestGitPool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsJobsOfOneKeyInTurn()
    {
        GitPool pool(4, 60s);
        std::atomic<int> inside = 0;
        std::atomic<int> most = 0;
        std::atomic<int> done = 0;
        Gate all;
        for (int i = 0; i < 50; ++i)
            pool.run(
                "one",
                [&](JobWatch&) {
                    most = std::max(most.load(), ++inside);
                    std::this_thread::yield();
                    --inside;
                    if (++done == 50)
                        all.open();
                },
                [] {});
        QVERIFY(all.wait());
        QCOMPARE(most.load(), 1);
    }

    void keysRunBesideEachOther()
    {
        GitPool pool(2, 60s);
        Gate first;
        Gate second;
        Gate done;
        pool.run(
            "a",
            [&](JobWatch&) {
                first.open();
                second.wait();
                done.open();
            },
            [] {});
        pool.run(
            "b",
            [&](JobWatch&) {
                first.wait();
                second.open();
            },
            [] {});
        QVERIFY(done.wait());
    }

    void aHungJobHoldsUpItsKeyOnly()
    {
        Gate release;
        Gate late;
        Gate back;
        Gate others;
        GitPool pool(1, 100ms);
        pool.run(
            "hangs",
            [&](JobWatch& watch) {
                release.wait();
                if (watch.isCancelled())
                    back.open();
            },
            [&] { late.open(); });
        QVERIFY(late.wait());
        QVERIFY(pool.isHung("hangs"));
        QVERIFY(!pool.isHung("other"));
        pool.run("other", [&](JobWatch&) { others.open(); }, [] {});
        QVERIFY(others.wait()); // the only thread hangs, and yet
        Gate again;
        pool.run("hangs", [&](JobWatch&) { again.open(); }, [] {});
        QVERIFY(!again.wait(50ms));
        release.open();
        QVERIFY(back.wait());
        QVERIFY(again.wait());
        QVERIFY(!pool.isHung("hangs"));
    }

    void aJobThatIsHeardOfLives()
    {
        GitPool pool(1, 200ms);
        Gate done;
        std::atomic<bool> late = false;
        pool.run(
            "slow",
            [&](JobWatch& watch) {
                for (int i = 0; i < 25; ++i) {
                    std::this_thread::sleep_for(20ms);
                    watch.touch();
                }
                done.open();
            },
            [&] { late = true; });
        QVERIFY(done.wait());
        QVERIFY(!late);
    }

    void endsWhileAJobHangs()
    {
        auto release = std::make_shared<Gate>();
        auto left = std::make_shared<Gate>();
        {
            Gate started;
            GitPool pool(1, 60s);
            pool.run(
                "hangs",
                [&started, release, left](JobWatch&) {
                    started.open();
                    release->wait();
                    left->open();
                },
                [] {});
            QVERIFY(started.wait());
        }
        release->open();
        QVERIFY(left->wait());
    }
};

WW_TEST_CLASS(TestGitPool)
#include "tst_gitpool.moc"
