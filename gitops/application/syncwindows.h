// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/model/application.h"
#include "gitops/application/projectreader.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gitops {

/// What a project's sync windows say of one application at one moment.
struct WindowVerdict
{
    bool allowsAutomated = true; ///< syncs, heals and prunes that nobody asked for
    bool allowsManual = true;
    bool allowsRunning = true; ///< an operation that began while it was allowed may go on
    std::string reason; ///< "" while everything is allowed
    /// When the answer may become another one, while nothing else changes.
    std::optional<core::WallTime> until;
};

/// Argo CD's rules (reference argocd.md, 1.17): an active deny blocks, then an active allow
/// permits, then an allow that is not active blocks. Schedules count on the clock of their zone as
/// it stands now. A window that cannot be read blocks. Pure but for the zone table of the machine.
WindowVerdict judgeWindows(std::span<const Project::SyncWindow> windows,
                           const core::Application& application, core::WallTime now);

/// "" and "UTC" are always known.
bool isTimeZone(std::string_view name);

} // namespace gitops
