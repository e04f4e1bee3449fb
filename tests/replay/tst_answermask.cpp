// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/answermask.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::AnswerMask;

namespace {

core::Json json(const char* text)
{
    return core::parseJson(text).value_or(core::Json());
}

} // namespace

class TestAnswerMask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void masks_data();
    void masks();
    void keepsIdentity();
    void hides();
};

void TestAnswerMask::masks_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("masked");
    QTest::newRow("keys in order") << R"({"b":1,"a":2})" << R"({"a":2,"b":1})";
    QTest::newRow("times") << R"(["at 2026-01-02T03:04:05Z","2026-01-02T03:04:05.123456Z"])"
                           << R"(["at <time>","<time>"])";
    QTest::newRow("a list's version is the cluster's")
        << R"({"items":[],"metadata":{"resourceVersion":"77","continue":"abc"}})"
        << R"({"items":[],"metadata":{"continue":"<continue>","resourceVersion":"<version>"}})";
    QTest::newRow("a bookmark's, too")
        << R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"77"}}})"
        << R"({"object":{"metadata":{"resourceVersion":"<version>"}},"type":"BOOKMARK"})";
    QTest::newRow("an empty continue") << R"({"continue":""})" << R"({"continue":""})";
    QTest::newRow("ages in cells only") << R"({"cells":["5s","2m3s","5 s"],"x":"5s"})"
                                        << R"({"cells":["<age>","<age>","5 s"],"x":"5s"})";
    QTest::newRow("addresses") << R"({"clusterIP":"10.96.0.7","x":"10.0.0.1, 127.0.0.1:123"})"
                               << R"({"clusterIP":"<address>","x":"<address>, <address>"})";
    QTest::newRow("None is no address") << R"({"clusterIP":"None"})" << R"({"clusterIP":"None"})";
    QTest::newRow("node ports") << R"({"nodePort":30123,"port":80})"
                                << R"({"nodePort":"<port>","port":80})";
    QTest::newRow("made-up names")
        << R"({"metadata":{"generateName":"web-","name":"web-x7k2p"},"m":"pods \"web-x7k2p\""})"
        << R"({"m":"pods \"web-<name 1>\"","metadata":{"generateName":"web-","name":"web-<name 1>"}})";
    QTest::newRow("an object that could not be patched")
        << "\"patch: Invalid value: \\\"{\\\\\\\"a\\\\\\\":1}\\\": no\""
        << "\"patch: Invalid value: <object>: no\"";
    QTest::newRow("several causes")
        << R"({"message":"X is invalid: [b, a]","details":{"causes":[{"field":"b"},{"field":"a"}]}})"
        << R"({"details":{"causes":[{"field":"a"},{"field":"b"}]},"message":"X is invalid: [<causes>"})";
    QTest::newRow("a mounted token") << R"("kube-api-access-x7k2p")"
                                     << R"("kube-api-access-<name>")";
    QTest::newRow("too far ahead") << R"("Too large resource version: 9, current: 5")"
                                   << R"("Too large resource version: 9, current: <version>")";
}

void TestAnswerMask::masks()
{
    QFETCH(QString, given);
    QFETCH(QString, masked);
    AnswerMask mask;
    QCOMPARE(core::toText(mask.masked(json(qPrintable(given)))), masked.toStdString());
}

void TestAnswerMask::keepsIdentity()
{
    AnswerMask mask;
    const core::Json first = mask.masked(json(
        R"({"uid":"11111111-2222-3333-4444-555555555555","metadata":{"resourceVersion":"5"}})"));
    const core::Json other = mask.masked(json(
        R"({"uid":"aaaaaaaa-2222-3333-4444-555555555555","metadata":{"resourceVersion":"6"}})"));
    QCOMPARE(core::toText(first),
             R"({"metadata":{"resourceVersion":"<version 1>"},"uid":"<uid 1>"})");
    QCOMPARE(core::toText(other),
             R"({"metadata":{"resourceVersion":"<version 2>"},"uid":"<uid 2>"})");
    QCOMPARE(mask.maskedText("of 11111111-2222-3333-4444-555555555555 and "
                             "aaaaaaaa-2222-3333-4444-555555555555"),
             "of <uid 1> and <uid 2>");
}

void TestAnswerMask::hides()
{
    core::Json value = json(R"({"items":[{"a":1,"b":2},{"a":3}],"c":{"d":4}})");
    tests::hide(value, {"/items/*/a", "/c", "/not/there"});
    QCOMPARE(core::toText(value), R"({"items":[{"b":2},{}]})");
}

WW_TEST_CLASS(TestAnswerMask)
#include "tst_answermask.moc"
