// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/delegates/waveitemdelegate.h"

#include <QTest>

class TestWaveItemDelegate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secondLine_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<bool>("loud");
        QTest::addColumn<int>("room"); // characters
        QTest::addColumn<QString>("expected"); // kind|words
        QTest::newRow("no words") << "" << false << 3 << "Kafka|";
        QTest::newRow("both fit") << "configured" << false << 20 << "Kafka|  ·  configured";
        QTest::newRow("both fit, loud") << "2 of 3" << true << 16 << "Kafka|  ·  2 of 3";
        QTest::newRow("one too many") << "configured" << false << 19 << "Kafka|";
        QTest::newRow("one too many, loud") << "2 of 3" << true << 15 << "|2 of 3";
        QTest::newRow("nothing fits, loud") << "cannot pull" << true << 3 << "|cannot pull";
    }

    void secondLine()
    {
        QFETCH(QString, words);
        QFETCH(bool, loud);
        QFETCH(int, room);
        const auto line = widgets::WaveItemDelegate::secondLine(
            QStringLiteral("Kafka"), words, loud,
            [room](const QString& text) { return text.size() <= room; });
        QTEST(line.kind + QLatin1Char('|') + line.words, "expected");
    }
};

WW_TEST_CLASS(TestWaveItemDelegate)

#include "tst_waveitemdelegate.moc"
