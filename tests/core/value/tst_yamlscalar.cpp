// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlscalar.h"
#include "tests/support/testregistry.h"

#include <QTest>

using core::YamlSchema;
using core::YamlTag;

Q_DECLARE_METATYPE(core::YamlTag)

class TestYamlScalar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resolves_data();
    void resolves();
    void printsNumbers_data();
    void printsNumbers();
    void normalisesTimestamps_data();
    void normalisesTimestamps();
};

void TestYamlScalar::resolves_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<YamlTag>("inResources");
    QTest::addColumn<YamlTag>("inYaml11");
    const auto row = [](const char* text, YamlTag resources, YamlTag yaml11) {
        QTest::newRow(text) << QByteArray(text) << resources << yaml11;
    };
    const auto same = [&](const char* text, YamlTag tag) { row(text, tag, tag); };
    for (const char* word : {"yes", "no", "on", "off", "y", "n", "Y", "N", "OFF"})
        row(word, YamlTag::String, YamlTag::Bool);
    for (const char* word : {"true", "True", "TRUE", "false", "False", "FALSE"})
        same(word, YamlTag::Bool);
    for (const char* word : {"", "~", "null", "Null", "NULL"})
        same(word, YamlTag::Null);
    for (const char* word : {"0", "12", "-1", "+1", "014", "0o14", "0x1F", "0b11", "1_000",
                             "18446744073709551615", "-9223372036854775808", "-0"})
        same(word, YamlTag::Int);
    for (const char* word : {"1.0", ".5", "1e3", "1E+3", "08", "1.", "18446744073709551616", ".inf",
                             "-.Inf", ".nan", "-0.0", "+.5"})
        same(word, YamlTag::Float);
    for (const char* word : {"tRue",
                             "nULL",
                             "0x",
                             "1e",
                             "NaN",
                             "1,000",
                             "=",
                             "-",
                             "+",
                             ".",
                             "..",
                             "1.2.3",
                             "0b12",
                             "0o9",
                             "1e400",
                             "12:30:45",
                             "2001-12-14 21:59:43 -5",
                             "2020-02-30",
                             "20-01-01",
                             "deadbeef",
                             "5m",
                             "-5s",
                             "_1",
                             "+x"})
        same(word, YamlTag::String);
    for (const char* word :
         {"2020-01-01", "2020-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10"})
        same(word, YamlTag::Timestamp);
    same("<<", YamlTag::Merge);
}

void TestYamlScalar::resolves()
{
    QFETCH(QByteArray, text);
    QFETCH(YamlTag, inResources);
    QFETCH(YamlTag, inYaml11);
    QCOMPARE(core::resolvePlain(text.toStdString(), YamlSchema::Resources), inResources);
    QCOMPARE(core::resolvePlain(text.toStdString(), YamlSchema::Yaml11), inYaml11);
}

void TestYamlScalar::printsNumbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("printed");
    const auto row = [](const char* text, const char* printed) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(printed);
    };
    row("014", "12");
    row("0o14", "12");
    row("0x1F", "31");
    row("1_000", "1000");
    row("0b11", "3");
    row("08", "8");
    row("1.0", "1");
    row("1.50", "1.5");
    row("123456789.5", "1.234567895e+08");
    row("1e10", "10000000000");
    row("1e21", "1e+21");
    row("1e20", "1e+20");
    row("0.00001", "1e-05");
    row("0.0001", "0.0001");
    row("-0.0", "0");
    row("-0", "0");
    row("123456.5", "123456.5");
    row("18446744073709551615", "18446744073709551615");
    row("18446744073709551616", "1.8446744073709552e+19");
    row("1234567890123456789.0", "1234567890123456800");
    row("-2.5e-7", "-2.5e-07");
}

void TestYamlScalar::printsNumbers()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, printed);
    const auto number = core::parseYamlNumber(text.toStdString());
    QVERIFY(number);
    std::string out;
    core::appendYamlNumber(out, *number);
    QCOMPARE(QByteArray::fromStdString(out), printed);
}

void TestYamlScalar::normalisesTimestamps_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("normalised");
    const auto row = [](const char* text, const char* normalised) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(normalised);
    };
    row("2020-01-01", "2020-01-01T00:00:00Z");
    row("2020-2-29", "2020-02-29T00:00:00Z");
    row("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00");
    row("2001-12-15T2:59:43.1Z", "2001-12-15T02:59:43.1Z");
    row("2001-12-15 2:59:43.10", "2001-12-15T02:59:43.1Z");
    row("2001-12-15T2:59:43+00:00", "2001-12-15T02:59:43Z");
    row("2019-02-29", "");
    row("2020-13-01", "");
    row("2020-01-01T25:00:00Z", "");
    row("2020-01-01x", "");
}

void TestYamlScalar::normalisesTimestamps()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, normalised);
    QCOMPARE(QByteArray::fromStdString(core::normalisedTimestamp(text.toStdString()).value_or("")),
             normalised);
}

WW_TEST_CLASS(TestYamlScalar)
#include "tst_yamlscalar.moc"
