// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright-engine: what wavewright becomes for all that needs a cluster or a repository.
#include "app/commandline.h"
#include "app/commands.h"
#include "app/console.h"

#include <exception>
#include <malloc.h>

namespace {

int dispatch(const app::Options& options)
{
    using app::Verb;
    switch (options.verb) {
    case Verb::Render:
        return app::runRender(options);
    case Verb::Diff:
        return app::runDiff(options);
    case Verb::Sync:
        return app::runSync(options);
    case Verb::Run:
        return app::runReconcile(options);
    case Verb::Status:
        return app::runStatus(options);
    case Verb::History:
        return app::runHistory(options);
    case Verb::Wait:
        return app::runWait(options);
    case Verb::Confirm:
    case Verb::Pause:
    case Verb::Resume:
    case Verb::Adopt:
    case Verb::Refresh:
    case Verb::Terminate:
        return app::runRemoteCommand(options);
    case Verb::Health:
        return app::runHealth(options);
    case Verb::Namespaces:
        return app::runNamespaces(options);
    case Verb::Tenants:
        return app::runTenants(options);
    case Verb::Findings:
        return app::runFindings(options);
    case Verb::Environments:
        return app::runEnvironments(options);
    case Verb::Lineage:
        return app::runLineage(options);
    case Verb::Topics:
        return app::runTopics(options);
    case Verb::Logs:
        return app::runLogs(options);
    case Verb::Events:
        return app::runEvents(options);
    case Verb::Exec:
        return app::runExec(options);
    case Verb::Get:
        return app::runGet(options);
    case Verb::PortForward:
        return app::runPortForward(options);
    case Verb::Practice:
        return app::runPractice(options);
    case Verb::Version:
        return app::runVersion(options);
    case Verb::Completion:
        return app::runCompletion(options);
    case Verb::Desktop:
        break;
    }
    return app::Usage;
}

} // namespace

int main(int argc, char** argv)
{
    // Few arenas: many threads with small heaps of their own would keep what they freed.
    mallopt(M_ARENA_MAX, 2);
    try {
        const auto parsed = app::parseCommandLine(argc, argv);
        if (const int* exitCode = std::get_if<int>(&parsed))
            return app::whenWritten(*exitCode);
        return app::whenWritten(dispatch(std::get<app::Options>(parsed)));
    } catch (const std::exception& error) {
        app::printError(std::string("an unexpected error: ") + error.what());
        return app::CouldNotTell;
    }
}
