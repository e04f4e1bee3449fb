// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"

#include "gitops/engine/reconcileengine.h"
#include "gitops/history/statestore.h"
#include "gitops/practice/apiserver.h"
#include "gitops/practice/behaviours.h"
#include "gitops/practice/localclient.h"
#include "gitops/telemetry/samplingservice.h"
#include "gitops/telemetry/sources.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/memorytransport.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

namespace tests {

namespace {

constexpr auto kStep = std::chrono::milliseconds(200);
constexpr auto kPatience = std::chrono::minutes(30); ///< of virtual time

template<class T>
T valueOf(core::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::abort();
    }
    return std::move(*result);
}

/// The working copy, whatever repository and revision are asked for.
class WorkingCopy : public gitops::GitService
{
public:
    explicit WorkingCopy(gitops::FileTreePtr tree) { m_revision.tree = std::move(tree); }
    void resolve(const std::string&, const std::string&, const std::string&,
                 core::Executor& executor, Handler done) override
    {
        gitops::Revision revision = m_revision;
        revision.commit = {"4f1c2ab90de37c5581f2a6e07b4d93c1e85a7712",
                           "platform-team",
                           "Bring the platform to its first release",
                           {}};
        revision.commit.when = core::parseRfc3339("2025-12-31T23:54:00Z").value();
        revision.name = "main";
        executor.post([done, revision] { done(revision); });
    }

private:
    gitops::Revision m_revision;
};

/// Engine, server and controllers of one platform.
class Machine
{
public:
    explicit Machine(const std::string& name);
    ~Machine()
    {
        m_engine.reset();
        m_telemetry.reset();
        m_executor.runUntilIdle();
    }
    bool runUntil(const std::function<bool()>& condition);
    bool isDone() const;
    core::SnapshotPtr snapshot() const { return m_engine->snapshot(); }
    core::Result<core::Answer> ask(const core::Query& query);
    /// A minute of simulated traffic later.
    core::TelemetryPtr measured();
    core::PlatformInputPtr platform()
    {
        return std::get<core::PlatformInputPtr>(valueOf(ask(core::query::Platform {})));
    }

private:
    void tick()
    {
        m_server->tick();
        m_behaviours->tick();
        m_executor.runUntilIdle();
    }

    ManualExecutor m_executor;
    ManualWorkPool m_pool {m_executor};
    WorkingCopy m_git {valueOf(gitops::openDiskTree(PROJECT_ROOT_DIR))};
    gitops::MemoryStateStore m_store;
    std::unique_ptr<gitops::practice::ApiServer> m_server;
    std::unique_ptr<gitops::practice::LocalClient> m_client;
    std::unique_ptr<gitops::practice::Behaviours> m_behaviours;
    std::unique_ptr<MemoryTransport> m_transport;
    std::unique_ptr<gitops::SamplingService> m_telemetry;
    std::unique_ptr<gitops::ReconcileEngine> m_engine;
};

Machine::Machine(const std::string& name)
{
    namespace practice = gitops::practice;
    m_server = valueOf(practice::ApiServer::make(std::make_unique<practice::MemoryStorage>(),
                                                 m_executor.clock(), {.seed = 11}));
    m_client = std::make_unique<practice::LocalClient>(*m_server);
    m_behaviours =
        valueOf(practice::Behaviours::make(*m_client, m_executor.clock(), {.delayFactor = 1}));
    m_transport = std::make_unique<MemoryTransport>(*m_server, m_executor);
    gitops::EngineOptions options;
    options.leases = false;
    options.practice = true;
    options.context = "practice";
    options.server = "https://127.0.0.1:6443";
    m_telemetry = std::make_unique<gitops::SamplingService>(gitops::SamplingService::Dependencies {
        m_executor, m_pool,
        gitops::Sources({m_pool, m_executor.clock(), m_transport.get()}, {.simulated = true})});
    m_engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {m_executor, m_pool, *m_transport, m_git, m_store,
                                               m_telemetry.get()},
        options);
    core::Application root;
    root.name = name;
    root.source.repoUrl = "https://git.example.org/platform/" + name + ".git";
    root.source.path = "manifests/" + name + "/apps/overlays/practice";
    root.source.targetRevision = "main";
    root.destinationNamespace = "wavewright";
    root.automated = root.prune = root.selfHeal = true;
    m_engine->submit(core::command::AddApplication {root});
}

bool Machine::runUntil(const std::function<bool()>& condition)
{
    const auto end = m_executor.clock().steadyNow() + kPatience;
    for (tick(); !condition(); tick()) {
        if (m_executor.clock().steadyNow() > end)
            return false;
        m_executor.advance(kStep);
    }
    return true;
}

bool Machine::isDone() const
{
    const auto& applications = snapshot()->applications;
    return applications.size() > 1 && std::ranges::all_of(applications, [](const auto& entry) {
               const core::ApplicationState& state = *entry.second;
               return state.sync == core::SyncState::Synced && state.health == core::Health::Healthy
                   && state.activity.empty();
           });
}

core::Result<core::Answer> Machine::ask(const core::Query& query)
{
    core::Result<core::Answer> answer =
        core::failure(core::ErrorCode::Internal, "The engine has not answered.");
    m_engine->ask(query, [&](core::Result<core::Answer> result) { answer = std::move(result); });
    m_executor.runUntilIdle();
    return answer;
}

core::TelemetryPtr Machine::measured()
{
    const auto end = m_executor.clock().steadyNow() + std::chrono::minutes(1);
    while (m_executor.clock().steadyNow() < end) {
        (void)ask(core::query::Telemetry {});
        tick();
        m_executor.advance(std::chrono::seconds(5));
    }
    return std::get<core::TelemetryPtr>(valueOf(ask(core::query::Telemetry {})));
}

ReconciledPlatform reconcile(const std::string& name)
{
    const auto machine = std::make_shared<Machine>(name);
    ReconciledPlatform out;
    out.name = name;
    const bool isKnown = machine->runUntil([&] { return machine->isDone(); })
        && machine->runUntil([&] { return machine->platform()->unknownKinds.empty(); });
    out.snapshot = machine->snapshot();
    out.input = machine->platform();
    if (!isKnown) {
        for (const auto& [application, state] : out.snapshot->applications)
            std::fprintf(stderr, "%s: %s, %s: %s\n", application.c_str(),
                         std::string(toString(state->sync)).c_str(),
                         std::string(toString(state->health)).c_str(),
                         state->healthMessage.c_str());
        std::abort();
    }
    out.telemetry = machine->measured();
    out.ask = [machine](const core::Query& query) { return machine->ask(query); };
    return out;
}

} // namespace

const std::vector<std::string>& platformNames()
{
    static const std::vector<std::string> names {"event-driven", "greenfield", "lakehouse",
                                                 "lambda-education", "ml-two-layer"};
    return names;
}

const ReconciledPlatform& reconciledPlatform(const std::string& name)
{
    static std::map<std::string, ReconciledPlatform> made;
    auto found = made.find(name);
    if (found == made.end())
        found = made.emplace(name, reconcile(name)).first;
    return found->second;
}

} // namespace tests
