// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/filestorage.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <fstream>

using gitops::practice::FileStorage;
using gitops::practice::StorageRecord;

namespace {

using Contents = std::map<std::string, std::string>;

/// What a fresh process would find: "storage key" to text. Fails the test on an error.
Contents reread(const std::string& folder, std::uint64_t* version = nullptr)
{
    Contents found;
    auto storage = FileStorage::open(folder);
    if (!storage)
        return {{"error", storage.error().text()}};
    const auto loaded = (*storage)->load([&](const StorageRecord& record) {
        found[record.storage + " " + record.key] = record.text;
    });
    if (!loaded)
        return {{"error", loaded.error().message}};
    if (version)
        *version = *loaded;
    return found;
}

} // namespace

class TestFileStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatWasCommitted();
    void dropsATornLine();
    void refusesDamageInTheMiddle();
    void compactsWithoutLoss();
    void isLockedWhileOpen();
};

void TestFileStorage::keepsWhatWasCommitted()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    {
        auto storage = FileStorage::open(path);
        QVERIFY(storage);
        QCOMPARE((*storage)->load([](const StorageRecord&) { }).value(), 0u);
        (*storage)->append({5, "pods", "a/b", R"({"x":"one two"})"});
        (*storage)->append({6, "pods", "a/c", "{}"});
        (*storage)->append({7, "pods", "a/c", ""});
        QVERIFY((*storage)->hasPending());
        QVERIFY((*storage)->commit());
        QVERIFY(!(*storage)->hasPending());
        (*storage)->append({8, "pods", "lost", "{}"}); // never committed
    }
    std::uint64_t version = 0;
    QCOMPARE(reread(path, &version), (Contents {{"pods a/b", R"({"x":"one two"})"}}));
    QCOMPARE(version, 7u);
}

void TestFileStorage::dropsATornLine()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    {
        auto storage = FileStorage::open(path);
        QVERIFY((*storage)->load([](const StorageRecord&) { }));
        (*storage)->append({5, "pods", "a", "{}"});
        QVERIFY((*storage)->commit());
    }
    std::ofstream(path + "/objects.log", std::ios::app) << "0badc0de 6 pods b {\"half";
    QCOMPARE(reread(path), (Contents {{"pods a", "{}"}}));
    {
        auto storage = FileStorage::open(path);
        QVERIFY((*storage)->load([](const StorageRecord&) { }));
        (*storage)->append({6, "pods", "c", "{}"});
        QVERIFY((*storage)->commit());
    }
    QCOMPARE(reread(path), (Contents {{"pods a", "{}"}, {"pods c", "{}"}}));
}

void TestFileStorage::refusesDamageInTheMiddle()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    {
        auto storage = FileStorage::open(path);
        QVERIFY((*storage)->load([](const StorageRecord&) { }));
        for (int i = 1; i < 5; ++i)
            (*storage)->append({std::uint64_t(i), "pods", std::to_string(i), R"({"k":"v"})"});
        QVERIFY((*storage)->commit());
    }
    std::fstream log(path + "/objects.log", std::ios::in | std::ios::out);
    log.seekp(30);
    log.put('#');
    log.close();
    QCOMPARE(reread(path), (Contents {{"error", "the log is damaged"}}));
}

void TestFileStorage::compactsWithoutLoss()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    {
        auto storage = FileStorage::open(path);
        QVERIFY((*storage)->load([](const StorageRecord&) { }));
        (*storage)->setCompactionSize(2000);
        for (int i = 1; i <= 200; ++i) {
            (*storage)->append({std::uint64_t(i), "pods", std::to_string(i % 7),
                                R"({"n":)" + std::to_string(i) + "}"});
            QVERIFY((*storage)->commit());
        }
        (*storage)->append({201, "pods", "0", ""});
        QVERIFY((*storage)->commit());
    }
    QVERIFY(std::filesystem::file_size(path + "/objects.log") < 2100);
    std::uint64_t version = 0;
    const Contents found = reread(path, &version);
    QCOMPARE(version, 201u);
    QCOMPARE(found.size(), 6u);
    QCOMPARE(found.at("pods 4"), R"({"n":200})");
}

void TestFileStorage::isLockedWhileOpen()
{
    const QTemporaryDir folder;
    const auto first = FileStorage::open(folder.path().toStdString());
    QVERIFY(first);
    const auto second = FileStorage::open(folder.path().toStdString());
    QVERIFY(!second);
    QCOMPARE(second.error().message, "another practice cluster is running in this folder");
}

WW_TEST_CLASS(TestFileStorage)
#include "tst_filestorage.moc"
