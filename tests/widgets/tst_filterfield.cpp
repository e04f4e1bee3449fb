// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/controls/filterfield.h"

#include <QLabel>
#include <QLineEdit>
#include <QTest>

using widgets::FilterField;

class TestFilterField : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAsksForNothingIsTold_data()
    {
        QTest::addColumn<QStringList>("keys");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("count");
        const QStringList with {"name", "label"};
        QTest::newRow("a word") << QStringList {"name"} << "kafka" << "2 of 9";
        QTest::newRow("labels where there are some") << with << "-l app=web" << "2 of 9";
        QTest::newRow("labels where there are none")
            << QStringList {"name"} << "-l app=web" << "2 of 9; no labels here";
        QTest::newRow("the same as a key")
            << QStringList {"name"} << "kafka label:app" << "2 of 9; no labels here";
        QTest::newRow("no selector") << with << "-l app=(" << "2 of 9; not understood";
    }
    void whatAsksForNothingIsTold()
    {
        QFETCH(QStringList, keys);
        QFETCH(QString, typed);
        QFETCH(QString, count);
        FilterField field("Filter");
        field.setKeys(keys);
        field.setWords(typed);
        field.setCount(2, 9, true);
        const auto* label = field.findChild<QLabel*>();
        QCOMPARE(label->text(), count);
        QCOMPARE(label->toolTip().isEmpty(), !count.contains(';'));
    }

    void thereIsRoomForWhatIsTyped()
    {
        FilterField field("Filter");
        const int before = field.sizeHint().width();
        field.setWords("system:kafka -commands");
        field.setCount(2, 19, true);
        QVERIFY(field.sizeHint().width() > before); // the count and the button come beside it
        field.resize(field.sizeHint());
        field.show();
        const auto* edit = field.findChild<QLineEdit*>();
        const int needed = edit->fontMetrics().horizontalAdvance(edit->text());
        QVERIFY2(edit->width() > needed + 40, qPrintable(QString::number(edit->width())));
    }
};

WW_TEST_CLASS(TestFilterField)
#include "tst_filterfield.moc"
