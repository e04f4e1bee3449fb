// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/runningengine.h"

namespace bench {

RunningEngine::RunningEngine(const gitops::ClusterConnection& connection, std::string yaml)
    : curl(connection)
    , transport(curl)
    , git(std::move(yaml))
    , threads(1, "engine")
    , strand(threads.strand())
    , work(2, "work")
{
    gitops::EngineOptions options;
    options.server = connection.server;
    options.practice = true;
    engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {*strand, work, transport, git, store},
        std::move(options));
    subscription = engine->subscribe([this](const core::Event& event) {
        // Snapshots are asked for: kept, they would keep every state that ever was.
        if (!std::holds_alternative<core::event::SnapshotPublished>(event.what)) {
            const std::lock_guard lock(mutex);
            events.push_back(event);
        }
        changed.notify_all();
    });
    core::Application application;
    application.name = "bench";
    application.source.repoUrl = "/nowhere";
    application.source.path = "app";
    application.destinationNamespace = "bench";
    application.automated = application.selfHeal = application.prune = true;
    engine->submit(core::command::AddApplication {application});
}

core::ApplicationStatePtr RunningEngine::state() const
{
    const auto snapshot = engine->snapshot();
    const auto found = snapshot->applications.find("bench");
    return found == snapshot->applications.end() ? nullptr : found->second;
}

bool RunningEngine::isSynced() const
{
    const auto now = state();
    return now && now->sync == core::SyncState::Synced && now->operation
        && core::isCompleted(now->operation->phase);
}

} // namespace bench
