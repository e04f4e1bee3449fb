// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filetree.h"
#include "gitops/git/objectid.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestMemoryTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAndLists()
    {
        const FileTreePtr tree =
            makeMemoryTree({{"base/web.yaml", "a: 1\n"}, {"base/x/y", "2"}, {"top", "3"}});
        QCOMPARE(*tree->read("base/../base/web.yaml"), std::string("a: 1\n"));
        const auto entries = tree->list("base");
        QVERIFY(entries.has_value());
        QCOMPARE(entries->size(), std::size_t(2));
        QCOMPARE((*entries)[0].name, std::string("web.yaml"));
        QCOMPARE((*entries)[0].size, std::uint64_t(5));
        QCOMPARE((*entries)[1].type, TreeEntry::Type::Directory);
        QCOMPARE(tree->entry("top")->id, blobId("3"));
        QCOMPARE(*tree->resolve("base/./x/"), std::string("base/x"));
        QCOMPARE(tree->entry("base/x/")->name, std::string("x"));
    }

    void errors()
    {
        const FileTreePtr tree = makeMemoryTree({{"a/b", "12345"}});
        QCOMPARE(tree->read("a/c").error().code, core::ErrorCode::NotFound);
        QCOMPARE(tree->read("a/b/c").error().code, core::ErrorCode::NotFound);
        QCOMPARE(tree->read("a").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->list("a/b").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->read("../a/b").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->read("a/b", 4).error().code, core::ErrorCode::LimitExceeded);
        QVERIFY(tree->read("a/b", 5).has_value());
        QCOMPARE(tree->read(".git/config").error().code, core::ErrorCode::Invalid);
        QCOMPARE(tree->read("a/c").error().place.file, std::string("a/c"));
    }

    void idsAreGits()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
        const tests::TemporaryRepository repository;
        repository.write("base/web.yaml", "a: 1\n");
        repository.write("base-2/web.yaml", "a: 2\n");
        repository.write("top", "3");
        repository.commit("One");
        const FileTreePtr tree = makeMemoryTree(
            {{"base/web.yaml", "a: 1\n"}, {"base-2/web.yaml", "a: 2\n"}, {"top", "3"}});
        QCOMPARE(tree->entry("")->id, repository.git({"rev-parse", "HEAD^{tree}"}));
        QCOMPARE(tree->entry("base")->id, repository.git({"rev-parse", "HEAD:base"}));
    }
};

WW_TEST_CLASS(TestMemoryTree)
#include "tst_memorytree.moc"
