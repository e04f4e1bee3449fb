// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/staterecord.h"
#include "tests/gitops/history/faultydisk.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>

using namespace gitops;
using tests::FaultyDisk;
using tests::TemporaryFolder;

class TestStateRecord : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsAnyNameAndText()
    {
        const TemporaryFolder folder;
        const auto disk = makeStateDisk();
        const std::string names[] = {"application/shop",     ".",   "..", "a b\n/../c", "\xff",
                                     std::string(1000, 'x'), "APP", "app"};
        const std::string text("with\0zero\nand lines\n", 20);
        for (const std::string& name : names) {
            StateRecord record(*disk, folder.path(), name);
            QVERIFY(!record.load()->has_value());
            QVERIFY(record.save(name + text).has_value());
        }
        for (const std::string& name : names)
            QCOMPARE(**StateRecord(*disk, folder.path(), name).load(), name + text);
        StateRecord record(*disk, folder.path(), "app");
        QVERIFY(record.save("").has_value());
        QCOMPARE(**record.load(), std::string());
        QVERIFY(record.remove().has_value());
        QVERIFY(!record.load()->has_value());
        QVERIFY(!StateRecord(*disk, folder.path(), "").save("x").has_value());
        QVERIFY(!StateRecord(*disk, folder.path(), std::string(2000, 'x')).save("x").has_value());
    }

    /// The process ends after every byte and every step of a save: the old text or the new one.
    void killedAtAnyByte()
    {
        const std::string first = "the first text";
        const std::string second = "the second text, somewhat longer";
        const std::string third = "3";
        int olds = 0;
        int news = 0;
        bool finished = false;
        for (std::uint64_t death = 0; !finished; ++death) {
            const TemporaryFolder folder;
            FaultyDisk disk;
            StateRecord record(disk, folder.path(), "a/b");
            QVERIFY(record.save(first).has_value());
            QVERIFY(record.save(second).has_value());
            disk.setDeathAfter(disk.work() + death);
            finished = record.save(third).has_value();
            StateRecord after(disk.real(), folder.path(), "a/b");
            const auto loaded = after.load();
            QVERIFY(loaded && *loaded);
            QVERIFY(**loaded == second || **loaded == third);
            QVERIFY(!finished || **loaded == third);
            ++(**loaded == third ? news : olds);
            QVERIFY(after.save("4").has_value()); // what is left over does not hinder
            QCOMPARE(**after.load(), std::string("4"));
        }
        QVERIFY(olds > 50 && news >= 1);
    }

    void removalKilledAtAnyStep()
    {
        bool finished = false;
        for (std::uint64_t death = 0; !finished; ++death) {
            const TemporaryFolder folder;
            FaultyDisk disk;
            StateRecord record(disk, folder.path(), "a");
            QVERIFY(record.save("1").has_value() && record.save("2").has_value());
            disk.setDeathAfter(disk.work() + death);
            finished = record.remove().has_value();
            const auto loaded = StateRecord(disk.real(), folder.path(), "a").load();
            QVERIFY(loaded.has_value());
            QVERIFY(!*loaded || **loaded == "2"); // never the first again
            QVERIFY(!finished || !*loaded);
        }
    }

    /// A file that was cut or changed at any place: the text before, never something else.
    void damagedFiles()
    {
        const TemporaryFolder folder;
        const auto disk = makeStateDisk();
        StateRecord record(*disk, folder.path(), "a");
        QVERIFY(record.save("the old text").has_value());
        QVERIFY(record.save("the new text").has_value());
        const std::string path = folder.path() + "/a.record";
        const std::string whole = **disk->read(path, 10'000);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            QVERIFY(disk->write(path, whole.substr(0, length)).has_value());
            QCOMPARE(**record.load(), std::string("the old text"));
        }
        for (std::size_t at = 0; at < whole.size(); ++at) {
            std::string changed = whole;
            changed[at] = char(changed[at] ^ 1);
            QVERIFY(disk->write(path, changed).has_value());
            const auto loaded = record.load();
            QVERIFY(**loaded == "the old text" || **loaded == "the new text");
        }
        QVERIFY(disk->write(path, "garbage").has_value());
        QVERIFY(record.save("newest").has_value()); // garbage does not push out the good old text
        QVERIFY(disk->write(path, "garbage").has_value());
        QCOMPARE(**record.load(), std::string("the old text"));
        QVERIFY(disk->write(folder.path() + "/a.record-before", "").has_value());
        QCOMPARE(record.load().error().code, core::ErrorCode::Disk);
    }

    void fullDisk()
    {
        const TemporaryFolder folder;
        FaultyDisk disk;
        StateRecord record(disk, folder.path(), "a");
        QVERIFY(record.save("old").has_value());
        for (std::uint64_t room = 0; room < 60; ++room) {
            disk.setRoom(room);
            const auto saved = record.save("a new text");
            QCOMPARE(saved.error().code, core::ErrorCode::Disk);
            QCOMPARE(**record.load(), std::string("old"));
            QVERIFY(!std::filesystem::exists(folder.path() + "/a.record-new"));
        }
        disk.setRoom(100'000);
        QVERIFY(record.save("a new text").has_value());
        QCOMPARE(**record.load(), std::string("a new text"));
    }
};

WW_TEST_CLASS(TestStateRecord)
#include "tst_staterecord.moc"
