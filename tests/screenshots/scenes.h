// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/stage.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tests {

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
    std::string platform = {}; ///< one of platformNames() in place of a snapshot
};

/// The window at the beginning of a scene.
std::unique_ptr<Stage> stageOf(const Scene& scene, widgets::ThemeChoice theme);

const std::vector<Scene>& scenes();

} // namespace tests
