// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/practicecluster.h"
#include "tests/replay/answerbook.h"
#include "tests/replay/replayer.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <cstdio>

/// The practice cluster answers the scripts as a real control plane did.
class TestPracticeAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAsRecorded();
};

void TestPracticeAnswers::answersAsRecorded()
{
    const std::string only = qEnvironmentVariable("WAVEWRIGHT_REPLAY").toStdString();
    auto book = tests::AnswerBook::open(TEST_DATA_DIR "/replay", only);
    QVERIFY2(book, book ? "" : book.error().text().c_str());
    const QTemporaryDir folder;
    const std::string kubeconfig = folder.filePath("kubeconfig").toStdString();
    const auto cluster =
        gitops::practice::PracticeCluster::start({.delayFactor = 0, .kubeconfig = kubeconfig});
    QVERIFY(cluster);
    const auto transport = tests::Replayer::connect(kubeconfig);
    QVERIFY(transport);
    QVERIFY(book->ask(**transport));

    std::vector<tests::AnswerDifference> differences = book->differences();
    const std::size_t all = differences.size();
    auto gone = tests::removeIntended(differences, book->intended());
    const std::size_t unintended = differences.size();
    for (const auto& entry : tests::removeIntended(differences, book->open()))
        gone.push_back(entry);
    std::printf(
        "%zu scripts, %zu requests; %zu intended differences, %zu known and open, %zu others\n",
        book->scripts(), book->requests(), all - unintended, unintended - differences.size(),
        differences.size());
    const int lines = qEnvironmentVariableIntValue("WAVEWRIGHT_REPLAY_LINES");
    std::printf("%s", tests::toText(differences, lines > 0 ? std::size_t(lines) : 60).c_str());
    if (only.empty())
        for (const auto& entry : gone)
            std::printf("%s is listed and no difference any more\n", entry.at.c_str());
    std::fflush(stdout);
    QVERIFY(book->scripts() > 0);
    QCOMPARE(differences.size(), 0u);
    QVERIFY(!only.empty() || gone.empty());
}

WW_TEST_CLASS(TestPracticeAnswers)
#include "tst_practiceanswers.moc"
