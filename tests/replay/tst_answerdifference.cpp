// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/answerdifference.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

namespace {

core::Json json(const QString& text)
{
    return core::parseJson(text.toStdString()).value_or(core::Json());
}

} // namespace

class TestAnswerDifference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void takesOutWhatIsMeant();
    void demandsReasons();
    void writesForPeople();
};

void TestAnswerDifference::finds_data()
{
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("differences");
    QTest::newRow("none") << R"({"a":1,"b":[1]})" << R"({"b":[1],"a":1})" << "";
    QTest::newRow("a value") << R"({"a":{"b":1}})" << R"({"a":{"b":2}})" << "x/a/b 1 2";
    QTest::newRow("absent") << R"({"a":1})" << R"({})" << "x/a 1 ";
    QTest::newRow("added") << R"({})" << R"({"a/b":1})" << "x/a~1b  1";
    QTest::newRow("another type") << "[]" << "{}" << "x [] {}";
    QTest::newRow("by place") << "[1,2]" << "[1,3,4]" << "x/1 2 3;x/2  4";
    QTest::newRow("by name") << R"([{"name":"a","v":1},{"name":"b"}])"
                             << R"([{"name":"b"},{"name":"a","v":2}])"
                             << "x/a/v 1 2;x/order a b b a";
    QTest::newRow("one more name") << R"([{"name":"a"}])" << R"([{"name":"b"},{"name":"a"}])"
                                   << R"(x/b  {"name":"b"})";
}

void TestAnswerDifference::finds()
{
    QFETCH(QString, recorded);
    QFETCH(QString, got);
    QFETCH(QString, differences);
    std::string text;
    for (const auto& each : tests::differencesOf(json(recorded), json(got), "x"))
        text += (text.empty() ? "" : ";") + each.where + " " + each.recorded + " " + each.got;
    QCOMPARE(text, differences.toStdString());
}

void TestAnswerDifference::takesOutWhatIsMeant()
{
    std::vector<tests::AnswerDifference> differences {
        {"f/s/1/body/a", "", ""}, {"f/s/2/body/b/c", "", ""}, {"f/t/1/status", "", ""}};
    const auto gone = tests::removeIntended(
        differences, {{"f/*/1/body/a", ""}, {"f/s/2/**", ""}, {"f/s/9/**", ""}, {"f/t/1", ""}});
    QCOMPARE(differences.size(), 1u);
    QCOMPARE(differences[0].where, "f/t/1/status");
    QCOMPARE(gone.size(), 2u);
    QCOMPARE(gone[0].at, "f/s/9/**");
    QCOMPARE(gone[1].at, "f/t/1");
}

void TestAnswerDifference::demandsReasons()
{
    const auto read = tests::readIntended("- at: [a/b, c]\n  why: so\n", "x.yaml");
    QVERIFY(read);
    QCOMPARE(read->size(), 2u);
    QCOMPARE((*read)[1].why, "so");
    QVERIFY(!tests::readIntended("- at: [a/b]\n", "x.yaml"));
    QVERIFY(tests::readIntended("", "x.yaml"));
}

void TestAnswerDifference::writesForPeople()
{
    QCOMPARE(tests::toReadableText(json(R"({"a":[1,2],"b":{"c":"12345678901234567890"}})"), 30),
             "{\n \"a\": [1,2],\n \"b\": {\n  \"c\": \"12345678901234567890\"}}\n");
    QCOMPARE(tests::toReadableText(json("[]")), "[]\n");
}

WW_TEST_CLASS(TestAnswerDifference)
#include "tst_answerdifference.moc"
