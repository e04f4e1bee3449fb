// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/journal.h"
#include "tests/gitops/history/faultydisk.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>

using namespace gitops;
using tests::FaultyDisk;
using tests::ManualExecutor;
using tests::ManualWorkPool;
using tests::TemporaryFolder;

namespace {

core::Event found(const std::string& application, int number, const std::string& subject = {})
{
    return {.number = std::uint64_t(number),
            .at = core::WallTime(std::chrono::seconds(1'800'000'000 + number)),
            .what = core::event::RevisionFound {
                application,
                {.id = std::string(40, 'a'), .author = "A", .subject = subject, .when = {}}}};
}

struct Setup
{
    TemporaryFolder base;
    std::shared_ptr<FaultyDisk> disk = std::make_shared<FaultyDisk>();
    StateFolderPtr folder =
        StateFolder::open(base.path(), StateFolder::Access::Write, disk).value();
    ManualExecutor work;
    ManualWorkPool pool {work};

    std::vector<core::Json> read(const JournalQuery& query = {}) const
    {
        return Journal::read(*StateFolder::open(base.path(), StateFolder::Access::Read).value(),
                             query)
            .value();
    }
};

} // namespace

class TestJournal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesAndFinds()
    {
        Setup setup;
        Journal journal(setup.folder, setup.pool);
        for (int i = 0; i < 10; ++i)
            journal.add(found(i % 2 ? "shop" : "kafka", i));
        journal.add({.number = 11, .at = {}, .what = core::event::SnapshotPublished {}});
        QVERIFY(setup.read().empty()); // add does not write by itself
        setup.work.runUntilIdle();
        const auto all = setup.read();
        QCOMPARE(all.size(), std::size_t(10));
        QCOMPARE(core::stringAt(all[0], {"application"}), std::string_view("kafka"));
        QCOMPARE(setup.read({.application = "shop", .type = {}, .since = {}}).size(),
                 std::size_t(5));
        const std::string type(core::stringAt(all[0], {"type"}));
        QVERIFY(!type.empty());
        QCOMPARE(setup.read({.application = {}, .type = type, .since = {}}).size(),
                 std::size_t(10));
        QCOMPARE(setup.read({.application = {}, .type = "Nothing", .since = {}}).size(),
                 std::size_t(0));
        QCOMPARE(setup
                     .read({.application = {},
                            .type = {},
                            .since = core::WallTime(std::chrono::seconds(1'800'000'007))})
                     .size(),
                 std::size_t(3));
        const auto last = setup.read({.application = {}, .type = {}, .since = {}, .limit = 2});
        QCOMPARE(last.size(), std::size_t(2));
        QVERIFY(core::isEqual(last[1], all[9]));
    }

    void isBounded()
    {
        Setup setup;
        const JournalLimits limits {.fileBytes = 2000, .files = 3, .lineBytes = 500, .waiting = 50};
        {
            Journal journal(setup.folder, setup.pool, limits);
            for (int i = 0; i < 100; ++i) {
                journal.add(found("shop", i));
                setup.work.runUntilIdle();
            }
            journal.add(found("big", 100, std::string(5000, 'x')));
        }
        std::uint64_t bytes = 0;
        int files = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(setup.base.path() + "/journal")) {
            bytes += entry.file_size();
            ++files;
        }
        QCOMPARE(files, 3);
        QVERIFY(bytes <= 6000);
        const auto events = setup.read();
        QVERIFY(events.size() > 10 && events.size() < 60);
        QCOMPARE(core::stringAt(events.back(), {"application"}), std::string_view("big"));
        QVERIFY(core::boolAt(events.back(), {"truncated"}));
    }

    void tooManyAreCounted()
    {
        Setup setup;
        Journal journal(setup.folder, setup.pool, {.waiting = 10});
        for (int i = 0; i < 30; ++i)
            journal.add(found("shop", i));
        setup.work.runUntilIdle();
        const auto events = setup.read();
        QCOMPARE(events.size(), std::size_t(11));
        QCOMPARE(core::integerAt(events.back(), {"count"}, 0), std::int64_t(20));
    }

    void fullDiskWaitsForRoom()
    {
        Setup setup;
        Journal journal(setup.folder, setup.pool);
        journal.add(found("shop", 1));
        setup.work.runUntilIdle();
        setup.disk->setRoom(20);
        journal.add(found("shop", 2));
        setup.work.runUntilIdle();
        QCOMPARE(setup.read().size(), std::size_t(1));
        setup.disk->setRoom(1'000'000);
        journal.add(found("shop", 3));
        setup.work.runUntilIdle();
        QCOMPARE(setup.read().size(), std::size_t(3)); // the half line is gone, none is missing
    }

    /// Killed after every byte of an append: whole events only, and writing goes on.
    void killedAtAnyByte()
    {
        bool finished = false;
        for (std::uint64_t death = 0; !finished; death += 7) {
            Setup setup;
            {
                Journal journal(setup.folder, setup.pool);
                journal.add(found("shop", 1));
                setup.work.runUntilIdle();
                setup.disk->setDeathAfter(setup.disk->work() + death);
                journal.add(found("shop", 2));
                setup.work.runUntilIdle();
                finished = !setup.disk->isDead();
            }
            QCOMPARE(setup.read().size(), std::size_t(finished ? 2 : 1));
            setup.folder.reset();
            const auto folder =
                StateFolder::open(setup.base.path(), StateFolder::Access::Write).value();
            Journal journal(folder, setup.pool);
            journal.add(found("shop", 3));
            setup.work.runUntilIdle();
            QCOMPARE(setup.read().size(), std::size_t(finished ? 3 : 2));
        }
    }
};

WW_TEST_CLASS(TestJournal)
#include "tst_journal.moc"
