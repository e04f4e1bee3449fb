// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/committree.h"
#include "gitops/git/filelock.h"
#include "gitops/git/mirror.h"
#include "tests/gitops/git/gitserver.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gitops;
namespace fs = std::filesystem;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

struct Setup
{
    TemporaryRepository repository;
    TemporaryFolder cache;
    tests::GitServer server {fs::path(repository.path()).parent_path()};
    RemoteUrl url = parseRemoteUrl(server.url(fs::path(repository.path()).filename())).value();
    JobWatch watch;

    std::unique_ptr<Mirror> open()
    {
        return Mirror::open(url, {.cacheFolder = cache.path()}, watch).value();
    }
    /// Fetches one branch; what failed, or "".
    std::string fetch(const std::string& branch = "main")
    {
        const auto mirror = open();
        const auto references = mirror->connect(watch);
        if (!references)
            return references.error().text();
        for (const GitReference& reference : *references)
            if (reference.name == "refs/heads/" + branch) {
                const auto done = mirror->fetch({reference}, *references, watch);
                return !done                                  ? done.error().text()
                    : mirror->repository()->has(reference.id) ? std::string()
                                                              : std::string("not there");
            }
        return "no such branch";
    }
};

int filesIn(const fs::path& folder, const std::string& suffix)
{
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        count += entry.path().filename().string().ends_with(suffix) ? 1 : 0;
    return count;
}

} // namespace

class TestMirror : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    /// A branch that was "a" and is "a/b" now, and names that would be odd files, do no harm: no
    /// name of the remote becomes a path.
    void namesOfTheRemoteAreNoPaths()
    {
        Setup setup;
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        setup.repository.git({"branch", "a"});
        QCOMPARE(setup.fetch("a"), std::string());
        setup.repository.git({"branch", "-D", "a"});
        setup.repository.write("file", "2");
        setup.repository.commit("Two");
        setup.repository.git({"branch", "a/b"});
        QCOMPARE(setup.fetch("a/b"), std::string());
        const std::string folder = setup.open()->folder();
        QVERIFY(!fs::exists(folder + "/refs/heads/a"));
        QVERIFY(!fs::exists(folder + "/refs/mirror/a"));
    }

    void leftoversOfAKilledFetchAreSwept()
    {
        Setup setup;
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        QCOMPARE(setup.fetch(), std::string());
        const std::string folder = setup.open()->folder();
        for (const auto& entry : fs::directory_iterator(folder + "/refs/mirror"))
            fs::copy_file(entry.path(), entry.path().string() + ".lock");
        setup.cache.write(fs::relative(folder, setup.cache.path()).string()
                              + "/objects/pack/pack_git2_abc",
                          "half a pack");
        setup.repository.write("file", "2");
        setup.repository.commit("Two");
        QCOMPARE(setup.fetch(), std::string());
        QCOMPARE(filesIn(folder, ".lock"), 0);
        QVERIFY(!fs::exists(folder + "/objects/pack/pack_git2_abc"));
    }

    void manyAtOnce()
    {
        Setup setup;
        for (int i = 0; i < 50; ++i)
            setup.repository.write("f" + std::to_string(i), std::to_string(i));
        setup.repository.commit("One");
        std::atomic<int> good = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 6; ++t)
            threads.emplace_back([&] { good += setup.fetch().empty() ? 1 : 0; });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(good.load(), 6);
        QCOMPARE(filesIn(setup.cache.path(), ".new-" + std::to_string(::getpid())), 0);
    }

    /// Another process is killed while it fetches, at many moments; the mirror stays good.
    void processesThatAreKilled()
    {
        Setup setup;
        setup.repository.write("file", "0");
        setup.repository.commit("Zero");
        QCOMPARE(setup.fetch(), std::string());
        for (int round = 0; round < 8; ++round) {
            setup.repository.write("file" + std::to_string(round),
                                   std::string(200'000, char('a' + round)));
            const std::string commit = setup.repository.commit("Round");
            const pid_t child = ::fork();
            if (child == 0) {
                (void)setup.fetch();
                ::_exit(0);
            }
            QTest::qSleep(3 * round); // any moment will do
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            QCOMPARE(setup.fetch(), std::string());
            const auto tree = openCommitTree(setup.open()->repository(), commit);
            QCOMPARE((*tree)->read("file" + std::to_string(round))->size(), std::size_t(200'000));
        }
    }

    /// Many fetches leave one pack; what is there can be read by who read before, a commit that was
    /// pushed away stays while it is the one before, and goes later.
    void isTidied()
    {
        Setup setup;
        std::string first;
        std::vector<std::string> commits;
        for (int i = 0; i < 8; ++i) {
            setup.repository.write("file", std::string(5'000, char('a' + i)));
            commits.push_back(setup.repository.commit("Round"));
            QCOMPARE(setup.fetch(), std::string());
        }
        const auto mirror =
            Mirror::open(setup.url, {.cacheFolder = setup.cache.path(), .limits = {.packs = 3}},
                         setup.watch)
                .value();
        const auto reader = Repository::open(mirror->folder(), "reader").value();
        const auto old = openCommitTree(reader, commits[2]);
        QVERIFY((*old)->read("file"));
        QVERIFY(filesIn(mirror->folder(), ".pack") > 3);
        mirror->keep("main", commits[7]);
        setup.repository.git({"reset", "--hard", commits[5]});
        setup.repository.write("file", "another way");
        commits.push_back(setup.repository.commit("Forced"));
        QCOMPARE(setup.fetch(), std::string());
        mirror->keep("main", commits[8]);
        const auto tidied = mirror->tidy(setup.watch);
        QVERIFY2(tidied, tidied ? "" : tidied.error().text().c_str());
        QCOMPARE(filesIn(mirror->folder(), ".pack"), 1);
        QCOMPARE(filesIn(mirror->folder(), ".idx"), 1);
        for (const std::string& commit : commits)
            QVERIFY2(openCommitTree(reader, commit), commit.c_str());
        QCOMPARE((*openCommitTree(reader, commits[3]))->read("file")->size(), std::size_t(5'000));
        QVERIFY((*old)->read("file"));

        // Nobody has the two that were pushed away any more.
        setup.repository.write("file", "further");
        commits.push_back(setup.repository.commit("Further"));
        QCOMPARE(setup.fetch(), std::string());
        mirror->keep("main", commits[9]);
        const auto lease = mirror->repository()->lease();
        QVERIFY(tidyMirror(lease->get(), mirror->folder(), setup.watch));
        const auto later = Repository::open(mirror->folder(), "later").value();
        QVERIFY(!later->has(commits[7]));
        QVERIFY(later->has(commits[5]) && later->has(commits[9]) && later->has(commits[8]));
        QCOMPARE(setup.fetch(), std::string());
    }

    void tidyingThatIsGivenUpChangesNothing()
    {
        Setup setup;
        for (int i = 0; i < 6; ++i) {
            setup.repository.write("file", std::to_string(i));
            setup.repository.commit("Round");
            QCOMPARE(setup.fetch(), std::string());
        }
        const auto mirror = setup.open();
        const int packs = filesIn(mirror->folder(), ".pack");
        const int loose = filesIn(mirror->folder() + "/objects", "");
        JobWatch cancelled;
        cancelled.cancel();
        const auto lease = mirror->repository()->lease();
        const auto tidied = tidyMirror(lease->get(), mirror->folder(), cancelled);
        QVERIFY(!tidied && tidied.error().code == core::ErrorCode::Cancelled);
        QCOMPARE(filesIn(mirror->folder(), ".pack"), packs);
        QVERIFY(filesIn(mirror->folder() + "/objects", "") >= loose);
        QCOMPARE(setup.fetch(), std::string());
    }

    /// A fetch that ends early (here: too large) leaves the commit before in force.
    void aFetchThatEndsEarlyLeavesWhatWas()
    {
        Setup setup;
        setup.repository.write("file", "good");
        const std::string good = setup.repository.commit("Good");
        QCOMPARE(setup.fetch(), std::string());
        std::string noise;
        for (int i = 0; i < 200'000; ++i)
            noise += char(33 + (i * 7919 + i / 13) % 90);
        setup.repository.write("large", noise);
        const std::string large = setup.repository.commit("Large");
        const auto mirror =
            Mirror::open(setup.url, {.cacheFolder = setup.cache.path(), .maxFetchBytes = 1'000},
                         setup.watch)
                .value();
        const auto references = mirror->connect(setup.watch);
        QVERIFY(references);
        const auto fetched =
            mirror->fetch({{"refs/heads/main", large, {}}}, *references, setup.watch);
        QVERIFY(!fetched && fetched.error().code == core::ErrorCode::LimitExceeded);
        QVERIFY(!mirror->repository()->has(large));
        QCOMPARE((*openCommitTree(setup.open()->repository(), good))->read("file")->size(),
                 std::size_t(4));
        QCOMPARE(setup.fetch(), std::string()); // and the next one brings it
        QVERIFY(setup.open()->repository()->has(large));
    }

    void waitingForALockEnds()
    {
        Setup setup;
        setup.repository.write("file", "1");
        setup.repository.commit("One");
        const auto mirror = setup.open();
        const auto lock = FileLock::wait(mirror->folder() + ".lock", setup.watch);
        QVERIFY(lock.has_value());
        std::atomic<bool> waited = false;
        JobWatch other;
        std::thread waiter([&] {
            const auto second = FileLock::wait(mirror->folder() + ".lock", other);
            waited = !second && second.error().code == core::ErrorCode::Timeout;
        });
        other.cancel();
        waiter.join();
        QVERIFY(waited);
    }

    void unwritableCache()
    {
        Setup setup;
        setup.cache.write("git", "a file where a folder should be");
        const auto mirror =
            Mirror::open(setup.url, {.cacheFolder = setup.cache.path()}, setup.watch);
        QVERIFY(!mirror.has_value());
        QCOMPARE(mirror.error().code, core::ErrorCode::Disk);
    }
};

WW_TEST_CLASS(TestMirror)
#include "tst_mirror.moc"
