// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filetree.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <random>

using namespace gitops;

class TestFileTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void normalises_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("root") << QByteArray("") << QByteArray("");
        QTest::newRow("dot") << QByteArray(".") << QByteArray("");
        QTest::newRow("dots and doubles") << QByteArray("a/./b/../c") << QByteArray("a/c");
        QTest::newRow("trailing slash") << QByteArray("a/b/") << QByteArray("a/b");
        QTest::newRow("double slash") << QByteArray("a//b") << QByteArray("a/b");
        QTest::newRow("back to the root") << QByteArray("a/..") << QByteArray("");
        QTest::newRow("down and up") << QByteArray("./a/b/../../c/.") << QByteArray("c");
        QTest::newRow("three dots are a name") << QByteArray("a/...") << QByteArray("a/...");
        QTest::newRow("backslash is a character")
            << QByteArray("a\\..\\b") << QByteArray("a\\..\\b");
    }
    void normalises()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, expected);
        const auto result = normalisedPath(path.toStdString());
        QVERIFY(result.has_value());
        QCOMPARE(*result, expected.toStdString());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("up") << QByteArray("..");
        QTest::newRow("up after down") << QByteArray("a/../..");
        QTest::newRow("up hidden") << QByteArray("a/b/../../../etc/passwd");
        QTest::newRow("absolute") << QByteArray("/etc/passwd");
        QTest::newRow("zero byte") << QByteArray("a\0b", 3);
        QTest::newRow("too long") << QByteArray(5000, 'a');
    }
    void refuses()
    {
        QFETCH(QByteArray, path);
        const auto result = normalisedPath(path.toStdString());
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, core::ErrorCode::Invalid);
        QCOMPARE(result.error().fault, core::Fault::Repository);
    }

    void joins()
    {
        QCOMPARE(*joinedPath("overlays/dev", "../../base"), std::string("base"));
        QCOMPARE(*joinedPath("", "base/x.yaml"), std::string("base/x.yaml"));
        QCOMPARE(*joinedPath("a", "./b"), std::string("a/b"));
        QVERIFY(!joinedPath("a", "../../b"));
        QVERIFY(!joinedPath("a", "/b"));
        QVERIFY(!joinedPath("", "/b"));
    }

    /// 10,000 random paths: the result is inside the root in the eyes of another resolver, or there
    /// is an error exactly when that resolver goes above the root.
    void confinement()
    {
        std::mt19937 random(20260101);
        const std::vector<std::string> parts {
            "a", "b", "..", ".", "", "...", "..a", "c d", "../..", "\\..", "%2e%2e", "\xff", "\n"};
        for (int round = 0; round < 10'000; ++round) {
            std::string path;
            const int length = int(random() % 12);
            for (int i = 0; i < length; ++i)
                path += (i ? "/" : "") + parts[random() % parts.size()];
            int depth = 0;
            bool escapes = path.starts_with('/');
            for (std::size_t at = 0; at <= path.size();) {
                const std::size_t end = std::min(path.find('/', at), path.size());
                const std::string name = path.substr(at, end - at);
                if (name == "..")
                    --depth;
                else if (!name.empty() && name != ".")
                    ++depth;
                escapes = escapes || depth < 0;
                at = end + 1;
            }
            const auto result = normalisedPath(path);
            QCOMPARE(result.has_value(), !escapes);
            if (!result)
                continue;
            QVERIFY(!result->starts_with('/') && !result->ends_with('/'));
            QVERIFY(("/" + *result + "/").find("/../") == std::string::npos);
            QVERIFY(("/" + *result + "/").find("/./") == std::string::npos);
            QCOMPARE(*normalisedPath(*result), *result);
        }
    }
};

WW_TEST_CLASS(TestFileTree)
#include "tst_filetree.moc"
