// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/commitgate.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::CommitGate;

class TestCommitGate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atOnceWithNothingWritten();
    void oneCommitForAllThatIsReady();
    void tellsOfAFailure();
    void whatIsWrittenMeanwhileWaitsForTheNext();

private:
    /// A disk by hand: commits when posted work runs.
    struct Disk
    {
        bool pending = false;
        bool refuses = false;
        int commits = 0;
        int told = 0;
        std::vector<std::function<void()>> posted;

        CommitGate::Disk hooks()
        {
            return {.isPending = [this] { return pending; },
                    .commit = [this] { return ++commits, pending = false, !refuses; },
                    .post = [this](std::function<void()> act) { posted.push_back(std::move(act)); },
                    .committed = [this] { ++told; }};
        }
        void run()
        {
            for (const auto& act : std::exchange(posted, {}))
                act();
        }
    };
};

void TestCommitGate::atOnceWithNothingWritten()
{
    Disk disk;
    CommitGate gate(disk.hooks());
    int acts = 0;
    gate.whenCommitted([&] { ++acts; });
    QCOMPARE(acts, 1);
    QCOMPARE(disk.commits, 0);
}

void TestCommitGate::oneCommitForAllThatIsReady()
{
    Disk disk;
    CommitGate gate(disk.hooks());
    disk.pending = true;
    std::string order;
    gate.whenCommitted([&] { order += 'a'; });
    gate.whenCommitted([&] { order += 'b'; });
    QCOMPARE(order, std::string());
    disk.run();
    QCOMPARE(order, std::string("ab"));
    QCOMPARE(disk.commits, 1);
    QCOMPARE(disk.told, 1);
}

void TestCommitGate::tellsOfAFailure()
{
    Disk disk;
    CommitGate gate(disk.hooks());
    disk.pending = disk.refuses = true;
    bool failed = false;
    gate.whenCommitted([&] { failed = gate.hasFailed(); });
    disk.run();
    QVERIFY(failed);
    disk.pending = true;
    disk.refuses = false;
    gate.whenCommitted([&] { failed = gate.hasFailed(); });
    disk.run();
    QVERIFY(!failed);
}

void TestCommitGate::whatIsWrittenMeanwhileWaitsForTheNext()
{
    Disk disk;
    CommitGate gate(disk.hooks());
    disk.pending = true;
    bool second = false;
    gate.whenCommitted([&] {
        disk.pending = true; // an answer that led to another write
        gate.whenCommitted([&] { second = true; });
    });
    disk.run();
    QVERIFY(!second);
    disk.run();
    QVERIFY(second);
    QCOMPARE(disk.commits, 2);
}

WW_TEST_CLASS(TestCommitGate)
#include "tst_commitgate.moc"
