// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright run: keeps reconciling until told to stop.
#include "app/commands.h"
#include "app/console.h"
#include "app/control.h"
#include "app/mailbox.h"
#include "app/metricsserver.h"
#include "app/outcome.h"
#include "app/progress.h"
#include "app/runtime.h"

#include <chrono>
#include <cstdio>
#include <malloc.h>
#include <optional>

namespace app {

namespace {

/// A sync of many objects leaves much memory behind that nothing will need for long: given back a
/// little later, when nobody waits for anything.
class MemoryTrimmer
{
public:
    void note(const core::Event& event)
    {
        if (std::holds_alternative<core::event::OperationFinished>(event.what))
            m_due = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    }
    void tick()
    {
        if (!m_due || std::chrono::steady_clock::now() < *m_due)
            return;
        m_due.reset();
        malloc_trim(0);
    }

private:
    std::optional<std::chrono::steady_clock::time_point> m_due;
};

int follow(const Options& options, Runtime& runtime, Mailbox& mailbox)
{
    const auto progress = makeProgress(options.format);
    std::vector<std::string> roots;
    for (const core::Application& root : runtime.roots())
        roots.push_back(root.name);
    const auto start = std::chrono::steady_clock::now();
    MemoryTrimmer trimmer;
    for (;;) {
        const auto mail = mailbox.next(std::chrono::milliseconds(100));
        if (mail && std::holds_alternative<StopRequested>(*mail)) {
            progress->finish();
            return Yes;
        }
        if (mail) {
            progress->event(std::get<core::Event>(*mail));
            trimmer.note(std::get<core::Event>(*mail));
        }
        progress->tick();
        trimmer.tick();
        if (!options.untilHealthy)
            continue;
        const Outcome outcome = outcomeOf(*runtime.engine().snapshot(), roots);
        if (outcome.state == Outcome::State::Settled) {
            progress->finish();
            std::fprintf(stderr, "Everything is Synced and Healthy.\n");
            return Yes;
        }
        if (options.timeout.count() > 0
            && std::chrono::steady_clock::now() - start > options.timeout) {
            progress->finish();
            for (const std::string& reason : waitedFor(*runtime.engine().snapshot(), roots))
                printError(reason);
            printError("not Synced and Healthy within the time given");
            return TimedOut;
        }
    }
}

} // namespace

int runReconcile(const Options& options)
{
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    auto runtime = Runtime::start(options, Runtime::Access::ReadWrite);
    if (!runtime) {
        printError(runtime.error().text());
        return CouldNotTell;
    }
    gitops::Engine& engine = (*runtime)->engine();
    const auto control = ControlServer::start(engine, options.stateFolder);
    if (!control)
        printError(control.error().text()
                   + "; status, confirm and pause will not reach this process");
    std::unique_ptr<MetricsServer> metrics;
    if (!options.listen.empty()) {
        auto started = MetricsServer::start(engine, options.listen);
        if (!started) {
            printError(started.error().text());
            return CouldNotTell;
        }
        metrics = std::move(*started);
    }
    const auto subscription =
        engine.subscribe([&mailbox](const core::Event& event) { mailbox.post(event); });
    (*runtime)->addRoots();
    return follow(options, **runtime, mailbox);
}

} // namespace app
