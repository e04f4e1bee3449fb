// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/resourceversion.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestResourceVersion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void compares_data();
    void compares();
};

void TestResourceVersion::compares_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<QString>("order");
    const auto row = [](const char* a, const char* b, const char* order) {
        QTest::addRow("%s %s %s", a, order, b)
            << QString::fromLatin1(a) << QString::fromLatin1(b) << QString::fromLatin1(order);
    };
    row("1", "2", "<");
    row("9", "10", "<");
    row("10", "9", ">");
    row("7", "7", "=");
    row("18446744073709551616", "18446744073709551615", ">");
    row("99999999999999999999999999", "100000000000000000000000000", "<");
    row("0", "1", "?");
    row("01", "2", "?");
    row("", "1", "?");
    row("", "", "?");
    row("abc", "1", "?");
    row("abc", "abc", "=");
    row("-1", "1", "?");
}

void TestResourceVersion::compares()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(QString, order);
    const auto found = gitops::compareResourceVersions(a.toStdString(), b.toStdString());
    const QString text = found < 0 ? QStringLiteral("<")
        : found > 0                ? QStringLiteral(">")
        : found == 0               ? QStringLiteral("=")
                                   : QStringLiteral("?");
    QCOMPARE(text, order);
}

WW_TEST_CLASS(TestResourceVersion)
#include "tst_resourceversion.moc"
