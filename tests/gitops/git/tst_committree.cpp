// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/committree.h"
#include "gitops/git/objectid.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

using namespace gitops;

namespace {

FileTreePtr treeOf(const tests::TemporaryRepository& repository, const std::string& commit)
{
    return openCommitTree(Repository::open(repository.path(), "test").value(), commit).value();
}

} // namespace

class TestCommitTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void readsAndLists()
    {
        const tests::TemporaryRepository repository;
        repository.write("base/web.yaml", "a: 1\n");
        repository.write("base/deep/x", "2");
        const std::string first = repository.commit("One");
        repository.write("base/web.yaml", "a: 2\n");
        const std::string second = repository.commit("Two");
        const FileTreePtr one = treeOf(repository, first);
        QCOMPARE(*one->read("base/web.yaml"), std::string("a: 1\n"));
        QCOMPARE(*treeOf(repository, second)->read("base/web.yaml"), std::string("a: 2\n"));
        const auto entries = one->list("base");
        QCOMPARE(entries->size(), std::size_t(2));
        QCOMPARE((*entries)[0].type, TreeEntry::Type::Directory);
        QCOMPARE((*entries)[1].name, std::string("web.yaml"));
        QCOMPARE((*entries)[1].size, std::uint64_t(5));
        QCOMPARE((*entries)[1].id, blobId("a: 1\n"));
        QCOMPARE(one->entry("")->id, repository.git({"rev-parse", first + "^{tree}"}));
        QCOMPARE(one->entry("base")->id, repository.git({"rev-parse", first + ":base"}));
        QCOMPARE(one->read("base/no").error().code, core::ErrorCode::NotFound);
        QCOMPARE(one->read("base").error().code, core::ErrorCode::Invalid);
        QCOMPARE(one->list("base/web.yaml").error().code, core::ErrorCode::Invalid);
        QCOMPARE(one->read("base/web.yaml", 4).error().code, core::ErrorCode::LimitExceeded);
        QCOMPARE(one->read("../x").error().code, core::ErrorCode::Invalid);
        QCOMPARE(one->read(".git/config").error().code, core::ErrorCode::Invalid);
    }

    void links_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("good");
        QTest::newRow("file beside") << QByteArray("real") << true;
        QTest::newRow("through the parent") << QByteArray("../sub/real") << true;
        QTest::newRow("via a folder link") << QByteArray("../folder/real") << true;
        QTest::newRow("chain") << QByteArray("second") << true;
        QTest::newRow("absolute") << QByteArray("/etc/hostname") << false;
        QTest::newRow("out") << QByteArray("../../x") << false;
        QTest::newRow("out of a folder link") << QByteArray("../up/../x") << false;
        QTest::newRow("dangling") << QByteArray("nothing") << false;
        QTest::newRow("itself") << QByteArray("link") << false;
        QTest::newRow("loop of two") << QByteArray("../loop") << false;
        QTest::newRow("git's folder") << QByteArray("../.git/config") << false;
    }
    void links()
    {
        QFETCH(QByteArray, target);
        QFETCH(bool, good);
        const tests::TemporaryRepository repository;
        repository.write("sub/real", "content");
        repository.link("folder", "sub");
        repository.link("up", ".");
        repository.link("loop", "sub/link");
        repository.link("sub/second", "third");
        repository.link("sub/third", "real");
        repository.link("sub/link", target.toStdString());
        const FileTreePtr tree = treeOf(repository, repository.commit("Links"));
        const auto content = tree->read("sub/link");
        QCOMPARE(content.has_value(), good);
        if (good)
            QCOMPARE(*tree->resolve("folder/link"), std::string("sub/real"));
        else {
            QCOMPARE(content.error().code, core::ErrorCode::Invalid);
            QVERIFY(!content.error().place.file.empty());
        }
        QVERIFY(tree->list("sub").has_value());
    }

    /// Every way of reading agrees with the checked out folder read from disk.
    void agreesWithDisk()
    {
        const tests::TemporaryRepository repository;
        repository.write("a/file", "inside");
        repository.write("b/file", "inside");
        repository.link("a/up", "..");
        repository.link("a/upup", "../..");
        repository.link("abs", "/etc");
        repository.link("a/b", "../b");
        repository.link("b/a", "../a");
        const FileTreePtr tree = treeOf(repository, repository.commit("One"));
        const FileTreePtr disk = openDiskTree(repository.path()).value();
        const std::vector<std::string> parts {"a", "b", "up", "upup", "abs", "file", "..", ".", ""};
        std::mt19937 random(7);
        for (int round = 0; round < 10'000; ++round) {
            std::string path;
            const int length = 1 + int(random() % 7);
            for (int i = 0; i < length; ++i)
                path += (i ? "/" : "") + parts[random() % parts.size()];
            const auto fromGit = tree->read(path);
            const auto fromDisk = disk->read(path);
            QCOMPARE(fromGit.has_value(), fromDisk.has_value());
            if (fromGit)
                QCOMPARE(*fromGit, std::string("inside"));
            else
                QVERIFY2(fromGit.error() == fromDisk.error(), path.c_str());
            const auto entry = tree->entry(path);
            QCOMPARE(entry.has_value(), disk->entry(path).has_value());
            if (entry)
                QCOMPARE(entry->id, disk->entry(path)->id);
        }
    }

    void submodulesAndLfsAreNamed()
    {
        const tests::TemporaryRepository repository;
        repository.write("lfs",
                         "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n");
        repository.commit("One");
        repository.git({"update-index", "--add", "--cacheinfo",
                        "160000," + std::string(40, 'a') + ",vendor/sub"});
        repository.git({"commit", "-qm", "Two"});
        const FileTreePtr tree = treeOf(repository, repository.git({"rev-parse", "HEAD"}));
        QCOMPARE(tree->entry("vendor/sub")->type, TreeEntry::Type::Submodule);
        QCOMPARE(tree->list("vendor")->front().type, TreeEntry::Type::Submodule);
        QCOMPARE(tree->read("vendor/sub/x").error().code, core::ErrorCode::Unsupported);
        QCOMPARE(tree->read("vendor/sub").error().code, core::ErrorCode::Unsupported);
        QCOMPARE(tree->list("vendor/sub").error().code, core::ErrorCode::Unsupported);
        QCOMPARE(tree->read("lfs").error().code, core::ErrorCode::Unsupported);
    }

    void missingObjectsAreNoAbsence()
    {
        const tests::TemporaryRepository repository;
        repository.write("a/file", "content");
        const FileTreePtr tree = treeOf(repository, repository.commit("One"));
        const std::string id = blobId("content");
        std::filesystem::remove(repository.path() + "/.git/objects/" + id.substr(0, 2) + "/"
                                + id.substr(2));
        QCOMPARE(tree->read("a/file").error().code, core::ErrorCode::Disk);
        QCOMPARE(tree->read("a/none").error().code, core::ErrorCode::NotFound);
    }

    void corruptObjectsAreRefused()
    {
        const tests::TemporaryRepository repository;
        repository.write("file", "content");
        repository.write("other", "another");
        const FileTreePtr tree = treeOf(repository, repository.commit("One"));
        const auto objectPath = [&](const std::string& id) {
            return repository.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
        };
        const std::string victim = objectPath(blobId("content"));
        std::filesystem::permissions(victim, std::filesystem::perms::owner_all);
        std::filesystem::copy_file(objectPath(blobId("another")), victim,
                                   std::filesystem::copy_options::overwrite_existing);
        QVERIFY(!tree->read("file").has_value());
    }

    void manyThreads()
    {
        const tests::TemporaryRepository repository;
        for (int i = 0; i < 1000; ++i)
            repository.write("folder" + std::to_string(i % 10) + "/file" + std::to_string(i),
                             std::to_string(i));
        const std::string commit = repository.commit("A thousand files");
        repository.git({"gc", "-q"});
        const FileTreePtr tree = treeOf(repository, commit);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    const auto content =
                        tree->read("folder" + std::to_string(i % 10) + "/file" + std::to_string(i));
                    wrong += !content || *content != std::to_string(i) ? 1 : 0;
                }
                wrong += tree->list("folder3")->size() != 100 ? 1 : 0;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }
};

WW_TEST_CLASS(TestCommitTree)
#include "tst_committree.moc"
