// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/diff/jqpath.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestJqPath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void selects_data()
    {
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<QByteArray>("pointers");
        const char* const rows[][2] = {
            {".a", "/a"},
            {".a.b", "/a/b"},
            {".l[]", "/l/0 /l/1"},
            {".l[].n", "/l/0/n /l/1/n"},
            {".l[]?.n", "/l/0/n /l/1/n"},
            {".l[1].n", "/l/1/n"},
            {".l[7]", ""},
            {".none", ""},
            {".none?.more", ""},
            {".a[\"x/y\"]", "/a/x~1y"},
            {".a.\"x/y\"", "/a/x~1y"},
            {".[\"a\"].b", "/a/b"},
            {".a[]", "/a/b /a/x~1y"},
            {".l[] | select(.n == \"two\")", "/l/1"},
            {".l[]|select(.n==\"two\")|.v", "/l/1/v"},
            {".l[] | select(.n == \"none\")", ""},
            {".l[] | select(.v == 1) | .n", "/l/0/n"},
            {".l[] | select(.d.e == true)", "/l/0"},
            {".l[] | select(.n == \"one\").d.e", "/l/0/d/e"},
            {".l[] | select(.n == \"one\" or .n == \"two\")", "/l/0 /l/1"},
            {".l[] | select(.n == \"one\" and .v == 2)", ""},
            {".l[] | select(.n == \"one\" and .v == 2 or .v == 2)", "/l/1"},
            {".l[] | select(.n != \"one\") | .v", "/l/1/v"},
            {".l[] | select(.d == null)", "/l/1"},
            {"  .a  |  .b  ", "/a/b"},
        };
        for (const auto& row : rows)
            QTest::newRow(row[0]) << QByteArray(row[0]) << QByteArray(row[1]);
    }
    void selects()
    {
        QFETCH(QByteArray, expression);
        QFETCH(QByteArray, pointers);
        const auto object = core::parseJson("{\"a\":{\"b\":1,\"x/y\":2},\"l\":["
                                            "{\"n\":\"one\",\"v\":1,\"d\":{\"e\":true}},"
                                            "{\"n\":\"two\",\"v\":2}]}");
        QVERIFY(object);
        const auto path = gitops::JqPath::parse(expression.toStdString());
        QVERIFY2(path, expression.constData());
        QCOMPARE(core::join(path->select(*object), " "), pointers.toStdString());
    }

    void refusesMore_data()
    {
        QTest::addColumn<QByteArray>("expression");
        for (const char* more : {"",
                                 "a",
                                 ".a | keys",
                                 ".a, .b",
                                 ".a | map(.b)",
                                 "..",
                                 ".a[1:2]",
                                 ".a[-1]",
                                 ".a |",
                                 "select(.a)",
                                 "select(.a == \"b\"",
                                 "select(.a < 1)",
                                 "select(.a = 1)",
                                 "select(.a == 1 and)",
                                 "select(not)",
                                 "select(.a == 1) .b",
                                 "select(.a == .b)",
                                 ".a[\"b\"",
                                 ".a.[",
                                 "del(.a)",
                                 ".a | select(.b[] == 1)",
                                 ".a[99999999999999999999]"})
            QTest::newRow(more) << QByteArray(more);
    }
    void refusesMore()
    {
        QFETCH(QByteArray, expression);
        const auto path = gitops::JqPath::parse(expression.toStdString());
        QVERIFY(!path);
        QVERIFY(path.error().code == core::ErrorCode::Unsupported);
        QVERIFY(path.error().message.find(expression.toStdString()) != std::string::npos);
    }

    void selectsNoMoreThanTheLimit()
    {
        core::JsonArray list;
        for (int i = 0; i < 100; ++i)
            list.push_back(i);
        const auto path = gitops::JqPath::parse(".l[]");
        QVERIFY(path);
        QCOMPARE(path->select(core::JsonObject {{"l", list}}, 10).size(), std::size_t(10));
    }
};

WW_TEST_CLASS(TestJqPath)
#include "tst_jqpath.moc"
