// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright sync: one sync of each application, in waves; 0 when all are Synced and Healthy.
#include "app/commands.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "app/outcome.h"
#include "app/progress.h"
#include "app/runtime.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

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
        const auto start = std::chrono::steady_clock::now();
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
            if (m_options.timeout.count() > 0
                && std::chrono::steady_clock::now() - start > m_options.timeout) {
                m_progress->finish();
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
                m_finished.push_back(finished->application);
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
                if (!state.lastReconciled || (name != root && state.spec.automated))
                    continue;
                m_asked.push_back(name);
                core::command::Sync sync;
                sync.application = name;
                sync.dryRun = m_options.dryRun;
                sync.prune = m_options.prune || state.spec.prune;
                m_engine.submit(sync, [this, name](core::Result<void> done) {
                    if (!done)
                        printError(name + ": " + done.error().text());
                });
            }
    }

    std::optional<int> verdict()
    {
        const core::SnapshotPtr snapshot = m_engine.snapshot();
        askForSyncs(*snapshot);
        const bool allAsked = std::ranges::all_of(m_roots, [this](const std::string& root) {
            return std::ranges::find(m_finished, root) != m_finished.end();
        });
        const Outcome outcome = outcomeOf(*snapshot, m_roots);
        if (!allAsked && !cannotBegin(*snapshot))
            return std::nullopt;
        if (m_options.dryRun)
            return outcome.state == Outcome::State::Failed ? report(outcome)
                                                           : std::optional<int>(Yes);
        if (outcome.state == Outcome::State::Settled)
            return Yes;
        return outcome.state == Outcome::State::Waiting ? std::nullopt : report(outcome);
    }

    /// A root has an error before any operation began: it will not get further.
    bool cannotBegin(const core::Snapshot& snapshot) const
    {
        return std::ranges::any_of(m_roots, [&](const std::string& root) {
            const auto found = snapshot.applications.find(root);
            return found != snapshot.applications.end() && !found->second->operation
                && std::ranges::any_of(found->second->conditions, &core::Condition::isError);
        });
    }

    std::optional<int> report(const Outcome& outcome)
    {
        m_progress->finish();
        for (const std::string& reason : outcome.reasons)
            printError(reason);
        if (outcome.state == Outcome::State::NeedsPerson)
            printError("prunes wait for a person; run wavewright run and confirm them");
        return No;
    }

    const Options& m_options;
    gitops::Engine& m_engine;
    Mailbox& m_mailbox;
    std::unique_ptr<Progress> m_progress;
    std::vector<std::string> m_roots;
    std::vector<std::string> m_asked;
    std::vector<std::string> m_finished;
};

} // namespace

int runSync(const Options& options)
{
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
