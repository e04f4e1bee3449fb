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
};

namespace {

constexpr int kRow = 20; ///< seeds of one row

/// What may go wrong in each row, and how many seeds are tried unless SEEDS says otherwise.
constexpr std::pair<const char*, int> kKinds[] = {
    {"order", 20},           {"crashes", 100},    {"network", 160},        {"everything", 200},
    {"watches", 40},         {"strangers", 60},   {"refused renders", 60}, {"unauthorized", 60},
    {"restored backup", 80}, {"two engines", 80}, {"app of apps", 140},
};

const tests::Story& storyOf(const QString& kind)
{
    return kind == "app of apps" ? tests::familyStory() : tests::plainStory();
}

tests::NetworkFaults networkFaults(double rate)
{
    return {.lostBefore = rate,
            .lostAfter = rate,
            .late = rate,
            .tooMany = rate,
            .broken = rate,
            .brokenAfter = rate,
            .dropped = rate,
            .doubled = rate,
            .gone = rate,
            .ended = rate,
            .expired = rate};
}

Simulation::Disturbance disturbance(const QString& kind, std::uint64_t seed)
{
    Simulation::Disturbance result;
    const bool all = kind == "everything" || kind == "app of apps";
    if (kind == "order")
        result.end = std::chrono::milliseconds(75'000);
    if (kind == "crashes")
        result.crashes = 1 + int(seed % 4);
    if (kind == "network" || kind == "two engines" || kind == "restored backup")
        result.network = networkFaults(seed % 3 == 0 ? 0.05 : 0.01);
    if (kind == "watches")
        result.network = {
            .dropped = 0.1, .doubled = 0.2, .gone = 0.2, .ended = 0.2, .expired = 0.2};
    if (kind == "strangers" || all)
        result.strangers = all ? int(seed % 5) : 3 + int(seed % 10);
    if (kind == "refused renders" || all)
        result.refusals = all ? int(seed % 2) : 1 + int(seed % 3);
    if (kind == "unauthorized" || kind == "app of apps" || (kind == "everything" && seed % 4 == 0))
        result.outages = 1;
    // Of a child that is gone nobody knows any more when its objects come back.
    if (kind == "restored backup" || (kind == "everything" && seed % 5 == 0))
        result.isRestored = true;
    if (kind == "two engines") {
        result.hasRival = true;
        result.clockJumps = int(seed % 3);
    }
    if (kind == "unauthorized" || kind == "restored backup" || kind == "two engines")
        result.crashes = int(seed % 2);
    if (all) {
        result.network = networkFaults(0.02);
        result.gitFailures = 0.1;
        result.crashes = int(seed % 5);
    }
    return result;
}

/// What a life without any disturbance ends in.
const std::map<std::string, std::string>& undisturbedState(const tests::Story& story)
{
    static std::map<const tests::Story*, std::map<std::string, std::string>> states;
    auto& state = states[&story];
    if (state.empty()) {
        Simulation simulation(1, story, {.end = std::chrono::milliseconds(75'000)});
        const std::string failure = simulation.run();
        if (!failure.empty())
            qWarning("%s", failure.c_str());
        state = simulation.finalState();
    }
    return state;
}

} // namespace

/// What every seed must end in is what Git says.
void TestSimulation::story()
{
    const auto& state = undisturbedState(tests::plainStory());
    const auto has = [&](const char* target, const char* text) {
        return state.at(target).find(text) != std::string::npos;
    };
    QVERIFY(state.at("/api/v1/namespaces/shop/configmaps/leftover").empty());
    QVERIFY(state.at("/api/v1/namespaces/shop/services/old").empty());
    QVERIFY(has(tests::kDeployment, "\"replicas\":2"));
    QVERIFY(has(tests::kDeployment, "example.com/web:2"));
    QVERIFY(has(tests::kSettings, "\"value\":\"1\""));
    QVERIFY(has("/apis/example.com/v1/namespaces/shop/widgets/main", "\"size\":2"));
    QVERIFY(has("/api/v1/namespaces/shop/configmaps/added", "\"2\""));
    QVERIFY(has("/api/v1/namespaces/default/configmaps/shared", "preexisting"));
    const auto& family = undisturbedState(tests::familyStory());
    for (const std::string& target : tests::familyStory().pruned)
        QVERIFY2(family.at(target).empty(), target.c_str());
    QVERIFY(family.at("/api/v1/namespaces/shop/configmaps/added").find("late:")
            != std::string::npos);
    QVERIFY(family.at(tests::kDeployment).find("example.com/web:2") != std::string::npos);
}

void TestSimulation::converges_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    const int only = qEnvironmentVariableIntValue("SEED");
    const int wanted = qEnvironmentVariableIntValue("SEEDS");
    for (const auto& [kind, seeds] : kKinds) {
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
        const tests::Story& story = storyOf(kind);
        Simulation simulation {std::uint64_t(seed), story, disturbance(kind, std::uint64_t(seed))};
        std::string failure = simulation.run();
        if (failure.empty()) {
            const auto state = simulation.finalState();
            for (const auto& [target, expected] : undisturbedState(story))
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
