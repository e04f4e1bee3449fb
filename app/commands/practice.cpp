// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright practice: the practice cluster on its own.
#include "app/commands.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "app/practiceoptions.h"
#include "app/remotebehaviours.h"
#include "gitops/practice/practicecluster.h"

#include <cstdio>

namespace app {

int runPractice(const Options& options)
{
    if (options.behavioursOnly)
        return runRemoteBehaviours(options);
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    const auto start = practiceOptions(options);
    auto cluster = gitops::practice::PracticeCluster::start(start);
    if (!cluster) {
        printError(cluster.error().text());
        return CouldNotTell;
    }
    std::printf(
        "A practice cluster answers on %s. It is no real Kubernetes: its controllers are "
        "simulated.\n"
        "  export KUBECONFIG=%s\nStop it with Ctrl+C; it is kept and goes on at the next start.\n",
        (*cluster)->serverUrl().c_str(), start.kubeconfig.c_str());
    std::fflush(stdout);
    for (;;) {
        const auto mail = mailbox.next(std::chrono::hours(1));
        if (mail && std::holds_alternative<StopRequested>(*mail))
            return Yes;
    }
}

} // namespace app
