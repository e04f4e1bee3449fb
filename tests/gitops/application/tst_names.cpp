// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/names.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names()
    {
        for (const char* good : {"a", "shop", "shop-1", "1", "a.b-c.d"})
            QVERIFY2(isObjectName(good), good);
        for (const char* bad : {"", "A", "a_b", "-a", "a-", "a..b", ".a", "a b", "\xc3\xbc"})
            QVERIFY2(!isObjectName(bad), bad);
        QVERIFY(!isObjectName(std::string(254, 'a')));
        QVERIFY(isLabelName(std::string(63, 'a')));
        QVERIFY(!isLabelName(std::string(64, 'a')));
        QVERIFY(!isLabelName("a.b"));
    }

    void madeNames()
    {
        QCOMPARE(labelNameFrom("My App"), std::string("my-app"));
        QCOMPARE(labelNameFrom("--x__y--"), std::string("x-y"));
        QCOMPARE(labelNameFrom("\xc3\xbc"), std::string());
        QVERIFY(isLabelName(labelNameFrom(std::string(62, 'a') + "--b")));
    }
};

WW_TEST_CLASS(TestNames)
#include "tst_names.moc"
