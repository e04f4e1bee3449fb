// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/ratemeter.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>
#include <limits>

using namespace gitops;

class TestRateMeter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rates_data()
    {
        // "seconds:counter …" and what comes of each: "-", or the rate, with "!" after a gap.
        QTest::addColumn<QString>("looks");
        QTest::addColumn<QString>("expected");
        QTest::newRow("first has none") << "0:5" << "-";
        QTest::newRow("steady") << "0:0 10:100 20:200" << "- 10! 10";
        QTest::newRow("still") << "0:7 10:7" << "- 0!";
        QTest::newRow("reset") << "0:0 10:100 20:3 30:13 40:23" << "- 10! - 1! 1";
        QTest::newRow("not a number") << "0:0 10:nan 20:5 30:15" << "- - - 1!";
        QTest::newRow("infinite") << "0:0 10:inf 20:5 30:15" << "- - - 1!";
        QTest::newRow("negative") << "0:-1 10:5 20:15" << "- - 1!";
        QTest::newRow("same look twice") << "0:0 10:10 10:10 20:20" << "- 1! - 1";
        QTest::newRow("clock goes back") << "100:0 110:10 50:20 60:30" << "- 1! - 1!";
        QTest::newRow("interrupted") << "0:0 10:10 x 30:30 40:40" << "- 1! . - 1!";
    }

    void rates()
    {
        QFETCH(QString, looks);
        QFETCH(QString, expected);
        RateMeter meter;
        QStringList out;
        for (const QString& look : looks.split(' ')) {
            if (look == "x") {
                meter.interrupt();
                out << ".";
                continue;
            }
            const QString counter = look.section(':', 1);
            const double value = counter == "nan" ? std::nan("")
                : counter == "inf"                ? std::numeric_limits<double>::infinity()
                                                  : counter.toDouble();
            const auto rate = meter.add(tests::second(look.section(':', 0, 0).toDouble()), value);
            out << (rate ? QString::number(rate->perSecond) + (rate->afterGap ? "!" : "") : "-");
        }
        QCOMPARE(out.join(' '), expected);
    }
};

WW_TEST_CLASS(TestRateMeter)
#include "tst_ratemeter.moc"
