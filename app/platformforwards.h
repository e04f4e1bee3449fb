// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/platforminput.h"
#include "gitops/cluster/portforward.h"

#include <vector>

namespace app {

/// The port-forwards that Git declares for a platform: the annotation wavewright.dev/port-forward
/// of all objects that the application of that name and its descendants declare. Sorted by local
/// port. Invalid: an annotation is wrong (with file and line), or two ask for one local port.
core::Result<std::vector<gitops::PortForward>> portForwardsOf(const core::PlatformInput& input,
                                                              const std::string& platform);

/// The same, read from -f, --path or the configuration; without those from application.yaml in the
/// folder PLATFORM or manifests/PLATFORM. NotFound: there is none, or it declares no port-forward.
core::Result<std::vector<gitops::PortForward>> loadPortForwards(const Options& options);

} // namespace app
