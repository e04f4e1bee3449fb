// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/dialogs/commandpalette.h"

#include <QTest>

class TestCommandPalette : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lettersMustOccurInOrder()
    {
        QVERIFY(widgets::fitness("usg", "user-gamma") > 0);
        QCOMPARE(widgets::fitness("gus", "user-gamma"), -1);
        QCOMPARE(widgets::fitness("x", "kafka"), -1);
        QVERIFY(widgets::fitness("KAF", "kafka") > 0);
    }

    void wholeWordsGoBeforeScatteredLetters()
    {
        QVERIFY(widgets::fitness("sync", "Sync…")
                > widgets::fitness("sync", "Stop any node count"));
        QVERIFY(widgets::fitness("ug", "user-gamma")
                > widgets::fitness("ug", "user-namespaces gone"));
    }
};

WW_TEST_CLASS(TestCommandPalette)
#include "tst_commandpalette.moc"
