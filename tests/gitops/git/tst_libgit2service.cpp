// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/libgit2service.h"
#include "tests/gitops/git/gitserver.h"
#include "tests/gitops/git/servicecaller.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>

using namespace gitops;
using namespace std::chrono_literals;
using tests::ManualExecutor;
using tests::resolve;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

/// The same repository, seen as a folder, as a bare clone, by file URL and over a real git daemon.
struct Setup
{
    TemporaryRepository repository;
    TemporaryFolder cache;
    std::unique_ptr<tests::GitServer> server;
    std::unique_ptr<LibGit2Service> service;
    std::string url;

    explicit Setup(const QByteArray& how)
    {
        server = std::make_unique<tests::GitServer>(
            std::filesystem::path(repository.path()).parent_path());
        restart();
        url = repository.path();
        if (how == "file")
            url = "file://" + url;
        if (how == "remote")
            url = server->url(std::filesystem::path(repository.path()).filename());
    }
    void restart(std::chrono::milliseconds timeout = 20s)
    {
        service = std::make_unique<LibGit2Service>(
            GitOptions {.cacheFolder = cache.path(), .insteadOf = {}, .timeout = timeout});
    }
    core::Result<Revision> find(const std::string& revision, const std::string& previous = {})
    {
        return resolve(*service, url, revision, previous);
    }
};

} // namespace

class TestLibGit2Service : public QObject
{
    Q_OBJECT

    void ways()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::newRow("folder") << QByteArray("folder");
        QTest::newRow("file") << QByteArray("file");
        QTest::newRow("remote") << QByteArray("remote");
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void revisions_data() { ways(); }
    void revisions()
    {
        QFETCH(QByteArray, how);
        Setup setup(how);
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.repository.git({"tag", "v1.0.0"});
        setup.repository.write("file", "2");
        const std::string two = setup.repository.commit("Two");
        setup.repository.git({"tag", "-a", "-m", "Annotated", "v1.1.0"});
        setup.repository.git({"branch", "both", one});
        setup.repository.git({"tag", "both", two});
        setup.repository.write("file", "3");
        const std::string three = setup.repository.commit("Three");

        const auto head = setup.find("HEAD");
        QVERIFY2(head.has_value(), head ? "" : head.error().text().c_str());
        QCOMPARE(head->commit.id, three);
        QCOMPARE(head->commit.subject, std::string("Three"));
        QCOMPARE(head->commit.author, std::string("Test"));
        QCOMPARE(*head->tree->read("file"), std::string("3"));
        QCOMPARE(setup.find("main")->commit.id, three);
        QCOMPARE(setup.find("v1.0.0")->commit.id, one);
        QCOMPARE(setup.find("v1.1.0")->commit.id, two); // peeled
        QCOMPARE(setup.find("1.*")->commit.id, two);
        QCOMPARE(setup.find("1.*")->name, std::string("v1.1.0"));
        QCOMPARE(setup.find("both")->commit.id, one);
        QCOMPARE(setup.find(two)->commit.id, two);
        QCOMPARE(setup.find(two.substr(0, 10))->commit.id, two);
        QCOMPARE(setup.find("nothing").error().code, core::ErrorCode::NotFound);
        QCOMPARE(setup.find(std::string(40, 'e')).error().code, core::ErrorCode::NotFound);
        QCOMPARE(setup.find("--x").error().code, core::ErrorCode::Invalid);
        setup.repository.git({"pack-refs", "--all"});
        setup.repository.git({"gc", "-q", "--prune=now"});
        QCOMPARE(setup.find("1.0.x")->commit.id, one);
    }

    void forcePushAndVanished_data() { ways(); }
    void forcePushAndVanished()
    {
        QFETCH(QByteArray, how);
        Setup setup(how);
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.repository.git({"checkout", "-q", "-b", "work"});
        setup.repository.write("file", "2");
        const std::string two = setup.repository.commit("Two");
        auto revision = setup.find("work", one);
        QCOMPARE(revision->commit.id, two);
        QVERIFY(revision->descendsFromPrevious);
        const FileTreePtr lastGood = revision->tree;

        setup.repository.git({"reset", "-q", "--hard", one});
        setup.repository.write("file", "rewritten");
        const std::string rewritten = setup.repository.commit("Rewritten");
        revision = setup.find("work", two);
        QCOMPARE(revision->commit.id, rewritten);
        QVERIFY(!revision->descendsFromPrevious);
        QCOMPARE(*revision->tree->read("file"), std::string("rewritten"));

        setup.repository.git({"checkout", "-q", "main"});
        setup.repository.git({"branch", "-q", "-D", "work"});
        QCOMPARE(setup.find("work", rewritten).error().code, core::ErrorCode::NotFound);
        QCOMPARE(*lastGood->read("file"), std::string("2")); // what was in force stays readable
        QVERIFY(!setup.find("main", std::string(40, 'd'))->descendsFromPrevious);
    }

    void bareAndEmptyRepositories()
    {
        Setup setup("folder");
        const TemporaryFolder bare;
        QCOMPARE(setup.find("HEAD").error().code, core::ErrorCode::NotFound); // no commit yet
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        tests::git(bare.path(), {"clone", "-q", "--bare", setup.repository.path(), "b.git"});
        QCOMPARE(resolve(*setup.service, bare.path() + "/b.git", "HEAD")->commit.id, one);
        tests::git(bare.path(),
                   {"clone", "-q", "--depth", "1", "file://" + setup.repository.path(), "shallow"});
        QCOMPARE(resolve(*setup.service, bare.path() + "/shallow", "main")->commit.id, one);
        const auto none = resolve(*setup.service, bare.path() + "/none", "HEAD");
        QCOMPARE(none.error().code, core::ErrorCode::NotFound);
        QCOMPARE(none.error().place.object, bare.path() + "/none");
        QVERIFY(!resolve(*setup.service, bare.path(), "HEAD").has_value()); // no search upwards
        QCOMPARE(resolve(*setup.service, "http://example.org/a", "HEAD").error().code,
                 core::ErrorCode::Unsupported);
    }

    void filesOnDisk()
    {
        Setup setup("folder");
        setup.repository.write("a/file", "1");
        setup.repository.write(".git/noise", "1");
        const std::string url = "dir://" + setup.repository.path();
        const auto first = resolve(*setup.service, url, "HEAD");
        QVERIFY2(first.has_value(), first ? "" : first.error().text().c_str());
        QCOMPARE(*first->tree->read("a/file"), std::string("1")); // though never committed
        QVERIFY(isCommitId(first->commit.id));
        setup.repository.write(".git/noise", "2");
        QCOMPARE(resolve(*setup.service, url, "HEAD")->commit.id, first->commit.id);
        setup.repository.write("a/file", "12");
        const std::string second = resolve(*setup.service, url, "HEAD")->commit.id;
        QVERIFY(second != first->commit.id);
        setup.repository.remove("a/file");
        QVERIFY(resolve(*setup.service, url, "HEAD")->commit.id != second);
        QCOMPARE(resolve(*setup.service, url + "/none", "HEAD").error().code,
                 core::ErrorCode::NotFound);
    }

    void linkedWorktreesAndSharedClones()
    {
        Setup setup("folder");
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        const TemporaryFolder folder;
        setup.repository.git({"worktree", "add", "-q", "-b", "side", folder.path() + "/side"});
        tests::git(folder.path() + "/side", {"commit", "-q", "--allow-empty", "-m", "Side"});
        const std::string side = tests::git(folder.path() + "/side", {"rev-parse", "HEAD"});
        QCOMPARE(resolve(*setup.service, folder.path() + "/side", "HEAD")->commit.id, side);
        QCOMPARE(setup.find("side")->commit.id, side);
        tests::git(folder.path(), {"clone", "-q", "--shared", setup.repository.path(), "shared"});
        QCOMPARE(*resolve(*setup.service, folder.path() + "/shared", "main")->tree->read("file"),
                 std::string("1"));
    }

    /// A clone that is removed and made anew at the same place, between two looks.
    void clonedAnew()
    {
        Setup setup("folder");
        const TemporaryFolder folder;
        const std::string path = folder.path() + "/clone";
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        tests::git(folder.path(), {"clone", "-q", setup.repository.path(), "clone"});
        tests::git(path, {"gc", "-q"});
        const auto first = resolve(*setup.service, path, "main");
        QCOMPARE(*first->tree->read("file"), std::string("1"));
        std::filesystem::remove_all(path);
        QCOMPARE(resolve(*setup.service, path, "main").error().code, core::ErrorCode::NotFound);
        setup.repository.write("file", "2");
        const std::string two = setup.repository.commit("Two");
        tests::git(folder.path(), {"clone", "-q", setup.repository.path(), "clone"});
        tests::git(path, {"gc", "-q"});
        const auto second = resolve(*setup.service, path, "main", first->commit.id);
        QCOMPARE(second->commit.id, two);
        QVERIFY(second->descendsFromPrevious);
        QCOMPARE(*second->tree->read("file"), std::string("2"));
    }

    void sha256IsRefusedByName()
    {
        Setup setup("folder");
        const TemporaryFolder folder;
        std::string output;
        if (!tests::tryGit(folder.path(), {"init", "-q", "--object-format=sha256"}, &output))
            QSKIP("this git makes no SHA-256 repositories");
        const auto result = resolve(*setup.service, folder.path(), "HEAD");
        QCOMPARE(result.error().code, core::ErrorCode::Unsupported);
    }

    void insteadOfMapsToAClone()
    {
        Setup setup("folder");
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        LibGit2Service service(
            GitOptions {.cacheFolder = setup.cache.path(),
                        .insteadOf = {{"https://example.org/org/repo", setup.repository.path()}}});
        QCOMPARE(resolve(service, "https://example.org/org/repo.git", "HEAD")->commit.id, one);
    }

    void nothingIsFetchedTwice()
    {
        Setup setup("remote");
        for (int i = 0; i < 1000; ++i)
            setup.repository.write("f" + std::to_string(i % 20) + "/" + std::to_string(i),
                                   std::to_string(i * 7919));
        const std::string one = setup.repository.commit("One");
        std::atomic<int> calls = 0;
        setup.service = std::make_unique<LibGit2Service>(
            GitOptions {.cacheFolder = setup.cache.path(),
                        .insteadOf = {},
                        .progress = [&](const std::string&, const GitProgress&) { ++calls; }});
        QCOMPARE(*setup.find("main")->tree->read("f1/1"), std::string("7919"));
        QVERIFY(calls > 0);
        calls = 0;
        QCOMPARE(setup.find("HEAD")->commit.id, one);
        QCOMPARE(calls.load(), 0); // one ls-remote, no fetch
        const int connections = setup.server->connections();
        QCOMPARE(setup.find(one)->commit.id, one);
        QCOMPARE(setup.server->connections(), connections); // a full id that is here: nothing asked
        setup.restart();
        QCOMPARE(setup.find("main")->commit.id, one); // another process finds the mirror
    }

    void requestsShareAConnection()
    {
        Setup setup("remote");
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        setup.server->setSilent(true);
        ManualExecutor executor;
        int answers = 0;
        int good = 0;
        for (int i = 0; i < 20; ++i)
            setup.service->resolve(setup.url, i % 2 ? "main" : "HEAD", {}, executor,
                                   [&](const core::Result<Revision>& answer) {
                                       ++answers;
                                       good += answer.has_value() ? 1 : 0;
                                   });
        setup.server->setSilent(false);
        QVERIFY(executor.runUntil([&] { return answers == 20; }));
        QCOMPARE(good, 20);
        QVERIFY(setup.server->connections() <= 2);
    }

    void silentServerTimesOut()
    {
        Setup setup("remote");
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.restart(300ms);
        QCOMPARE(setup.find("main")->commit.id, one);
        setup.server->setSilent(true);
        QCOMPARE(setup.find("main").error().code, core::ErrorCode::Timeout);
        QCOMPARE(setup.find("main").error().code, core::ErrorCode::Unavailable); // busy, at once
        QCOMPARE(resolve(*setup.service, setup.repository.path(), "main")->commit.id, one);
        setup.server->setSilent(false); // the thread comes back by itself
        QTRY_VERIFY_WITH_TIMEOUT(setup.find("main").has_value(), 20000);
    }

    void interruptedFetchLeavesTheMirrorGood()
    {
        Setup setup("remote");
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        QCOMPARE(setup.find("main")->commit.id, one);
        std::string noise;
        for (std::uint32_t i = 0, x = 1; i < 300'000; ++i) {
            x = x * 1664525 + 1013904223;
            noise += char(x >> 24);
        }
        setup.repository.write("noise", noise);
        const std::string two = setup.repository.commit("Two");
        for (const std::uint64_t cut : {600u, 5'000u, 100'000u, 250'000u}) {
            setup.server->setCutAfter(cut);
            const auto result = setup.find("main", one);
            QVERIFY(!result.has_value());
            QVERIFY2(result.error().isRetryable(), result.error().text().c_str());
            QCOMPARE(*setup.find(one)->tree->read("file"), std::string("1"));
        }
        setup.server->setCutAfter(0);
        QCOMPARE(*setup.find("main", one)->tree->read("noise"), noise);
        QCOMPARE(setup.find(two)->commit.id, two);
    }

    void brokenMirrorIsMadeAnew()
    {
        Setup setup("remote");
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        QVERIFY(setup.find("main").has_value());
        for (const auto& entry : std::filesystem::directory_iterator(setup.cache.path() + "/git"))
            if (entry.is_directory())
                std::filesystem::remove(entry.path() / "HEAD");
        setup.restart();
        QCOMPARE(setup.find("main")->commit.id, one);
    }

    void limitOfAFetch()
    {
        Setup setup("remote");
        setup.repository.write("file", std::string(100'000, 'x') + "y");
        setup.repository.commit("One");
        setup.service = std::make_unique<LibGit2Service>(
            GitOptions {.cacheFolder = setup.cache.path(), .insteadOf = {}, .maxFetchBytes = 50});
        QCOMPARE(setup.find("main").error().code, core::ErrorCode::LimitExceeded);
    }

    void endsWhileTheServerIsSilent()
    {
        Setup setup("remote");
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        setup.server->setSilent(true);
        ManualExecutor executor;
        bool called = false;
        setup.service->resolve(setup.url, "main", {}, executor,
                               [&](const core::Result<Revision>&) { called = true; });
        QTRY_VERIFY(setup.server->connections() > 0);
        setup.service.reset();
        QCOMPARE(executor.runUntilIdle(), std::size_t(0));
        QVERIFY(!called);
    }
};

WW_TEST_CLASS(TestLibGit2Service)
#include "tst_libgit2service.moc"
