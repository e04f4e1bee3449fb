// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/text/texts.h"

#include <QTest>

using namespace std::chrono_literals;

class TestTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ages_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("expected");
        QTest::newRow("now") << qint64(0) << "just now";
        QTest::newRow("seconds") << qint64(4) << "4 s ago";
        QTest::newRow("minutes") << qint64(192) << "3 min ago";
        QTest::newRow("hours") << qint64(26 * 3600) << "26 h ago";
        QTest::newRow("days") << qint64(5 * 86400) << "5 d ago";
        QTest::newRow("future") << qint64(-180) << "in 3 min";
    }

    void ages()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, expected);
        const core::WallTime now = tests::sampleTime();
        QCOMPARE(widgets::ago(now - std::chrono::seconds(seconds), now), expected);
    }

    void outsideTextIsMadeSafe()
    {
        QCOMPARE(widgets::text("a\x1b[31mb"), QString("a\\x1b[31mb"));
        QVERIFY(!widgets::text("a\xe2\x80\xaeqwe").contains(QChar(0x202e)));
    }

    void authorsInWords()
    {
        const core::WallTime now = tests::sampleTime();
        QCOMPARE(widgets::authorText(std::nullopt, now), QString("not recorded"));
        QCOMPARE(
            widgets::authorText(core::FieldAuthor {"kubectl", "Update", "scale", now - 60s}, now),
            QString("kubectl through /scale, 1 min ago"));
        QCOMPARE(widgets::authorText(core::FieldAuthor {"helm", "Update", "", std::nullopt}, now),
                 QString("helm"));
    }

    void objectsInWords()
    {
        QCOMPARE(widgets::objectText({"", "Namespace", "", "kafka"}), QString("Namespace kafka"));
        QCOMPARE(widgets::objectText({"apps", "Deployment", "shop", "web"}),
                 QString("Deployment shop/web"));
        QCOMPARE(widgets::objectCount(1), QString("1 object"));
        QCOMPARE(widgets::objectCount(3), QString("3 objects"));
    }
};

WW_TEST_CLASS(TestTexts)
#include "tst_texts.moc"
