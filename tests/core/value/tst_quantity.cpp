// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/quantity.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::Quantity;

class TestQuantity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void canonicalSpelling_data()
    {
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        const char* const rows[][2] = {
            {"0", "0"},        {"1000m", "1"},      {"1500m", "1500m"}, {"1.5", "1500m"},
            {"1024Ki", "1Mi"}, {"1.5Gi", "1536Mi"}, {"1000", "1k"},     {"1e3", "1e3"},
            {"1000k", "1M"},   {"0.5", "500m"},     {"100Mi", "100Mi"}, {"-1", "-1"},
            {"+5", "5"},       {".5", "500m"},      {"5.", "5"},        {"1E", "1E"},
            {"1Ei", "1Ei"},    {"0.5Ki", "512"},    {"1u", "1u"},       {"1n", "1n"},
            {"0.1n", "1n"},    {"100000", "100k"},  {"12e6", "12e6"},   {"0Ki", "0"},
            {"2000m", "2"}};
        for (const auto& row : rows)
            QTest::newRow(row[0]) << QByteArray(row[0]) << QByteArray(row[1]);
    }
    void canonicalSpelling()
    {
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        const auto quantity = Quantity::parse(in.toStdString());
        QVERIFY(quantity);
        QCOMPARE(quantity->canonical(), out.toStdString());
    }
    void refuses()
    {
        for (const char* bad :
             {"", "m", "1.2.3", "1x", "1 Gi", "e3", "1e", "--1", "1KI", "1gi", "0x10", "1e3m"})
            QVERIFY2(!Quantity::parse(bad), bad);
    }
    void comparisonIsByValue()
    {
        QVERIFY(*Quantity::parse("1000m") == *Quantity::parse("1"));
        QVERIFY(*Quantity::parse("1Gi") == *Quantity::parse("1024Mi"));
        QVERIFY(*Quantity::parse("1G") < *Quantity::parse("1Gi"));
        QVERIFY(*Quantity::parse("-1") < *Quantity::parse("0"));
    }
    void arithmetic()
    {
        QCOMPARE((*Quantity::parse("500m") + *Quantity::parse("1500m")).canonical(),
                 std::string("2"));
        QCOMPARE((*Quantity::parse("1Gi") - *Quantity::parse("512Mi")).canonical(),
                 std::string("512Mi"));
        QCOMPARE((Quantity() + *Quantity::parse("1Gi")).canonical(), std::string("1Gi"));
    }
    void hugeValuesAreCapped()
    {
        const auto huge = Quantity::parse(std::string(60, '9') + "Ei");
        QVERIFY(huge);
        QVERIFY(*huge == *Quantity::parse("1e30"));
    }
};

WW_TEST_CLASS(TestQuantity)
#include "tst_quantity.moc"
