// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "widgets/bridge/platformbeside.h"

#include <optional>
#include <string>

namespace gitops {
class Engine;
}

namespace widgets {

struct DesktopOptions
{
    /// "light", "dark" or "system"; "" takes what the settings remember.
    std::string theme;
    /// Fixed clock, C locale, no blinking, nothing remembered: what is on screen depends on the
    /// engine's values alone.
    bool deterministic = false;
    /// What the fixed clock shows; without it 2026-01-01T00:00:00Z.
    std::optional<core::WallTime> fixedTime;
    /// Opens this application first; "" opens what was open last.
    std::string application;
    /// Where settings are kept; "" is the user's usual place.
    std::string settingsFile;
    /// What the platform's pages show beside what the engine tells; null for nothing.
    PlatformBesideReader beside;
};

/// Shows the windows over engine until the person closes them; returns the exit code. Needs a
/// QApplication and runs its event loop. The engine must outlive the call.
int runDesktop(gitops::Engine& engine, const DesktopOptions& options);

} // namespace widgets
