// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/threadexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

using namespace gitops;
using namespace std::chrono_literals;

class TestThreadExecutor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void strandKeepsOrder();
    void strandsRunBesideEachOther();
    void strandNeverRunsTwice();
    void timersRunInOrder();
    void cancelledTimerDoesNotRun();
    void cancelAfterRunIsFalse();
    void destructionDropsWhatWaits();
    void strandOutlivesPool();
    void workPoolRunsBeside();
};

namespace {

/// Waits until all that was posted before has run.
void drain(core::Executor& executor)
{
    std::promise<void> done;
    executor.post([&done] { done.set_value(); });
    done.get_future().wait();
}

} // namespace

void TestThreadExecutor::strandKeepsOrder()
{
    ThreadPool pool(4, "test");
    const auto strand = pool.strand();
    std::vector<int> seen; // touched by the strand alone
    for (int i = 0; i < 1000; ++i)
        strand->post([&seen, i] { seen.push_back(i); });
    drain(*strand);
    QCOMPARE(seen.size(), std::size_t(1000));
    QVERIFY(std::is_sorted(seen.begin(), seen.end()));
}

void TestThreadExecutor::strandsRunBesideEachOther()
{
    ThreadPool pool(2, "test");
    const auto a = pool.strand();
    const auto b = pool.strand();
    std::promise<void> fromB;
    std::promise<void> done;
    a->post([&] {
        fromB.get_future().wait(); // only another thread can end this
        done.set_value();
    });
    b->post([&fromB] { fromB.set_value(); });
    QCOMPARE(done.get_future().wait_for(20s), std::future_status::ready);
}

void TestThreadExecutor::strandNeverRunsTwice()
{
    ThreadPool pool(4, "test");
    const auto strand = pool.strand();
    std::atomic<int> inside = 0;
    std::atomic<bool> overlapped = false;
    std::vector<std::thread> posters;
    for (int t = 0; t < 4; ++t)
        posters.emplace_back([&] {
            for (int i = 0; i < 500; ++i)
                strand->post([&] {
                    if (inside.fetch_add(1) != 0)
                        overlapped = true;
                    inside.fetch_sub(1);
                });
        });
    for (std::thread& poster : posters)
        poster.join();
    drain(*strand);
    QVERIFY(!overlapped);
}

void TestThreadExecutor::timersRunInOrder()
{
    ThreadPool pool(3, "test");
    const auto strand = pool.strand();
    const core::SteadyTime now = strand->clock().steadyNow();
    std::vector<int> seen;
    std::promise<void> done;
    strand->postAt(now + 30ms, [&] {
        seen.push_back(3);
        done.set_value();
    });
    strand->postAt(now + 10ms, [&] { seen.push_back(1); });
    strand->postAt(now + 10ms, [&] { seen.push_back(2); });
    QCOMPARE(done.get_future().wait_for(20s), std::future_status::ready);
    QVERIFY(strand->clock().steadyNow() >= now + 30ms);
    drain(*strand);
    QCOMPARE(seen, (std::vector<int> {1, 2, 3}));
}

void TestThreadExecutor::cancelledTimerDoesNotRun()
{
    ThreadPool pool(2, "test");
    const auto strand = pool.strand();
    const core::SteadyTime now = strand->clock().steadyNow();
    std::atomic<bool> ran = false;
    const auto id = strand->postAt(now + 20ms, [&ran] { ran = true; });
    QVERIFY(id != 0);
    QVERIFY(strand->cancel(id));
    QVERIFY(!strand->cancel(id));
    std::promise<void> later;
    strand->postAt(now + 40ms, [&later] { later.set_value(); });
    QCOMPARE(later.get_future().wait_for(20s), std::future_status::ready);
    QVERIFY(!ran);
}

void TestThreadExecutor::cancelAfterRunIsFalse()
{
    ThreadPool pool(1, "test");
    const auto strand = pool.strand();
    std::promise<void> ran;
    const auto id = strand->postAt(strand->clock().steadyNow(), [&ran] { ran.set_value(); });
    ran.get_future().wait();
    QVERIFY(!strand->cancel(id));
}

void TestThreadExecutor::destructionDropsWhatWaits()
{
    const auto token = std::make_shared<int>(1);
    {
        ThreadPool pool(1, "test");
        const auto strand = pool.strand();
        strand->postAt(strand->clock().steadyNow() + 1h, [token] { });
        std::promise<void> started;
        strand->post([&started] { started.set_value(); });
        started.get_future().wait();
    }
    QCOMPARE(token.use_count(), 1L);
}

void TestThreadExecutor::strandOutlivesPool()
{
    std::shared_ptr<core::Executor> strand;
    {
        ThreadPool pool(1, "test");
        strand = pool.strand();
    }
    bool ran = false;
    strand->post([&ran] { ran = true; });
    QVERIFY(!strand->cancel(strand->postAt({}, [&ran] { ran = true; })));
    QVERIFY(!ran);
}

void TestThreadExecutor::workPoolRunsBeside()
{
    std::promise<void> first;
    std::promise<void> second;
    ThreadWorkPool pool(2, "test");
    pool.run([&] {
        first.get_future().wait();
        second.set_value();
    });
    pool.run([&first] { first.set_value(); });
    QCOMPARE(second.get_future().wait_for(20s), std::future_status::ready);
}

WW_TEST_CLASS(TestThreadExecutor)
#include "tst_threadexecutor.moc"
