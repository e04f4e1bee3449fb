// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/transport.h"
#include "gitops/engine/engine.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/git/gitservice.h"
#include "gitops/git/remoteservice.h"
#include "gitops/history/statestore.h"
#include "gitops/telemetry/telemetryservice.h"

#include <memory>

namespace gitops {

/// The engine: reconciles the applications of one cluster. All its state lives on one strand, the
/// executor given; long work goes to the pool as functions over values and comes back by post. It
/// makes no threads, waits for nothing and holds no lock across anything, so that the same engine
/// runs in production and, step by step, under the simulation.
class ReconcileEngine : public Engine
{
public:
    /// All of these outlive the engine, and whatever it posted to them.
    struct Dependencies
    {
        core::Executor& executor; ///< a strand for the engine alone
        core::WorkPool& pool;
        Transport& transport;
        GitService& git;
        StateStore& store;
        TelemetryService* telemetry = nullptr; ///< null: an engine without live figures
        RemoteService* remotes = nullptr; ///< null: trees that need something from elsewhere fail
    };

    /// Begins to look at the cluster at once. Applications come by command.
    ReconcileEngine(Dependencies dependencies, EngineOptions options);
    /// Nothing is called back afterwards; what is under way in the cluster is picked up by the next
    /// engine on the same store. The rest is taken down on the strand.
    ~ReconcileEngine() override;

    core::SnapshotPtr snapshot() const override;
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(Sink sink) override;
    void submit(core::Command command, std::function<void(core::Result<void>)> done = {}) override;
    void ask(core::Query query, std::function<void(core::Result<core::Answer>)> done) override;
    /// Gives the Leases back, so that the next Wavewright need not wait for their end. Nothing is
    /// written afterwards.
    void release(std::function<void()> done);

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gitops
