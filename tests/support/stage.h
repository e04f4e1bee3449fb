// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakeengine.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/mainwindow.h"
#include "widgets/settings.h"
#include "widgets/theme/theme.h"

namespace tests {

/// The real window over a FakeEngine, deterministic: what runDesktop shows, without its event loop.
class Stage
{
public:
    Stage(widgets::ThemeChoice theme, const core::Snapshot& snapshot);
    FakeEngine engine;
    widgets::Settings settings;
    widgets::Theme theme;
    widgets::WallClock clock;
    widgets::EngineBridge bridge;
    widgets::MainWindow window;
    /// Delivers what the engine said and lets layouts settle; no waiting for time.
    void settle();
};

} // namespace tests
