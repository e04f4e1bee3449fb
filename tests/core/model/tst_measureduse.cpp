// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/measureduse.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <set>

class TestMeasuredUse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QString>("quantity");
        QTest::addColumn<QString>("cpu");
        QTest::addColumn<QString>("memory");
        QTest::newRow("nothing") << "0" << "0m" << "0Mi";
        QTest::newRow("nanocores") << "12345678n" << "13m" << "1Mi";
        QTest::newRow("kibibytes") << "120396Ki" << "123285504000m" << "118Mi";
        QTest::newRow("cores") << "2" << "2000m" << "1Mi";
    }
    void texts()
    {
        QFETCH(QString, quantity);
        const auto parsed = core::Quantity::parse(quantity.toStdString());
        QVERIFY(parsed);
        QTEST(QString::fromStdString(core::cpuText(*parsed)), "cpu");
        QTEST(QString::fromStdString(core::memoryText(*parsed)), "memory");
    }
    void namesOfStates()
    {
        using State = core::MeasuredUse::State;
        std::set<std::string_view> names;
        for (const State state :
             {State::Waiting, State::Known, State::NotServed, State::Refused, State::Failed})
            names.insert(core::toString(state));
        QCOMPARE(names.size(), std::size_t(5));
        QCOMPARE(core::MeasuredUse().of("shop"), nullptr);
    }
};

WW_TEST_CLASS(TestMeasuredUse)
#include "tst_measureduse.moc"
