// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/statefolder.h"
#include "gitops/history/staterecord.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>

using namespace gitops;
using tests::TemporaryFolder;

class TestStateFolder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneWriterManyReaders()
    {
        const TemporaryFolder base;
        const std::string path = base.path() + "/state/wavewright";
        auto first = StateFolder::open(path, StateFolder::Access::Write);
        QVERIFY(first.has_value());
        QVERIFY((*first)->isWritable());
        const auto second = StateFolder::open(path, StateFolder::Access::Write);
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().code, core::ErrorCode::Unavailable);
        QVERIFY(second.error().message.find(std::to_string(QCoreApplication::applicationPid()))
                != std::string::npos);
        const auto reader = StateFolder::open(path, StateFolder::Access::Read);
        QVERIFY(reader.has_value());
        QVERIFY(!(*reader)->isWritable());
        first->reset();
        QVERIFY(StateFolder::open(path, StateFolder::Access::Write).has_value());
        QCOMPARE(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
    }

    void readsWhereNothingIs()
    {
        const TemporaryFolder base;
        const auto folder = StateFolder::open(base.path() + "/none", StateFolder::Access::Read);
        QVERIFY(folder.has_value());
        QVERIFY((*folder)->records("")->empty());
        QVERIFY(!std::filesystem::exists(base.path() + "/none"));
    }

    void newerVersionIsLeftAlone()
    {
        const TemporaryFolder base;
        base.write("version", "2\n");
        for (const auto access : {StateFolder::Access::Read, StateFolder::Access::Write}) {
            const auto folder = StateFolder::open(base.path(), access);
            QCOMPARE(folder.error().code, core::ErrorCode::Unsupported);
        }
        QVERIFY(!std::filesystem::exists(base.path() + "/records"));
    }

    void listsRecordsAndSweeps()
    {
        const TemporaryFolder base;
        {
            const auto folder = StateFolder::open(base.path(), StateFolder::Access::Write).value();
            for (const std::string name : {"application/a", "application/b", "other"})
                QVERIFY(StateRecord(folder->disk(), folder->recordsFolder(), name)
                            .save(name)
                            .has_value());
            base.write("records/x.record-new", "left over");
            base.write("records/garbage.record", "garbage");
        }
        const auto folder = StateFolder::open(base.path(), StateFolder::Access::Write).value();
        QVERIFY(!std::filesystem::exists(base.path() + "/records/x.record-new"));
        const auto records = folder->records("application/");
        QCOMPARE(records->size(), std::size_t(2));
        QCOMPARE(*records->at("application/b"), std::string("application/b"));
    }
};

WW_TEST_CLASS(TestStateFolder)
#include "tst_statefolder.moc"
