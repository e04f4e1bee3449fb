// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright sync: one sync of each application, in waves; 0 when all are Synced and Healthy.
#include "app/commands.h"
#include "app/console.h"
#include "app/handover.h"
#include "app/mailbox.h"
#include "app/outcome.h"
#include "app/progress.h"
#include "app/runtime.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

/// After a 401 of credentials that worked: a token that ran out is renewed within this time.
constexpr std::chrono::seconds kRenewal {10};
/// So long nothing happens before it is said that nothing will.
constexpr std::chrono::seconds kStandstill {10};

/// Whether something has been so for a while.
class Lasting
{
public:
    bool lasts(bool isSo, Clock::duration time)
    {
        const auto now = Clock::now();
        m_since = isSo ? m_since.value_or(now) : std::optional<Clock::time_point>();
        return m_since && now - *m_since >= time;
    }

private:
    std::optional<Clock::time_point> m_since;
};

/// What the engine's strand says to requests.
struct Answers
{
    std::mutex mutex;
    std::vector<std::pair<std::string, core::Error>> refused; ///< guarded
};

/// One run of the verb: waits until every application is compared, asks for the syncs, then for the
/// end of them.
class SyncCommand
{
public:
    SyncCommand(const Options& options, Runtime& runtime, Mailbox& mailbox)
        : m_options(options)
        , m_engine(runtime.engine())
        , m_mailbox(mailbox)
        , m_progress(makeProgress(options.format))
    {
        for (const core::Application& root : runtime.roots())
            m_roots.push_back(root.name);
    }

    int run()
    {
        const auto start = Clock::now();
        for (;;) {
            const auto mail = m_mailbox.next(std::chrono::milliseconds(100));
            if (mail && std::holds_alternative<StopRequested>(*mail)) {
                m_progress->finish();
                printError("stopped; the next sync goes on where this one ended");
                return CouldNotTell;
            }
            if (mail)
                take(std::get<core::Event>(*mail));
            m_progress->tick();
            if (const auto code = verdict()) {
                m_progress->finish();
                return *code;
            }
            if (m_options.timeout.count() > 0 && Clock::now() - start > m_options.timeout) {
                tell(waitedFor(*m_engine.snapshot(), m_roots));
                printError("not Synced and Healthy within the time given");
                return TimedOut;
            }
        }
    }

private:
    void take(const core::Event& event)
    {
        m_progress->event(event);
        if (const auto* finished = std::get_if<core::event::OperationFinished>(&event.what))
            if (const auto asked = std::ranges::find(m_asked, finished->application);
                asked != m_asked.end() && !finished->operation.nextRetryAt)
                m_finished[finished->application] = finished->operation.startedAt;
    }

    /// Asks for the sync of applications that were compared and not asked for yet. Children that
    /// are automated sync themselves.
    void askForSyncs(const core::Snapshot& snapshot)
    {
        for (const std::string& root : m_roots)
            for (const std::string& name : familyOf(snapshot, root)) {
                const auto found = snapshot.applications.find(name);
                if (found == snapshot.applications.end()
                    || std::ranges::find(m_asked, name) != m_asked.end())
                    continue;
                const core::ApplicationState& state = *found->second;
                if (!state.lastReconciled || (name != root && state.spec.automated)
                    || isRunning(state))
                    continue;
                m_asked.push_back(name);
                core::command::Sync sync;
                sync.application = name;
                sync.dryRun = m_options.dryRun;
                sync.prune = m_options.prune || state.spec.prune;
                m_engine.submit(sync, [answers = m_answers, name](core::Result<void> done) {
                    if (!done) {
                        const std::lock_guard lock(answers->mutex);
                        answers->refused.emplace_back(name, done.error());
                    }
                });
            }
    }

    static bool isRunning(const core::ApplicationState& state)
    {
        return state.operation && !core::isCompleted(state.operation->phase);
    }

    /// A sync that the engine did not take up. Where another one ran, it is asked for again.
    std::optional<int> refusal()
    {
        const std::lock_guard lock(m_answers->mutex);
        std::vector<std::string> reasons;
        for (const auto& [name, error] : std::exchange(m_answers->refused, {}))
            if (error.code == core::ErrorCode::Conflict)
                std::erase(m_asked, name);
            else
                reasons.push_back(name + ": " + error.text());
        if (reasons.empty())
            return std::nullopt;
        tell(reasons);
        return No;
    }

    /// Refused credentials do not heal by waiting; those that worked may be renewed yet.
    std::optional<int> unauthorized(const core::ClusterState& cluster)
    {
        const std::string why = refusedCredentials(cluster);
        if (cluster.connection == core::ClusterState::Connection::Connected)
            m_wasConnected = true;
        if (!m_refusedFor.lasts(!why.empty(), m_wasConnected ? kRenewal : Clock::duration::zero()))
            return std::nullopt;
        tell({why});
        return CouldNotTell;
    }

    std::optional<int> verdict()
    {
        const core::SnapshotPtr snapshot = m_engine.snapshot();
        if (const auto code = unauthorized(snapshot->cluster))
            return code;
        askForSyncs(*snapshot);
        if (const auto code = refusal())
            return code;
        if (!std::ranges::all_of(m_roots, [&](const std::string& root) {
                return isFinished(*snapshot, root) || cannotGoOn(*snapshot, root);
            }))
            return std::nullopt;
        const Outcome outcome = outcomeOf(*snapshot, m_roots);
        if (m_options.dryRun)
            return outcome.state == Outcome::State::Failed ? report(outcome) : int(Yes);
        if (outcome.state == Outcome::State::Settled)
            return Yes;
        if (outcome.state != Outcome::State::Waiting)
            return report(outcome);
        if (!m_stoodStill.lasts(isStandstill(*snapshot, m_roots), kStandstill))
            return std::nullopt;
        tell(waitedFor(*snapshot, m_roots));
        return No;
    }

    /// Its sync has ended, and the snapshot knows that.
    bool isFinished(const core::Snapshot& snapshot, const std::string& root) const
    {
        const auto finished = m_finished.find(root);
        const auto found = snapshot.applications.find(root);
        return finished != m_finished.end() && found != snapshot.applications.end()
            && found->second->operation && found->second->operation->startedAt >= finished->second;
    }

    /// An error or another Wavewright before any operation began, or a person who has to say yes in
    /// the middle of it.
    static bool cannotGoOn(const core::Snapshot& snapshot, const std::string& root)
    {
        const auto found = snapshot.applications.find(root);
        if (found == snapshot.applications.end())
            return false;
        const core::ApplicationState& state = *found->second;
        return !state.holder.empty() || isHeldByPerson(state)
            || (!state.operation
                && std::ranges::any_of(state.conditions, &core::Condition::isError));
    }

    void tell(const std::vector<std::string>& reasons)
    {
        m_progress->finish();
        for (const std::string& reason : reasons)
            printError(reason);
    }

    int report(const Outcome& outcome)
    {
        tell(outcome.reasons);
        return No;
    }

    const Options& m_options;
    gitops::Engine& m_engine;
    Mailbox& m_mailbox;
    std::unique_ptr<Progress> m_progress;
    std::vector<std::string> m_roots;
    std::vector<std::string> m_asked;
    std::map<std::string, core::WallTime> m_finished; ///< when what ended had begun
    std::shared_ptr<Answers> m_answers = std::make_shared<Answers>();
    Lasting m_refusedFor;
    Lasting m_stoodStill;
    bool m_wasConnected = false;
};

} // namespace

int runSync(const Options& options)
{
    if (isForRunning(options))
        return runSyncElsewhere(options);
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    auto runtime = Runtime::start(options, Runtime::Access::ReadWrite);
    if (!runtime) {
        printError(runtime.error().text());
        return CouldNotTell;
    }
    SyncCommand command(options, **runtime, mailbox);
    const auto subscription = (*runtime)->engine().subscribe(
        [&mailbox](const core::Event& event) { mailbox.post(event); });
    (*runtime)->addRoots();
    return command.run();
}

} // namespace app
