// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/status.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::Health;

class TestStatus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wordsAreArgos()
    {
        for (const char* word :
             {"Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"}) {
            const auto health = core::healthFromString(word);
            QVERIFY2(health, word);
            QCOMPARE(core::toString(*health), std::string_view(word));
        }
        QVERIFY(!core::healthFromString("healthy"));
    }
    void worseFollowsTheOrder()
    {
        QVERIFY(core::worse(Health::Healthy, Health::Degraded) == Health::Degraded);
        QVERIFY(core::worse(Health::Missing, Health::Progressing) == Health::Missing);
        QVERIFY(core::worse(Health::Unknown, Health::Degraded) == Health::Unknown);
    }
};

WW_TEST_CLASS(TestStatus)
#include "tst_status.moc"
