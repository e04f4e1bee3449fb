// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/filestatestore.h"
#include "tests/gitops/history/faultydisk.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gitops;
using tests::FaultyDisk;
using tests::ManualExecutor;
using tests::ManualWorkPool;
using tests::TemporaryFolder;

namespace {

/// Runs at once, in the thread that asks.
class InlinePool : public core::WorkPool
{
public:
    void run(core::Executor::Task task) override { task(); }
};

/// Drops what it is given, as a pool does that ends.
class DeadPool : public core::WorkPool
{
public:
    void run(core::Executor::Task) override { }
};

struct Setup
{
    TemporaryFolder base;
    std::shared_ptr<FaultyDisk> disk = std::make_shared<FaultyDisk>();
    ManualExecutor work;
    ManualWorkPool pool {work};
    ManualExecutor executor;
    std::unique_ptr<StateStore> store;

    explicit Setup(bool memory = false)
    {
        if (memory)
            store = std::make_unique<MemoryStateStore>();
        else
            store = std::make_unique<FileStateStore>(open(), pool);
    }
    StateFolderPtr open()
    {
        return StateFolder::open(base.path(), StateFolder::Access::Write, disk).value();
    }
    void run()
    {
        work.runUntilIdle();
        executor.runUntilIdle();
    }
    core::Result<std::optional<std::string>> load(const std::string& name)
    {
        core::Result<std::optional<std::string>> out =
            core::failure(core::ErrorCode::Internal, "no answer");
        store->load(name, executor, [&](auto result) { out = std::move(result); });
        run();
        return out;
    }
    core::Result<void> save(const std::string& name, const std::string& text)
    {
        core::Result<void> out = core::failure(core::ErrorCode::Internal, "no answer");
        store->save(name, text, executor, [&](auto result) { out = std::move(result); });
        run();
        return out;
    }
};

} // namespace

class TestFileStateStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keeps_data()
    {
        QTest::addColumn<bool>("memory");
        QTest::newRow("files") << false;
        QTest::newRow("memory") << true;
    }
    void keeps()
    {
        QFETCH(bool, memory);
        Setup setup(memory);
        QVERIFY(!setup.load("a")->has_value());
        QVERIFY(setup.save("a", "1").has_value());
        QCOMPARE(**setup.load("a"), std::string("1"));
        QVERIFY(setup.save("a", "2").has_value());
        QCOMPARE(**setup.load("a"), std::string("2"));
        bool removed = false;
        setup.store->remove("a", setup.executor,
                            [&](auto result) { removed = result.has_value(); });
        setup.run();
        QVERIFY(removed);
        QVERIFY(!setup.load("a")->has_value());
    }

    void survivesARestart()
    {
        Setup setup;
        QVERIFY(setup.save("application/shop", "text").has_value());
        setup.store.reset();
        setup.store = std::make_unique<FileStateStore>(setup.open(), setup.pool);
        QCOMPARE(**setup.load("application/shop"), std::string("text"));
    }

    void onlyTheLastOfWaitingSavesIsWritten()
    {
        Setup setup;
        QVERIFY(setup.save("a", "0").has_value());
        const std::uint64_t before = setup.disk->work();
        QVERIFY(setup.save("a", std::string(1000, 'x')).has_value());
        const std::uint64_t one = setup.disk->work() - before;
        int done = 0;
        for (int i = 0; i < 100; ++i)
            setup.store->save("a", std::string(1000, char('a' + i % 26)), setup.executor,
                              [&](auto result) { done += result.has_value() ? 1 : 0; });
        std::optional<std::string> seen;
        setup.store->load("a", setup.executor, [&](auto result) { seen = *result; });
        setup.executor.runUntilIdle();
        QCOMPARE(*seen, std::string(1000, char('a' + 99 % 26))); // before it is written
        QCOMPARE(done, 0); // not done before it is
        setup.run();
        QCOMPARE(done, 100);
        QVERIFY(setup.disk->work() - before <= one * 2);
    }

    void fullDiskIsReadOnlyUntilThereIsRoom()
    {
        Setup setup;
        auto* store = dynamic_cast<FileStateStore*>(setup.store.get());
        QVERIFY(setup.save("a", "old").has_value());
        QVERIFY(!store->isReadOnly());
        setup.disk->setRoom(10);
        QCOMPARE(setup.save("a", "new").error().code, core::ErrorCode::Disk);
        QVERIFY(store->isReadOnly());
        QCOMPARE(**setup.load("a"), std::string("old"));
        setup.disk->setRoom(100'000);
        QVERIFY(setup.save("a", "new").has_value());
        QVERIFY(!store->isReadOnly());
    }

    void readersCannotSave()
    {
        Setup setup;
        QVERIFY(setup.save("a", "1").has_value());
        FileStateStore reader(
            StateFolder::open(setup.base.path(), StateFolder::Access::Read).value(), setup.pool);
        QVERIFY(reader.isReadOnly());
        core::Result<void> saved;
        std::optional<std::string> seen;
        reader.load("a", setup.executor, [&](auto result) { seen = *result; });
        reader.save("b", "2", setup.executor, [&](auto result) { saved = result; });
        setup.run();
        QCOMPARE(*seen, std::string("1"));
        QCOMPARE(saved.error().code, core::ErrorCode::Unavailable);
    }

    void theEndWritesWhatWaits()
    {
        Setup setup;
        DeadPool dead;
        setup.store = nullptr;
        bool called = false;
        {
            FileStateStore store(setup.open(), dead);
            store.save("a", "late", setup.executor, [&](auto) { called = true; });
        }
        setup.store = std::make_unique<FileStateStore>(setup.open(), setup.pool);
        QCOMPARE(**setup.load("a"), std::string("late"));
        QVERIFY(!called);
    }

    void manyThreads()
    {
        Setup setup;
        InlinePool pool;
        setup.store = nullptr;
        FileStateStore store(setup.open(), pool);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i)
                    store.save("name" + std::to_string(t), std::to_string(i), setup.executor,
                               [](auto) { });
            });
        for (std::thread& thread : threads)
            thread.join();
        int good = 0;
        for (int t = 0; t < 4; ++t)
            store.load("name" + std::to_string(t), setup.executor,
                       [&](auto result) { good += *result == "49" ? 1 : 0; });
        setup.executor.runUntilIdle();
        QCOMPARE(good, 4);
    }

    /// A real process that saves all the time is killed, twenty times: the text is whole, and never
    /// older than the last save that it was told of.
    void killedForReal()
    {
        const TemporaryFolder base;
        std::uint64_t newest = 0;
        for (int round = 0; round < 20; ++round) {
            std::array<int, 2> pipe {};
            QCOMPARE(::pipe(pipe.data()), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                InlinePool pool;
                ManualExecutor executor;
                const auto folder = StateFolder::open(base.path(), StateFolder::Access::Write);
                if (!folder)
                    ::_exit(1);
                FileStateStore store(*folder, pool);
                for (std::uint64_t i = newest + 1;; ++i) {
                    store.save("a", std::string(5000, 'x') + std::to_string(i), executor,
                               [i, &pipe](auto) { (void)!::write(pipe[1], &i, sizeof i); });
                    executor.runUntilIdle();
                }
            }
            ::close(pipe[1]);
            std::uint64_t told = newest;
            for (int i = 0; i < 3 + round; ++i)
                if (::read(pipe[0], &told, sizeof told) != sizeof told)
                    break;
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            while (::read(pipe[0], &told, sizeof told) == sizeof told)
                continue;
            ::close(pipe[0]);
            QVERIFY(told > newest);
            const auto folder = StateFolder::open(base.path(), StateFolder::Access::Read).value();
            const auto records = folder->records("a");
            QVERIFY(records->at("a").has_value());
            const std::string text = *records->at("a");
            QVERIFY(text.starts_with(std::string(5000, 'x')));
            newest = std::stoull(text.substr(5000));
            QVERIFY(newest >= told);
        }
    }
};

WW_TEST_CLASS(TestFileStateStore)
#include "tst_filestatestore.moc"
