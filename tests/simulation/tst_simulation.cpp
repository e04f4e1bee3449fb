// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulation.h"
#include "tests/simulation/story.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cstdio>

/// The promises of convergence and prune safety, under faults: the real engine against a practice
/// cluster in memory, many seeds. SEED=n runs one of them, SEEDS=n so many.
class TestSimulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void undisturbed();
    void crashes();
    void network();
    void everything();

private:
    void runSeeds(const char* name, int seeds,
                  const std::function<tests::Simulation::Disturbance(std::uint64_t)>& disturbance);
    static std::map<std::string, std::string> undisturbedState();
};

std::map<std::string, std::string> TestSimulation::undisturbedState()
{
    static const auto state = [] {
        tests::Simulation simulation(1, {.end = std::chrono::milliseconds(70'000)});
        const std::string failure = simulation.run();
        if (!failure.empty())
            qWarning("%s", failure.c_str());
        return simulation.finalState();
    }();
    return state;
}

void TestSimulation::runSeeds(
    const char* name, int seeds,
    const std::function<tests::Simulation::Disturbance(std::uint64_t)>& disturbance)
{
    const int only = qEnvironmentVariableIntValue("SEED");
    const int wanted = qEnvironmentVariableIntValue("SEEDS");
    int failures = 0;
    std::uint64_t steps = 0;
    for (int seed = only ? only : 1; seed <= (only ? only : wanted ? wanted : seeds); ++seed) {
        tests::Simulation simulation(std::uint64_t(seed), disturbance(std::uint64_t(seed)));
        std::string failure = simulation.run();
        steps += simulation.steps();
        if (failure.empty())
            for (const auto& [target, expected] : undisturbedState())
                if (const auto found = simulation.finalState()[target]; found != expected)
                    failure += target + "\n  is       " + found + "\n  not      " + expected + "\n";
        if (failure.empty())
            continue;
        std::fprintf(stderr, "%s, SEED=%d: %s\n", name, seed, failure.c_str());
        if (++failures == 5)
            break;
    }
    std::fprintf(stderr, "%s: %llu steps\n", name, static_cast<unsigned long long>(steps));
    QCOMPARE(failures, 0);
}

void TestSimulation::undisturbed()
{
    const auto state = undisturbedState();
    QVERIFY(state.at("/api/v1/namespaces/shop/configmaps/leftover").empty());
    QVERIFY(state.at("/api/v1/namespaces/shop/services/old").empty());
    QVERIFY(state.at(tests::story::kDeployment).find("\"replicas\":2") != std::string::npos);
    QVERIFY(!state.at("/apis/example.com/v1/namespaces/shop/widgets/main").empty());
    QVERIFY(state.at("/api/v1/namespaces/default/configmaps/shared").find("preexisting")
            != std::string::npos);
    runSeeds("undisturbed", 50, [](std::uint64_t) {
        return tests::Simulation::Disturbance {.end = std::chrono::milliseconds(70'000)};
    });
}

void TestSimulation::crashes()
{
    runSeeds("crashes", 300, [](std::uint64_t seed) {
        return tests::Simulation::Disturbance {.crashes = 1 + int(seed % 4)};
    });
}

void TestSimulation::network()
{
    runSeeds("network", 300, [](std::uint64_t seed) {
        const double rate = seed % 3 == 0 ? 0.05 : 0.01;
        return tests::Simulation::Disturbance {.network = {.lostBefore = rate,
                                                           .lostAfter = rate,
                                                           .late = rate,
                                                           .tooMany = rate,
                                                           .broken = rate,
                                                           .brokenAfter = rate,
                                                           .dropped = rate,
                                                           .doubled = rate,
                                                           .gone = rate},
                                               .gitFailures = 0.1};
    });
}

void TestSimulation::everything()
{
    runSeeds("everything", 350, [](std::uint64_t seed) {
        const double rate = 0.02;
        return tests::Simulation::Disturbance {.network = {.lostBefore = rate,
                                                           .lostAfter = rate,
                                                           .late = rate,
                                                           .tooMany = rate,
                                                           .broken = rate,
                                                           .brokenAfter = rate,
                                                           .dropped = rate,
                                                           .doubled = rate,
                                                           .gone = rate},
                                               .gitFailures = 0.2,
                                               .crashes = int(seed % 5)};
    });
}

WW_TEST_CLASS(TestSimulation)
#include "tst_simulation.moc"
