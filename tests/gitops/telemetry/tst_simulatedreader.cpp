// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/simulatedreader.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace gitops;
using core::Measure;

class TestSimulatedReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theSameMomentShowsTheSame()
    {
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        const auto once = simulatedTraffic(*subjects, tests::second(12));
        const auto again = simulatedTraffic(*subjects, tests::second(12));
        const auto later = simulatedTraffic(*subjects, tests::second(90));
        QVERIFY(!once.empty());
        QCOMPARE(once.size(), again.size());
        bool moves = false;
        for (std::size_t i = 0; i < once.size(); ++i) {
            QVERIFY(once[i].key == again[i].key && once[i].value == again[i].value);
            QVERIFY(std::isfinite(once[i].value) && once[i].value >= 0);
            moves = moves || later[i].value != once[i].value;
        }
        QVERIFY(moves);
    }

    void nothingFlowsThroughWhatIsNotThere()
    {
        core::PlatformInputBuilder builder;
        for (const core::ManifestPtr& manifest : manifestsOf(tests::kTelemetryPlatform))
            builder.declare({manifest, "app", 1, ""});
        builder.input().hasLive = true;
        const auto input = std::move(builder).build();
        const Subjects subjects(input, core::makeLineage(*input));
        QVERIFY(simulatedTraffic(subjects, tests::second(12)).empty());
    }

    void onlyWhatIsDeclaredToFlowFlows()
    {
        tests::ManualExecutor executor;
        SimulatedReader reader(executor.clock());
        Reading reading;
        reader.read(tests::subjectsOf(tests::kTelemetryPlatform),
                    [&](Reading made) { reading = std::move(made); });
        QVERIFY(tests::figureOf(reading, tests::kOrders, Measure::RecordsIn)->value > 0);
        QVERIFY(tests::figureOf(reading, tests::kOrders, Measure::Lag, "reader"));
        QVERIFY(tests::figureOf(reading, tests::kJobs, Measure::Depth));
        QVERIFY(tests::figureOf(reading, tests::kRelay, Measure::Exchanges));
        QVERIFY(!tests::figureOf(reading, tests::kSilent, Measure::RecordsIn));
        const double behind = tests::figureOf(reading, tests::kOrders, Measure::LagSeconds)->value;
        QCOMPARE(tests::figureOf(reading, tests::kOrders, Measure::LagSeconds, "reader")->value,
                 behind);
        QVERIFY(reader.isSimulated());
        QVERIFY(reader.name().find("simulated") != std::string::npos);
        QVERIFY(reading.message.find("simulated") != std::string::npos);
        QVERIFY(!reading.past.empty());
        for (const core::Series& series : reading.past)
            QVERIFY(series.simulated && series.samples.size() > 100);
    }
};

WW_TEST_CLASS(TestSimulatedReader)
#include "tst_simulatedreader.moc"
