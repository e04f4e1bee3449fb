// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cluster/realcluster.h"
#include "tests/replay/answerbook.h"
#include "tests/replay/replayer.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cstdio>

/// The recorded answers are those of the control plane that tests/cluster builds. With
/// WAVEWRIGHT_RECORD=1 they are written anew (tests/replay/record).
class TestRealAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAsRecorded();
};

void TestRealAnswers::answersAsRecorded()
{
    if (!tests::RealCluster::isOwn())
        QSKIP("the scripts need a control plane of their own");
    if (const QString why = tests::RealCluster::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    const std::string only = qEnvironmentVariable("WAVEWRIGHT_REPLAY").toStdString();
    auto book = tests::AnswerBook::open(TEST_DATA_DIR "/replay", only);
    QVERIFY2(book, book ? "" : book.error().text().c_str());
    const tests::RealCluster cluster;
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    const auto transport = tests::Replayer::connect(cluster.kubeconfig().toStdString());
    QVERIFY(transport);
    QVERIFY(book->ask(**transport));
    const auto differences = book->differences();
    std::printf("%zu scripts, %zu requests, %zu differences from what was recorded\n",
                book->scripts(), book->requests(), differences.size());
    std::printf("%s", tests::toText(differences, 40).c_str());
    std::fflush(stdout);
    if (qEnvironmentVariableIsSet("WAVEWRIGHT_RECORD"))
        QVERIFY(book->record());
    else
        QCOMPARE(differences.size(), 0u);
}

WW_TEST_CLASS(TestRealAnswers)
#include "tst_realanswers.moc"
