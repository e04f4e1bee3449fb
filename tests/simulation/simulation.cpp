// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tests {

namespace {

using std::chrono::milliseconds;

const bool trace = std::getenv("TRACE") != nullptr;
constexpr auto kPatience = std::chrono::hours(3);
constexpr auto kQuiet = std::chrono::seconds(25);
constexpr auto kLastWord = milliseconds(75'000); ///< the story itself is told then

/// The server writes a Job's uid into its selector and into its labels and its pods'.
void removeControllerUid(core::Json& object)
{
    static constexpr std::string_view paths[][4] = {{"metadata", "labels", "", ""},
                                                    {"spec", "selector", "matchLabels", ""},
                                                    {"spec", "template", "metadata", "labels"}};
    for (const auto& path : paths) {
        core::Json* at = &object;
        for (const std::string_view key : path)
            at = at && !key.empty() ? core::find(*at, key) : at;
        if (at && at->is_object())
            for (const char* made : {"batch.kubernetes.io/controller-uid", "controller-uid"})
                at->as_object().erase(made);
    }
}

/// Taken from a pool, in the order of creation.
void removeAddress(core::Json& object)
{
    if (core::Json* spec = core::find(object, "spec"); spec && spec->is_object())
        for (const char* made : {"clusterIP", "clusterIPs"})
            spec->as_object().erase(made);
}

/// An object as everybody sees it: without what the server or a controller makes. An object whose
/// proof of ownership somebody took away may carry the mark of what was there before.
std::string essence(core::Json object, bool mayBeMarked)
{
    core::JsonObject& members = object.as_object();
    members.erase("status");
    removeControllerUid(object);
    removeAddress(object);
    core::Json* metadata = core::find(object, "metadata");
    core::Json* marks = metadata ? core::find(*metadata, "annotations") : nullptr;
    if (mayBeMarked && marks && marks->is_object())
        marks->as_object().erase(core::kPreexistingAnnotation);
    if (metadata && metadata->is_object())
        for (const char* made : {"uid", "resourceVersion", "creationTimestamp", "generation",
                                 "managedFields", "selfLink"})
            metadata->as_object().erase(made);
    return core::toCanonicalText(object);
}

} // namespace

Simulation::Simulation(std::uint64_t seed, const Story& story, const Disturbance& disturbance)
    : m_world(seed)
    , m_story(story)
    , m_disturbance(disturbance)
    , m_begin(m_world.clock().steadyNow())
    , m_cluster(m_world, seed)
    , m_git(m_world)
    , m_referee(story, m_cluster, m_world)
    , m_teller(m_world.strand())
{
    m_git.commit(story.first);
    m_git.failures = disturbance.gitFailures;
    for (const auto& [target, body] : story.foreign)
        m_cluster.request("POST", target.substr(0, target.rfind('/')), body);
    for (const auto& [target, body] : story.foreign)
        if (!story.isDeclared(target))
            m_referee.protect(target);
    for (const char* identity : {"first", "second"})
        if (m_machines.empty() || disturbance.hasRival)
            m_machines.push_back(std::make_unique<Machine>(m_world, m_cluster, m_git, m_referee,
                                                           identity, story.root));
    setFaults();
    for (const auto& machine : m_machines)
        machine->start();
    scheduleStory();
    scheduleDisturbance();
}

Simulation::~Simulation()
{
    m_machines.clear();
    m_teller->kill();
}

milliseconds Simulation::at(int second)
{
    return milliseconds(second * 1000) + m_world.between(0, 5000);
}

void Simulation::schedule(milliseconds when, std::function<void()> what)
{
    m_teller->postAt(m_begin + when, std::move(what));
}

void Simulation::scheduleStory()
{
    schedule(at(30), [this] { patch(kDeployment, "kubectl-edit", R"({"spec":{"replicas":7}})"); });
    schedule(at(45), [this] {
        if (m_cluster.get(kSettings).is_object())
            m_cluster.request("DELETE", kSettings);
    });
    schedule(at(65), [this] {
        m_referee.gitDropped();
        m_git.commit(m_story.second);
    });
    schedule(std::max(m_disturbance.end, kLastWord), [this] { m_toldEverything = true; });
}

void Simulation::scheduleDisturbance()
{
    const int end = int(m_disturbance.end.count());
    for (int i = 0; i < m_disturbance.crashes; ++i)
        schedule(m_world.between(0, end), [this] {
            Machine& machine = *m_machines[m_world.random()() % m_machines.size()];
            if (!machine.isRunning())
                return;
            machine.crash();
            machine.start();
        });
    for (int i = 0; i < m_disturbance.strangers; ++i)
        schedule(m_world.between(5'000, end), [this] { disturb(); });
    const auto refused = refusedCommits(m_story);
    for (int i = 0; i < m_disturbance.refusals; ++i)
        schedule(
            m_world.between(10'000, 64'000),
            [this, files = refused[m_world.random()() % refused.size()]] { m_git.commit(files); });
    for (int i = 0; i < m_disturbance.outages; ++i) {
        const milliseconds begin = m_world.between(1'000, end - 40'000);
        const auto set = [this](bool now) {
            m_unauthorized = now;
            m_referee.unauthorized(now);
            setFaults();
        };
        schedule(begin, [set] { set(true); });
        schedule(begin + m_world.between(2'000, 35'000), [set] { set(false); });
    }
    for (int i = 0; i < m_disturbance.clockJumps; ++i)
        schedule(m_world.between(1'000, end),
                 [this] { m_world.stepWall(m_world.between(-7'200'000, 7'200'000)); });
    if (m_disturbance.isRestored) {
        const milliseconds backup = m_world.between(2'000, end / 2);
        schedule(backup, [this, end, backup] {
            schedule(backup + m_world.between(500, end / 2 - 1'000),
                     [this, disk = m_cluster.backup()] { restoreCluster(disk); });
        });
    }
    if (m_disturbance.hasRival)
        scheduleRival();
    schedule(m_disturbance.end, [this] {
        m_calm = true;
        m_git.failures = 0;
        setFaults();
    });
}

/// The first engine is killed for good, or cut off from the cluster for some time: the second one
/// takes over when the Lease is over, and not before.
void Simulation::scheduleRival()
{
    const milliseconds away = m_world.between(1'000, 60'000);
    Machine& machine = *m_machines[m_world.random()() % m_machines.size()];
    if (m_world.chance(0.5)) {
        schedule(away, [&machine] {
            if (machine.isRunning())
                machine.crash();
        });
        if (m_world.chance(0.5))
            schedule(away + m_world.between(100, 150'000), [&machine] { machine.start(); });
        return;
    }
    schedule(away, [this, &machine] {
        NetworkFaults faults = m_disturbance.network;
        faults.partitioned = true;
        machine.setFaults(faults);
        machine.breakStreams();
    });
    schedule(away + m_world.between(100, 150'000), [this] { setFaults(); });
}

void Simulation::setFaults()
{
    NetworkFaults faults = m_calm ? NetworkFaults {} : m_disturbance.network;
    faults.unauthorized = m_unauthorized;
    for (const auto& machine : m_machines)
        machine->setFaults(faults);
}

void Simulation::restoreCluster(const SimulatedDisk& backup)
{
    if (trace)
        std::fprintf(stderr, "the cluster is restored\n");
    m_cluster.restore(backup);
    for (const auto& machine : m_machines)
        machine->breakStreams();
    m_referee.clusterRestored();
}

void Simulation::patch(const char* target, const std::string& manager, const std::string& body)
{
    if (m_cluster.get(target).is_object())
        m_cluster.request("PATCH", std::string(target) + "?fieldManager=" + manager, body,
                          "application/merge-patch+json");
}

void Simulation::disturb()
{
    static const char* const removable[] = {
        kSettings, kDeployment, "/api/v1/namespaces/shop/configmaps/last",
        "/api/v1/namespaces/shop/configmaps/first", "/api/v1/namespaces/shop/services/web"};
    const core::Json settings = m_cluster.get(kSettings);
    switch (m_world.random()() % 6) {
    case 0:
        patch(kDeployment, "kubectl-scale", R"({"spec":{"replicas":0}})");
        break;
    case 1: {
        const char* target = removable[m_world.random()() % std::size(removable)];
        if (m_cluster.get(target).is_object())
            m_cluster.request("DELETE", target);
        break;
    }
    case 2: // the proof of ownership is taken away
        patch(kSettings, "kubectl-annotate",
              R"({"metadata":{"annotations":{"wavewright.dev/tracking-id":null}}})");
        break;
    case 3:
        patch(kSettings, "kubectl-edit", R"({"metadata":{"managedFields":[{}]}})");
        break;
    case 4: // another reconciler's apply
        if (settings.is_object())
            m_cluster.request(
                "PATCH", std::string(kSettings) + "?fieldManager=somebody&force=true",
                R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},)"
                R"("data":{"value":"theirs"}})",
                "application/apply-patch+yaml");
        break;
    default: // a copy, with labels, annotations and all
        if (settings.is_object()) {
            const std::string name = "copy-" + std::to_string(++m_copies);
            core::Json copy = core::JsonObject {
                {"apiVersion", "v1"},
                {"kind", "ConfigMap"},
                {"metadata",
                 core::JsonObject {
                     {"name", name},
                     {"annotations", *core::findPath(settings, {"metadata", "annotations"})}}},
                {"data", *core::find(settings, "data")}};
            m_cluster.request("POST", "/api/v1/namespaces/shop/configmaps", core::toText(copy));
            m_referee.protect("/api/v1/namespaces/shop/configmaps/" + name);
        }
    }
}

/// One engine has everything as Git says; another one, if it runs, knows who that is.
bool Simulation::isSettled() const
{
    if (!m_toldEverything)
        return false;
    const Machine* writer = nullptr;
    for (const auto& machine : m_machines) {
        const core::SnapshotPtr snapshot = machine->snapshot();
        if (!snapshot)
            continue;
        std::set<std::string> names;
        bool holds = true;
        for (const auto& [name, state] : snapshot->applications) {
            names.insert(name);
            holds = holds && state->holder.empty();
            if (state->sync != core::SyncState::Synced || state->health != core::Health::Healthy
                || !state->revision || state->revision->id != m_git.head()
                || (state->operation && !core::isCompleted(state->operation->phase)))
                return false;
        }
        if (names != m_story.applications || (holds && writer))
            return false;
        if (holds)
            writer = machine.get();
    }
    if (!writer)
        return false;
    return std::ranges::all_of(m_machines, [&](const auto& machine) {
        const core::SnapshotPtr snapshot = machine->snapshot();
        return !snapshot || machine.get() == writer
            || snapshot->applications.at(m_story.root.name)->holder == writer->identity();
    });
}

std::string Simulation::describe() const
{
    std::string text;
    for (const auto& machine : m_machines)
        text += "\n" + machine->describe();
    return text;
}

std::string Simulation::run()
{
    std::optional<core::SteadyTime> settled;
    const auto end = m_begin + kPatience;
    while (m_referee.failure().empty()) {
        if (!m_world.step(end)) {
            m_referee.fail("did not come to an end: " + describe());
            break;
        }
        if (!isSettled()) {
            settled.reset();
            continue;
        }
        if (!settled)
            settled = m_world.clock().steadyNow();
        if (m_world.clock().steadyNow() - *settled >= kQuiet)
            break;
    }
    m_referee.checkProtected();
    return m_referee.failure();
}

std::map<std::string, std::string> Simulation::finalState()
{
    std::map<std::string, std::string> state;
    for (const auto& [target, application] : m_story.targets) {
        const core::Json object = m_cluster.get(target);
        state[target] = object.is_object() ? essence(object, target == kSettings) : "";
    }
    return state;
}

} // namespace tests
