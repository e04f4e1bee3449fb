// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/tasks.h"
#include "tests/gitops/sync/synccluster.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <random>

using core::Health;
using core::OperationPhase;
using tests::SyncRun;

namespace {

/// Random applications: what Git declares, what is live, and what goes wrong.
class AppMaker
{
public:
    explicit AppMaker(unsigned seed)
        : m_random(seed)
    {
    }

    int roll(int below) { return int(m_random() % unsigned(below)); }

    void make(bool withTrouble)
    {
        const int objects = 3 + roll(12);
        for (int i = 0; i < objects; ++i)
            addObject("o" + std::to_string(i));
        for (int i = roll(4); i > 0; --i)
            addHook("h" + std::to_string(i));
        for (int i = roll(5); i > 0; --i)
            live += "ConfigMap old" + std::to_string(i) + wave() + ";";
        if (withTrouble && roll(2) == 0)
            refused = "o" + std::to_string(roll(objects));
        if (withTrouble && roll(2) == 0)
            degraded = "o" + std::to_string(roll(objects));
    }

    void fill(SyncRun& run) const
    {
        run.input.destinationNamespace = "shop";
        run.input.desired = tests::manifestsOf(desired);
        run.cluster.put(live);
        run.input.options.prune = true;
        run.input.options.createNamespace = createsNamespace;
        if (!refused.empty())
            run.cluster.refuse(refused);
        if (!degraded.empty())
            run.cluster.setBehaviour(degraded, {{Health::Degraded, "broken"}, 2, 1});
        for (const auto& [name, ticks] : slow)
            if (name != degraded)
                run.cluster.setBehaviour(name, {{Health::Healthy, ""}, ticks, ticks});
        run.cluster.setKind({"example.com", "Widget"}, gitops::KindAvailability::Missing);
    }

    std::string desired, live, refused, degraded;
    std::map<std::string, int> slow;
    bool createsNamespace = false;

private:
    std::string wave() { return " wave=" + std::to_string(roll(6) - 2); }

    void addObject(const std::string& name)
    {
        static const std::vector<std::string> kinds {"ConfigMap", "Deployment", "Service",
                                                     "StatefulSet", "Widget.example.com"};
        const std::string kind = kinds[std::size_t(roll(int(kinds.size())))];
        desired += kind + " " + name + wave() + ";";
        if (kind == "Widget.example.com")
            desired += "CustomResourceDefinition widgets.example.com" + wave() + ";";
        if (roll(3) == 0 && kind != "Widget.example.com")
            live += kind + " " + name + ";";
        if (roll(3) == 0)
            slow[name] = 1 + roll(4);
        createsNamespace = createsNamespace || roll(8) == 0;
    }

    void addHook(const std::string& name)
    {
        static const std::vector<std::string> phases {"PreSync", "Sync", "PostSync",
                                                      "PreSync,PostSync"};
        static const std::vector<std::string> policies {"BeforeHookCreation", "HookSucceeded",
                                                        "HookFailed,BeforeHookCreation"};
        desired += "Job " + name + " hook=" + phases[std::size_t(roll(4))]
            + " policy=" + policies[std::size_t(roll(3))] + (roll(2) ? " ttl" : "") + wave() + ";";
        if (roll(3) == 0)
            live += "Job " + name + " hook=PreSync health=Healthy" + (roll(2) ? " kept" : "") + ";";
    }

    std::mt19937 m_random;
};

/// Ordinary objects of a later wave are first written after those of an earlier one.
std::string brokenOrder(const SyncRun& run)
{
    gitops::SyncInput fresh = run.input;
    fresh.results.clear();
    fresh.live.clear();
    std::map<std::string, std::size_t> firstStep;
    for (std::size_t i = 0; i < run.steps.size(); ++i)
        for (const auto& name : QString::fromStdString(run.steps[i]).split(QLatin1Char(' ')))
            firstStep.try_emplace(name.toStdString(), i);
    std::optional<std::pair<core::SyncPhase, int>> lane;
    std::size_t latest = 0, latestBefore = 0;
    for (const gitops::SyncTask& task : gitops::buildTasks(fresh)) {
        const auto found = firstStep.find("+" + tests::shortName(task.key));
        if (task.isHook() || found == firstStep.end())
            continue;
        if (lane && *lane != task.lane())
            latestBefore = latest + 1;
        lane = task.lane();
        latest = std::max(latest, found->second);
        if (found->second < latestBefore)
            return tests::shortName(task.key) + " was too early: " + run.stepsText();
    }
    return {};
}

} // namespace

class TestSyncSimulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void converges_data();
    void converges();
    void staysFast();
};

void TestSyncSimulation::converges_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 80; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

/// The same end with slow answers, with crashes at random steps, and in peace.
void TestSyncSimulation::converges()
{
    QFETCH(unsigned, seed);
    AppMaker app(seed);
    app.make(seed % 2 == 0);
    SyncRun calm;
    app.fill(calm);
    calm.runToEnd();
    const std::string about = app.desired + " LIVE " + app.live + " STEPS " + calm.stepsText()
        + " END " + calm.last.message;
    QVERIFY2(calm.complaint.empty(), (calm.complaint + ": " + about).c_str());
    QVERIFY2(core::isCompleted(calm.last.phase), about.c_str());
    if (app.refused.empty() && app.degraded.empty())
        QVERIFY2(calm.last.phase == OperationPhase::Succeeded, about.c_str());
    if (calm.last.phase == OperationPhase::Succeeded)
        QVERIFY2(brokenOrder(calm).empty(), brokenOrder(calm).c_str());
    for (int disturbance = 0; disturbance < 3; ++disturbance) {
        SyncRun run;
        app.fill(run);
        std::vector<core::ResourceResult> kept;
        if (disturbance != 1)
            run.answersAtOnce = [&](const gitops::SyncAction&) { return app.roll(2) == 0; };
        if (disturbance != 0)
            run.before = [&](SyncRun& self, int) {
                if (app.roll(8) == 0 && self.input.inFlight.empty())
                    self.input.results = kept; // the last answers were never saved
                kept = self.input.results;
            };
        run.runToEnd();
        const std::string told =
            about + " DISTURBED " + run.stepsText() + " END " + run.last.message;
        QVERIFY2(run.complaint.empty(), (run.complaint + ": " + told).c_str());
        QVERIFY2(run.last.phase == calm.last.phase, told.c_str());
        if (calm.last.phase == OperationPhase::Succeeded) {
            for (int i = 0; i < 10; ++i) { // the last deletions
                run.cluster.tick();
                calm.cluster.tick();
            }
            QVERIFY2(run.cluster.names() == calm.cluster.names(), told.c_str());
        }
    }
}

/// A step over a large application is cheap: it happens at every event.
void TestSyncSimulation::staysFast()
{
    std::string desired, live;
    for (int i = 0; i < 2000; ++i) {
        const std::string line =
            "Deployment d" + std::to_string(i) + " wave=" + std::to_string(i % 5) + ";";
        desired += line;
        live += line;
    }
    gitops::SyncInput input;
    input.options.prune = true;
    input.desired = tests::manifestsOf(desired);
    input.live = tests::liveMapOf(live);
    for (const auto& [key, view] : input.live)
        input.results.push_back(
            {.key = key, .wave = view.wave, .hookPhase = OperationPhase::Running, .uid = view.uid});
    QElapsedTimer timer;
    timer.start();
    const gitops::SyncStep step = gitops::planStep(input);
    const qint64 took = timer.elapsed();
    qInfo("a step over 2000 objects took %lld ms", took);
    QCOMPARE(step.waves.size(), std::size_t(5));
    QVERIFY(took < 2000); // a debug build on a busy machine; a quadratic step takes far longer
}

WW_TEST_CLASS(TestSyncSimulation)
#include "tst_syncsimulation.moc"
