// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulation.h"

#include "core/base/strings.h"
#include "core/object/identity.h"
#include "core/object/manifest.h"
#include "gitops/engine/ownership.h"
#include "gitops/practice/apirequest.h"
#include "tests/simulation/story.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tests {

namespace {

using std::chrono::milliseconds;

const bool trace = std::getenv("TRACE") != nullptr; ///< prints every write
constexpr auto kPatience = std::chrono::hours(3);
constexpr auto kQuiet = std::chrono::seconds(25);

/// The server writes a Job's uid into its selector and into its pods' labels.
void removeControllerUid(core::Json& object)
{
    static constexpr std::string_view paths[][4] = {{"spec", "selector", "matchLabels", ""},
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

/// An object as everybody sees it: without what the server or a controller makes.
std::string essence(core::Json object)
{
    core::JsonObject& members = object.as_object();
    members.erase("status");
    removeControllerUid(object);
    if (core::Json* metadata = core::find(object, "metadata"); metadata && metadata->is_object())
        for (const char* made : {"uid", "resourceVersion", "creationTimestamp", "generation",
                                 "managedFields", "selfLink"})
            metadata->as_object().erase(made);
    return core::toCanonicalText(object);
}

bool hasApplyEntry(const core::Json& object)
{
    const core::Json* entries = core::findPath(object, {"metadata", "managedFields"});
    return entries && entries->is_array()
        && std::ranges::any_of(entries->as_array(), [](const core::Json& entry) {
               return core::stringAt(entry, {"manager"}) == core::kFieldManager
                   && core::stringAt(entry, {"operation"}) == "Apply";
           });
}

std::string annotation(const core::Json& object, std::string_view name)
{
    return std::string(core::stringAt(object, {"metadata", "annotations", name}));
}

} // namespace

/// The engine and all that dies with it.
struct Simulation::Process
{
    std::shared_ptr<SimulatedWorld::Strand> strand;
    SimulatedWorld::Pool pool;
    SimulatedTransport transport;
    SimulatedStore::Session store;
    std::unique_ptr<gitops::ReconcileEngine> engine;

    Process(SimulatedWorld& world, SimulatedCluster& cluster, SimulatedStore& saved)
        : strand(world.strand())
        , pool(world, strand)
        , transport(world, cluster.server(), cluster.strand())
        , store(saved)
    {
    }
    ~Process()
    {
        transport.die();
        strand->kill();
        engine.reset(); // what it posts at its end is dropped
    }
};

Simulation::Simulation(std::uint64_t seed, Disturbance disturbance)
    : m_world(seed)
    , m_disturbance(disturbance)
    , m_begin(m_world.clock().steadyNow())
    , m_cluster(m_world, seed)
    , m_store(m_world)
    , m_git(m_world)
    , m_story(m_world.strand())
{
    m_git.commit(story::firstCommit());
    m_git.failures = disturbance.gitFailures;
    for (const auto& [target, body] : story::foreignObjects())
        m_cluster.request("POST", target.substr(0, target.rfind('/')), body);
    for (const auto& [target, body] : story::foreignObjects())
        if (!story::isDeclared(target))
            m_foreign[target] = core::toCanonicalText(m_cluster.get(target));
    begin();
    const auto at = [this](int seconds) {
        return milliseconds(seconds * 1000) + m_world.between(0, 5000);
    };
    schedule(at(30), [this] {
        const core::Json live = m_cluster.get(story::kDeployment);
        if (live.is_object())
            m_cluster.request("PATCH",
                              std::string(story::kDeployment) + "?fieldManager=kubectl-edit",
                              R"({"spec":{"replicas":7}})", "application/merge-patch+json");
    });
    schedule(at(45), [this] {
        if (m_cluster.get(story::kSettings).is_object())
            m_cluster.request("DELETE", story::kSettings);
    });
    schedule(at(60), [this] { m_git.commit(story::secondCommit()); });
    for (int i = 0; i < disturbance.crashes; ++i)
        schedule(m_world.between(0, int(disturbance.end.count())), [this] { crash(); });
    schedule(disturbance.end, [this] {
        m_calm = true;
        m_git.failures = 0;
        m_process->transport.faults = {};
    });
    schedule(std::max<milliseconds>(disturbance.end, milliseconds(70'000)),
             [this] { m_toldEverything = true; });
}

Simulation::~Simulation()
{
    m_process.reset();
    m_story->kill();
}

void Simulation::schedule(milliseconds when, std::function<void()> what)
{
    m_story->postAt(m_begin + when, std::move(what));
}

void Simulation::begin()
{
    m_process = std::make_unique<Process>(m_world, m_cluster, m_store);
    if (!m_calm)
        m_process->transport.faults = m_disturbance.network;
    m_process->transport.observer = [this](const core::HttpRequest& request) { check(request); };
    gitops::EngineOptions options;
    options.identity = "simulation";
    options.seed = m_world.random()();
    options.missingKindPoll = std::chrono::seconds(30); // discovery is what costs most here
    m_process->engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {*m_process->strand, m_process->pool,
                                               m_process->transport, m_git, m_process->store},
        options);
    m_process->engine->submit(core::command::AddApplication {story::application()});
}

void Simulation::crash()
{
    if (trace)
        std::fprintf(stderr, "crash\n");
    m_process.reset();
    m_store.crash();
    begin();
}

void Simulation::fail(const std::string& what)
{
    if (m_failure.empty())
        m_failure = "step " + std::to_string(m_world.steps()) + ": " + what;
}

/// Before every request that reaches the server: nothing that is not ours is written or deleted.
void Simulation::check(const core::HttpRequest& request)
{
    if (request.method == "GET")
        return;
    if (trace)
        std::fprintf(stderr, "%8lld ms %s %s %s\n",
                     static_cast<long long>(std::chrono::duration_cast<milliseconds>(
                                                m_world.clock().steadyNow() - m_begin)
                                                .count()),
                     request.method.c_str(), request.target.c_str(),
                     request.body.substr(0, 200).c_str());
    const auto target = gitops::practice::parseTarget(request.target);
    std::string path = target.path;
    if (target.query.contains("dryRun")
        || request.body.find("\"dryRun\":[\"All\"]") != std::string::npos)
        return;
    if (request.method == "POST") { // a collection: the name is in the body
        const auto body = core::parseJson(request.body);
        path += "/" + (body ? std::string(core::stringAt(*body, {"metadata", "name"})) : "?");
    }
    if (path.find("/namespaces/wavewright") != std::string::npos)
        return; // our own records and Leases
    if (m_foreign.contains(path)) {
        fail("wrote what is not ours: " + request.method + " " + path);
        return;
    }
    if (!story::isDeclared(path)) {
        fail("wrote what Git never declared: " + request.method + " " + path);
        return;
    }
    if (request.method == "DELETE")
        checkDelete(request, path, m_cluster.get(path));
}

void Simulation::checkDelete(const core::HttpRequest& request, const std::string& path,
                             const core::Json& live)
{
    if (!live.is_object())
        return;
    const auto body = core::parseJson(request.body);
    const std::string uid(body ? core::stringAt(*body, {"preconditions", "uid"}) : "");
    if (uid.empty()) {
        fail("deleted without a uid: " + path);
        return;
    }
    if (uid != core::stringAt(live, {"metadata", "uid"}))
        return; // the server refuses it
    if (!hasApplyEntry(live)
        || !gitops::tracksItself(annotation(live, core::kTrackingAnnotation),
                                 story::application().name, core::objectKeyOf(live)))
        fail("deleted what does not prove itself ours: " + path);
    if (annotation(live, core::kPreexistingAnnotation) == "true")
        fail("deleted what existed before: " + path);
    const bool hook = !annotation(live, "argocd.argoproj.io/hook").empty();
    if (!hook && !story::isPruned(path))
        fail("deleted what Git declares: " + path);
    if (!hook && m_git.head() == std::string(39, '0') + "1")
        fail("pruned before Git dropped it: " + path);
}

bool Simulation::isSettled() const
{
    const auto snapshot = m_process->engine->snapshot();
    const auto found = snapshot->applications.find(story::application().name);
    if (found == snapshot->applications.end())
        return false;
    const core::ApplicationState& state = *found->second;
    return m_toldEverything && state.sync == core::SyncState::Synced
        && state.health == core::Health::Healthy && state.revision
        && state.revision->id == m_git.head()
        && (!state.operation || core::isCompleted(state.operation->phase));
}

std::string Simulation::describe() const
{
    const auto snapshot = m_process->engine->snapshot();
    std::string text = "cluster: " + snapshot->cluster.message;
    const auto found = snapshot->applications.find(story::application().name);
    if (found == snapshot->applications.end())
        return text + "; the application is not there";
    const core::ApplicationState& state = *found->second;
    text += "; " + std::string(core::toString(state.sync)) + " "
        + std::string(core::toString(state.health)) + " " + state.healthMessage + " at "
        + (state.revision ? state.revision->id.substr(38) : "?") + ", activity \"" + state.activity
        + "\"";
    if (state.operation)
        text += ", operation " + std::string(core::toString(state.operation->phase)) + ": "
            + state.operation->message;
    for (const core::Condition& condition : state.conditions)
        text += "; " + condition.type + ": " + condition.message;
    for (const core::ResourceState& resource : state.resources)
        if (resource.sync != core::SyncState::Synced && resource.hook.empty() && !resource.parent)
            text += "; " + resource.key.text() + " " + std::string(core::toString(resource.sync))
                + (resource.diff ? " " + resource.diff->reason : "");
    if (state.operation)
        for (const core::ResourceResult& result : state.operation->results)
            text += "\n    " + result.key.text() + " " + std::string(core::toString(result.code))
                + " " + result.message;
    return text;
}

std::string Simulation::run()
{
    std::optional<core::SteadyTime> settled;
    const auto end = m_begin + kPatience;
    while (m_failure.empty()) {
        if (!m_world.step(end)) {
            fail("did not come to an end: " + describe());
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
    for (const auto& [target, text] : m_foreign)
        if (core::toCanonicalText(m_cluster.get(target)) != text)
            fail("changed what is not ours: " + target);
    return m_failure;
}

std::map<std::string, std::string> Simulation::finalState()
{
    std::map<std::string, std::string> state;
    for (const std::string& target : story::allTargets()) {
        const core::Json object = m_cluster.get(target);
        state[target] = object.is_object() ? essence(object) : "";
    }
    return state;
}

} // namespace tests
