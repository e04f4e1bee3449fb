// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/machine.h"

#include <cstdio>
#include <cstdlib>

namespace tests {

/// The engine and all that dies with it.
struct Machine::Process
{
    std::shared_ptr<SimulatedWorld::Strand> strand;
    SimulatedWorld::Pool pool;
    SimulatedTransport transport;
    SimulatedStore::Session store;
    std::unique_ptr<gitops::ReconcileEngine> engine;

    Process(SimulatedWorld& world, SimulatedCluster& cluster, SimulatedStore& saved)
        : strand(world.strand())
        , pool(world, strand)
        , transport(world, cluster)
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

Machine::Machine(SimulatedWorld& world, SimulatedCluster& cluster, SimulatedGit& git,
                 Referee& referee, std::string identity, core::Application application)
    : m_world(world)
    , m_cluster(cluster)
    , m_git(git)
    , m_referee(referee)
    , m_identity(std::move(identity))
    , m_application(std::move(application))
    , m_store(world)
{
}

Machine::~Machine() = default;

void Machine::start()
{
    m_referee.engineStarted(m_identity);
    m_process = std::make_unique<Process>(m_world, m_cluster, m_store);
    m_process->transport.faults = m_faults;
    m_process->transport.observer = [this](const core::HttpRequest& request) {
        m_referee.arrives(m_identity, request);
    };
    m_process->transport.sent = [this](const core::HttpRequest& request) {
        m_referee.sent(m_identity, request);
    };
    gitops::EngineOptions options;
    options.identity = m_identity;
    options.seed = m_world.random()();
    options.missingKindPoll = std::chrono::seconds(30); // discovery is what costs most here
    m_process->engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {*m_process->strand, m_process->pool,
                                               m_process->transport, m_git, m_process->store},
        options);
    m_process->engine->submit(core::command::AddApplication {m_application});
}

void Machine::crash()
{
    if (std::getenv("TRACE"))
        std::fprintf(stderr, "%s is killed\n", m_identity.c_str());
    m_process.reset();
    m_store.crash();
}

void Machine::setFaults(const NetworkFaults& faults)
{
    m_faults = faults;
    if (m_process)
        m_process->transport.faults = faults;
}

void Machine::breakStreams()
{
    if (m_process)
        m_process->transport.breakStreams();
}

core::SnapshotPtr Machine::snapshot() const
{
    return m_process ? m_process->engine->snapshot() : nullptr;
}

std::string Machine::describe() const
{
    const core::SnapshotPtr snapshot = this->snapshot();
    if (!snapshot)
        return m_identity + " is down";
    std::string text = m_identity + ": cluster: " + snapshot->cluster.message;
    for (const auto& [name, state] : snapshot->applications) {
        text += "\n  " + name + " " + std::string(core::toString(state->sync)) + " "
            + std::string(core::toString(state->health)) + " " + state->healthMessage + " at "
            + (state->revision ? state->revision->id.substr(38) : "?") + ", activity \""
            + state->activity + "\", holder \"" + state->holder + "\"";
        for (const core::Condition& condition : state->conditions)
            text += "; " + condition.type + ": " + condition.message;
        for (const core::ResourceState& resource : state->resources)
            if (resource.sync != core::SyncState::Synced && resource.hook.empty()
                && !resource.parent)
                text += "; " + resource.key.text() + " "
                    + std::string(core::toString(resource.sync))
                    + (resource.diff ? " " + resource.diff->reason : "");
        if (!state->operation)
            continue;
        text += ", operation " + std::string(core::toString(state->operation->phase)) + ": "
            + state->operation->message;
        for (const core::ResourceResult& result : state->operation->results)
            text += "\n    " + result.key.text() + " " + std::string(core::toString(result.code))
                + " " + result.message;
    }
    return text;
}

} // namespace tests
