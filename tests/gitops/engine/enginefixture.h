// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/reconcileengine.h"
#include "gitops/history/statestore.h"
#include "gitops/practice/apiserver.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/memorytransport.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// The real engine against a practice cluster in memory, in virtual time, with Git as a list of
/// trees.
class EngineFixture
{
public:
    using Files = std::vector<std::pair<std::string, std::string>>;

    EngineFixture();
    ~EngineFixture();

    /// A new engine on the same cluster and the same state; the one before is gone at once.
    void restart(gitops::EngineOptions options);
    void restart() { restart(options); }
    void stop();

    void commit(Files files, bool descends = true);
    /// Git answers so from now on, until a commit or no error is set.
    void loseGit(std::optional<core::Error> error);
    core::Application application(const std::string& name = "app") const;
    void add(const core::Application& application);
    core::Result<void> submit(core::Command command);

    /// Lets virtual time pass until the condition holds; false when it does not within limit.
    bool runUntil(const std::function<bool()>& condition,
                  std::chrono::milliseconds limit = std::chrono::minutes(5));
    /// Lets time pass, for the server, too: it sends bookmarks.
    void run(std::chrono::milliseconds time);
    bool isSynced(const std::string& name = "app");
    const core::ApplicationState* state(const std::string& name = "app");
    const core::Condition* condition(const std::string& type, const std::string& name = "app");
    const core::ResourceState* resource(const std::string& kind, const std::string& objectName,
                                        const std::string& name = "app");

    core::HttpResponse request(const std::string& method, const std::string& target,
                               const std::string& body = {},
                               const std::string& contentType = "application/json");
    core::Json get(const std::string& target);
    bool exists(const std::string& target) { return get(target).is_object(); }
    void createNamespace(const std::string& name);
    static std::string configMap(const std::string& name, const std::string& value = "1",
                                 const std::string& extra = {});

    /// What was written past the wire since the last call: "PATCH /api/v1/…", without Leases.
    std::vector<std::string> takeWrites() { return std::exchange(writes, {}); }

    ManualExecutor executor;
    ManualWorkPool pool {executor};
    std::unique_ptr<gitops::practice::ApiServer> server;
    /// Memory whose saves take as long as a test says.
    struct Store : gitops::MemoryStateStore
    {
        void save(const std::string& name, std::string text, core::Executor& where,
                  SaveHandler done) override;
        std::chrono::milliseconds delay {0};
    };
    Store store;
    gitops::EngineOptions options;
    gitops::TelemetryService* telemetry = nullptr; ///< of the next restart
    gitops::RemoteService* remotes = nullptr; ///< the same
    std::vector<std::string> writes;
    std::size_t reads = 0;
    std::vector<core::Event> events;
    /// Asked before every request of the engine's; nullopt: work as usual.
    gitops::practice::FaultHook fault;

private:
    class Git;
    std::unique_ptr<Git> m_git;
    std::unique_ptr<MemoryTransport> m_transport;
    std::unique_ptr<gitops::ReconcileEngine> m_engine;
    std::unique_ptr<gitops::Subscription> m_subscription;
    bool m_byHand = false;

public:
    gitops::ReconcileEngine& engine() { return *m_engine; }
};

} // namespace tests
