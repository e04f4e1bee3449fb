// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakeengine.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/mainwindow.h"
#include "widgets/settings.h"
#include "widgets/theme/theme.h"

namespace tests {

struct ReconciledPlatform;

/// The real window over a FakeEngine, deterministic: what runDesktop shows, without its event loop.
class Stage
{
public:
    Stage(widgets::ThemeChoice theme, const core::Snapshot& snapshot);
    /// A platform that runs (tests/support/reconciledplatform.h), one minute after it was done.
    Stage(widgets::ThemeChoice theme, const ReconciledPlatform& platform);
    FakeEngine engine;
    widgets::Settings settings;
    widgets::Theme theme;
    widgets::WallClock clock;
    widgets::EngineBridge bridge;
    widgets::MainWindow window;
    /// Delivers what the engine said, lets computations end and layouts settle; no waiting for
    /// time.
    void settle();

private:
    Stage(widgets::ThemeChoice theme, core::WallTime now, const core::Snapshot& snapshot,
          const ReconciledPlatform* platform);
};

} // namespace tests
