// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/sourcewatcher.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <vector>

class TestSourceWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksInIntervals_data();
    void looksInIntervals();
    void sharesLooks();
    void repeatsFailures();
    void stopsWhenNobodyFollows();
};

namespace {

class FakeGit : public gitops::GitService
{
public:
    void resolve(const std::string& url, const std::string&, const std::string& before,
                 core::Executor& executor, Handler done) override
    {
        ++looks;
        previous = before;
        lastUrl = url;
        core::Result<gitops::Revision> found;
        if (failing)
            found = core::failure(core::ErrorCode::Network, "down");
        else
            found->commit.id = commit;
        executor.post([done, found] { done(found); });
    }
    int looks = 0;
    bool failing = false;
    std::string commit = "c1";
    std::string previous;
    std::string lastUrl;
};

} // namespace

void TestSourceWatcher::looksInIntervals_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    QTest::newRow("on disk: every 2 s") << "/srv/repo" << 1790 << 1802;
    QTest::newRow("remote: every 120 s and up to 60 s more") << "https://example.com/r" << 19 << 31;
}

void TestSourceWatcher::looksInIntervals()
{
    QFETCH(QString, url);
    QFETCH(int, least);
    QFETCH(int, most);
    tests::ManualExecutor executor;
    FakeGit git;
    gitops::EngineOptions options;
    gitops::SourceWatcher watcher(git, executor, options);
    int calls = 0;
    watcher.follow("shop", url.toStdString(), "HEAD", "c0",
                   [&](const core::Result<gitops::Revision>&) { ++calls; });
    QCOMPARE(git.previous, std::string("c0"));
    executor.advance(std::chrono::hours(1));
    QVERIFY2(git.looks >= least && git.looks <= most, std::to_string(git.looks).c_str());
    QCOMPARE(calls, git.looks);
    QCOMPARE(git.previous, std::string("c1"));
}

void TestSourceWatcher::sharesLooks()
{
    tests::ManualExecutor executor;
    FakeGit git;
    gitops::EngineOptions options;
    gitops::SourceWatcher watcher(git, executor, options);
    std::vector<std::string> calls;
    for (const char* name : {"a", "b", "c"})
        watcher.follow(
            name, "/srv/repo", "main", "",
            [&calls, name](const core::Result<gitops::Revision>&) { calls.push_back(name); });
    executor.runUntilIdle();
    QCOMPARE(git.looks, 1);
    QCOMPARE(calls.size(), std::size_t(3));
    watcher.follow("late", "/srv/repo", "main", "",
                   [&](const core::Result<gitops::Revision>& found) {
                       calls.push_back("late " + found->commit.id);
                   });
    executor.runUntilIdle();
    QCOMPARE(git.looks, 1);
    QCOMPARE(calls.back(), std::string("late c1"));
    watcher.refresh("late");
    executor.runUntilIdle();
    QCOMPARE(git.looks, 2);
}

void TestSourceWatcher::repeatsFailures()
{
    tests::ManualExecutor executor;
    FakeGit git;
    git.failing = true;
    gitops::EngineOptions options;
    options.remoteJitter = {};
    gitops::SourceWatcher watcher(git, executor, options);
    int good = 0;
    watcher.follow("shop", "https://example.com/r", "HEAD", "",
                   [&](const core::Result<gitops::Revision>& found) { good += found.has_value(); });
    executor.advance(std::chrono::seconds(36)); // 5, 10 and 20 s after one another
    QCOMPARE(git.looks, 4);
    QCOMPARE(good, 0);
    git.failing = false;
    executor.advance(std::chrono::seconds(120));
    QVERIFY(good >= 1);
}

void TestSourceWatcher::stopsWhenNobodyFollows()
{
    tests::ManualExecutor executor;
    FakeGit git;
    gitops::EngineOptions options;
    gitops::SourceWatcher watcher(git, executor, options);
    int calls = 0;
    watcher.follow("shop", "/srv/repo", "HEAD", "",
                   [&](const core::Result<gitops::Revision>&) { ++calls; });
    watcher.unfollow("shop"); // the first look is under way
    executor.advance(std::chrono::minutes(5));
    QCOMPARE(calls, 0);
    QCOMPARE(git.looks, 1);
    watcher.follow("shop", "/srv/repo", "HEAD", "", [](const auto&) { });
    watcher.follow("shop", "/srv/other", "HEAD", "", [](const auto&) { });
    executor.advance(std::chrono::minutes(1));
    QCOMPARE(git.lastUrl, std::string("/srv/other"));
}

WW_TEST_CLASS(TestSourceWatcher)
#include "tst_sourcewatcher.moc"
