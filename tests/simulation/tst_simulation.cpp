// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulation.h"
#include "tests/simulation/story.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

using tests::Simulation;

/// The promises of convergence and prune safety, under faults: the real engine against a practice
/// cluster in memory, many seeds. SEED=n runs one seed of each kind, SEEDS=n so many; TRACE=1
/// prints every write.
class TestSimulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void story();
    void converges_data();
    void converges();

private:
    static const std::map<std::string, std::string>& undisturbedState();
};

namespace {

constexpr int kRow = 20; ///< seeds of one row

Simulation::Disturbance disturbance(const QString& kind, std::uint64_t seed)
{
    Simulation::Disturbance result;
    const double rate = kind == "everything" ? 0.02 : seed % 3 == 0 ? 0.05 : 0.01;
    if (kind == "order")
        result.end = std::chrono::milliseconds(70'000);
    if (kind == "crashes")
        result.crashes = 1 + int(seed % 4);
    if (kind == "everything")
        result.crashes = int(seed % 5);
    if (kind == "network" || kind == "everything") {
        result.network = {.lostBefore = rate,
                          .lostAfter = rate,
                          .late = rate,
                          .tooMany = rate,
                          .broken = rate,
                          .brokenAfter = rate,
                          .dropped = rate,
                          .doubled = rate,
                          .gone = rate};
        result.gitFailures = 0.1;
    }
    return result;
}

} // namespace

const std::map<std::string, std::string>& TestSimulation::undisturbedState()
{
    static const auto state = [] {
        Simulation simulation(1, {.end = std::chrono::milliseconds(70'000)});
        const std::string failure = simulation.run();
        if (!failure.empty())
            qWarning("%s", failure.c_str());
        return simulation.finalState();
    }();
    return state;
}

/// What every seed must end in is what Git says.
void TestSimulation::story()
{
    const auto& state = undisturbedState();
    const auto has = [&](const char* target, const char* text) {
        return state.at(target).find(text) != std::string::npos;
    };
    QVERIFY(state.at("/api/v1/namespaces/shop/configmaps/leftover").empty());
    QVERIFY(state.at("/api/v1/namespaces/shop/services/old").empty());
    QVERIFY(has(tests::story::kDeployment, "\"replicas\":2"));
    QVERIFY(has(tests::story::kDeployment, "example.com/web:2"));
    QVERIFY(has(tests::story::kSettings, "\"value\":\"1\""));
    QVERIFY(has("/apis/example.com/v1/namespaces/shop/widgets/main", "\"size\":2"));
    QVERIFY(has("/api/v1/namespaces/shop/configmaps/added", "\"2\""));
    QVERIFY(has("/api/v1/namespaces/default/configmaps/shared", "preexisting"));
}

void TestSimulation::converges_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    const int only = qEnvironmentVariableIntValue("SEED");
    const int wanted = qEnvironmentVariableIntValue("SEEDS");
    const std::pair<const char*, int> kinds[] = {
        {"order", 40}, {"crashes", 300}, {"network", 300}, {"everything", 360}};
    for (const auto& [kind, seeds] : kinds) {
        const int count = wanted ? wanted : seeds;
        for (int first = only ? only : 1; first <= (only ? only : count); first += kRow) {
            const int last = only ? only : std::min(count, first + kRow - 1);
            QTest::addRow("%s, seeds %d to %d", kind, first, last)
                << QString(kind) << first << last;
        }
    }
}

void TestSimulation::converges()
{
    QFETCH(QString, kind);
    QFETCH(int, first);
    QFETCH(int, last);
    int failures = 0;
    for (int seed = first; seed <= last; ++seed) {
        Simulation simulation {std::uint64_t(seed), disturbance(kind, std::uint64_t(seed))};
        std::string failure = simulation.run();
        if (failure.empty()) {
            const auto state = simulation.finalState();
            for (const auto& [target, expected] : undisturbedState())
                if (const std::string& found = state.at(target); found != expected)
                    failure += target + "\n  is       " + found + "\n  not      " + expected + "\n";
        }
        if (failure.empty())
            continue;
        std::fprintf(stderr, "%s, SEED=%d: %s\n", qPrintable(kind), seed, failure.c_str());
        ++failures;
    }
    QCOMPARE(failures, 0);
}

WW_TEST_CLASS(TestSimulation)
#include "tst_simulation.moc"
