// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/objectid.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestObjectId : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownIds()
    {
        QCOMPARE(blobId(""), std::string("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
        QCOMPARE(blobId("hello\n"), std::string("ce013625030ba8dba906f756967f9e9ca394464a"));
        QCOMPARE(treeId({}), std::string("4b825dc642cb6eb9a060e54bf8d69288fbee4904"));
    }

    void treeOrderIsGits()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
        const tests::TemporaryRepository repository;
        // "a.b" < "a/" < "a0": folders sort as if they ended in a slash.
        repository.write("a/x", "1");
        repository.write("a.b", "2");
        repository.write("a0", "3");
        repository.commit("One");
        const std::string inner = treeId({{FileMode::Blob, "x", blobId("1")}});
        const std::string tree = treeId({{FileMode::Blob, "a0", blobId("3")},
                                         {FileMode::Tree, "a", inner},
                                         {FileMode::Blob, "a.b", blobId("2")}});
        QCOMPARE(tree, repository.git({"rev-parse", "HEAD^{tree}"}));
    }

    void lfsPointers()
    {
        const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid "
                                    "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca"
                                    "24d17e2393\nsize 12345\n";
        QVERIFY(isLfsPointer(pointer));
        QVERIFY(!isLfsPointer("version: 1\n"));
        QVERIFY(!isLfsPointer(pointer + std::string(2000, 'x')));
    }
};

WW_TEST_CLASS(TestObjectId)
#include "tst_objectid.moc"
