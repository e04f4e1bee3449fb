// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakeengine.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/mainwindow.h"
#include "widgets/settings.h"
#include "widgets/theme/theme.h"

#include <functional>
#include <string>
#include <vector>

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

/// One picture: where it starts, how to get there by hand, which looks are kept of it.
struct Scene
{
    struct Look
    {
        widgets::ThemeChoice theme = widgets::ThemeChoice::Light;
        QSize size {1280, 800};
        int ratio = 1; ///< device pixel ratio: the program must have been started with it
    };

    std::string name;
    std::function<core::Snapshot()> snapshot;
    std::function<void(Stage&)> play; ///< may open a dialog without waiting for it
    std::vector<Look> looks;
};

const std::vector<Scene>& scenes();

} // namespace tests
