// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

namespace app {

/// The practice cluster's behaviours as a client of the API server of --kubeconfig, which has no
/// operators: custom resources, volume claims, load balancers, Ingresses and autoscalers become
/// what their controllers would make of them. What every control plane has itself (workloads,
/// EndpointSlices, quotas) is left to it. Runs until told to stop.
int runRemoteBehaviours(const Options& options);

} // namespace app
