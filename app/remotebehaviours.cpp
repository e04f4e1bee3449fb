// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remotebehaviours.h"

#include "app/clusterverb.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "app/remoteclient.h"
#include "gitops/practice/behaviours.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

constexpr std::chrono::milliseconds kLongestWait {200};

class SystemClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
    core::WallTime wallNow() const override { return std::chrono::system_clock::now(); }
};

} // namespace

int runRemoteBehaviours(const Options& options)
{
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    if (options.practiceKubeconfig.empty()) {
        printError("--behaviours-only needs --kubeconfig FILE: the cluster to work in");
        return Usage;
    }
    Options asked = options;
    asked.kubeconfig = options.practiceKubeconfig;
    const auto access = openCluster(asked);
    if (!access)
        return exitWith(access.error());
    const SystemClock clock;
    RemoteClient client(**access);
    const auto behaviours = gitops::practice::Behaviours::make(
        client, clock,
        {.delayFactor = options.practiceDelay, .firstObjects = false, .ownControllers = false});
    if (!behaviours)
        return exitWith(behaviours.error());
    std::printf("Behaves on %s as operators, storage and load balancers would; nothing of it is "
                "real. Stop it with Ctrl+C.\n",
                (*access)->connection().server.c_str());
    std::fflush(stdout);
    std::string told;
    for (;;) {
        const auto next =
            std::min<core::SteadyTime>((*behaviours)->tick(), clock.steadyNow() + kLongestWait);
        client.run(next);
        if (client.problem() != told && !client.problem().empty())
            printError(client.problem());
        told = client.problem();
        const auto mail = mailbox.next(std::chrono::milliseconds(0));
        if (mail && std::holds_alternative<StopRequested>(*mail))
            return Yes;
    }
}

} // namespace app
