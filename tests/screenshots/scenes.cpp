// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/scenes.h"

#include "tests/support/sampleplatform.h"
#include "widgets/theme/fonts.h"

#include <QCoreApplication>

namespace tests {

using widgets::ThemeChoice;

Stage::Stage(ThemeChoice choice, const core::Snapshot& snapshot)
    : settings({}, true)
    , theme((widgets::loadFonts().value(), choice))
    , clock(sampleTime())
    , bridge((engine.publish(std::make_shared<const core::Snapshot>(snapshot)), engine))
    , window(bridge, clock, theme, settings)
{
    window.restore({});
    window.show();
    settle();
}

void Stage::settle()
{
    bridge.deliverNow();
    for (int i = 0; i < 3; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
}

const std::vector<Scene>& scenes()
{
    static const Scene::Look light {};
    static const Scene::Look dark {ThemeChoice::Dark};
    static const std::vector<Scene> all {
        {"applications", samplePlatform, {}, {light, dark}},
        {"applications-disconnected", sampleDisconnected, {}, {light, dark}},
        {"applications-empty", sampleEmpty, {}, {light}},
    };
    return all;
}

} // namespace tests
