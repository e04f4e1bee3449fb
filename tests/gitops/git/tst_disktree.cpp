// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filetree.h"
#include "gitops/git/objectid.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <filesystem>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace gitops;
using tests::TemporaryFolder;

namespace {

FileTreePtr open(const TemporaryFolder& folder)
{
    return openDiskTree(folder.path()).value();
}

} // namespace

class TestDiskTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAndLists()
    {
        const TemporaryFolder folder;
        folder.write("base/web.yaml", "a: 1\n");
        folder.write("base/deep/x", "2");
        folder.write(".git/config", "secret");
        const FileTreePtr tree = open(folder);
        QCOMPARE(*tree->read("base/web.yaml"), std::string("a: 1\n"));
        QCOMPARE(tree->read("base/nothing").error().code, core::ErrorCode::NotFound);
        QCOMPARE(tree->read("base").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->read("base/web.yaml", 4).error().code, core::ErrorCode::LimitExceeded);
        QCOMPARE(tree->read(".git/config").error().code, core::ErrorCode::Invalid);
        const auto root = tree->list("");
        QCOMPARE(root->size(), std::size_t(1));
        const auto base = tree->list("base");
        QCOMPARE((*base)[0].name, std::string("deep"));
        QCOMPARE((*base)[1].id, blobId("a: 1\n"));
        QCOMPARE((*base)[1].size, std::uint64_t(5));
    }

    void idsAreGits()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
        const tests::TemporaryRepository repository;
        repository.write("base/web.yaml", "a: 1\n");
        repository.write("base/run.sh", "#!/bin/sh\n");
        std::filesystem::permissions(repository.path() + "/base/run.sh",
                                     std::filesystem::perms::owner_all);
        repository.link("base/other.yaml", "web.yaml");
        repository.link("broken", "/etc/passwd");
        std::filesystem::create_directories(repository.path() + "/empty/folder");
        repository.commit("One");
        const FileTreePtr tree = openDiskTree(repository.path()).value();
        QCOMPARE(tree->entry("")->id, repository.git({"rev-parse", "HEAD^{tree}"}));
        QCOMPARE(tree->entry("base")->id, repository.git({"rev-parse", "HEAD:base"}));
        repository.write("base/web.yaml", "a: 2\n");
        repository.commit("Two");
        QCOMPARE(tree->entry("")->id, repository.git({"rev-parse", "HEAD^{tree}"}));
    }

    void links_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("good");
        QTest::newRow("file beside") << QByteArray("real") << true;
        QTest::newRow("through the parent") << QByteArray("../sub/real") << true;
        QTest::newRow("via a folder link") << QByteArray("../folder/real") << true;
        QTest::newRow("absolute inside") << QByteArray("/sub/real") << false;
        QTest::newRow("absolute outside") << QByteArray("/etc/hostname") << false;
        QTest::newRow("out and back") << QByteArray("../../x") << false;
        QTest::newRow("dangling") << QByteArray("nothing") << false;
        QTest::newRow("itself") << QByteArray("link") << false;
        QTest::newRow("loop of two") << QByteArray("../loop") << false;
        QTest::newRow("below a file") << QByteArray("real/x") << false;
        QTest::newRow("out via a folder link") << QByteArray("../up/../x") << false;
    }
    void links()
    {
        QFETCH(QByteArray, target);
        QFETCH(bool, good);
        const TemporaryFolder folder;
        folder.write("sub/real", "content");
        folder.link("folder", "sub");
        folder.link("up", ".");
        folder.link("loop", "sub/link");
        folder.link("sub/link", target.toStdString());
        const FileTreePtr tree = open(folder);
        const auto content = tree->read("sub/link");
        QCOMPARE(content.has_value(), good);
        if (good) {
            QCOMPARE(*tree->resolve("sub/link"), std::string("sub/real"));
            QCOMPARE(tree->entry("folder/link")->id, blobId("content"));
        } else {
            QCOMPARE(content.error().code, core::ErrorCode::Invalid);
            QVERIFY(!content.error().place.file.empty());
        }
        QVERIFY(tree->list("sub").has_value()); // a bad link is an error only where it is read
    }

    void specialFiles()
    {
        const TemporaryFolder folder;
        QCOMPARE(::mkfifo((folder.path() + "/pipe").c_str(), 0600), 0);
        const FileTreePtr tree = open(folder);
        QCOMPARE(tree->read("pipe").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->list("")->size(), std::size_t(0));
    }

    void largeFilesAreNotRead()
    {
        const TemporaryFolder folder;
        folder.write("huge", "");
        QCOMPARE(::truncate((folder.path() + "/huge").c_str(), off_t(2) << 30), 0);
        const FileTreePtr tree = open(folder);
        QCOMPARE(tree->read("huge").error().code, core::ErrorCode::LimitExceeded);
        const std::string id = tree->entry("huge")->id; // by version, not by content
        QCOMPARE(id.size(), std::size_t(40));
        QCOMPARE(tree->entry("huge")->id, id);
        QVERIFY(::truncate((folder.path() + "/huge").c_str(), (off_t(2) << 30) + 1) == 0);
        QVERIFY(tree->entry("huge")->id != id);
    }

    void lfsPointersAreNamed()
    {
        const TemporaryFolder folder;
        folder.write("x", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
        QCOMPARE(open(folder)->read("x").error().code, core::ErrorCode::Unsupported);
    }

    void missingFolder()
    {
        const TemporaryFolder folder;
        QCOMPARE(openDiskTree(folder.path() + "/none").error().code, core::ErrorCode::NotFound);
        folder.write("file", "");
        QCOMPARE(openDiskTree(folder.path() + "/file").error().code, core::ErrorCode::Invalid);
    }

    /// 10,000 random paths over a tree full of links: what is read is inside, or an error.
    void confinement()
    {
        const TemporaryFolder outside;
        outside.write("secret", "outside");
        outside.write("root/a/file", "inside");
        outside.write("root/b/file", "inside");
        outside.link("root/a/up", "..");
        outside.link("root/a/upup", "../..");
        outside.link("root/abs", outside.path());
        outside.link("root/a/b", "../b");
        outside.link("root/b/a", "../a");
        outside.link("root/b/secret", "../../secret");
        const FileTreePtr tree = openDiskTree(outside.path() + "/root").value();
        const std::vector<std::string> parts {"a",      "b",  "up", "upup", "abs", "file",
                                              "secret", "..", ".",  "",     "root"};
        std::mt19937 random(7);
        int inside = 0;
        for (int round = 0; round < 10'000; ++round) {
            std::string path;
            const int length = 1 + int(random() % 7);
            for (int i = 0; i < length; ++i)
                path += (i ? "/" : "") + parts[random() % parts.size()];
            if (random() % 2)
                path += "/file";
            const auto content = tree->read(path);
            if (content) {
                QCOMPARE(*content, std::string("inside"));
                ++inside;
            }
        }
        QVERIFY(inside > 100);
    }

    /// The same while another thread swaps a folder for a link that leads out.
    void confinementUnderRenames()
    {
        const TemporaryFolder outside;
        outside.write("away/file", "outside");
        outside.write("root/real/file", "inside");
        outside.link("root/evil", outside.path() + "/away");
        const FileTreePtr tree = openDiskTree(outside.path() + "/root").value();
        std::atomic<bool> stop = false;
        std::thread swapper([&] {
            const std::string root = outside.path() + "/root/";
            while (!stop) {
                ::rename((root + "real").c_str(), (root + "spare").c_str());
                ::rename((root + "evil").c_str(), (root + "real").c_str());
                ::rename((root + "real").c_str(), (root + "evil").c_str());
                ::rename((root + "spare").c_str(), (root + "real").c_str());
            }
        });
        int good = 0;
        bool leaked = false;
        for (int round = 0; round < 200'000 && (round < 20'000 || good == 0); ++round) {
            const auto content = tree->read("real/file");
            good += content.has_value() ? 1 : 0;
            leaked = leaked || (content && *content != "inside");
        }
        stop = true;
        swapper.join();
        QVERIFY(!leaked);
        QVERIFY(good > 0);
    }
};

WW_TEST_CLASS(TestDiskTree)
#include "tst_disktree.moc"
