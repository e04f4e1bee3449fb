// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stage.h"

#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "widgets/bridge/platformfeed.h"
#include "widgets/theme/fonts.h"

#include <QCoreApplication>

namespace tests {

using widgets::ThemeChoice;

Stage::Stage(ThemeChoice choice, const core::Snapshot& snapshot)
    : Stage(choice, sampleTime(), snapshot, nullptr)
{
}

Stage::Stage(ThemeChoice choice, const ReconciledPlatform& platform)
    : Stage(choice, platform.snapshot->at + std::chrono::minutes(1), *platform.snapshot, &platform)
{
}

Stage::Stage(ThemeChoice choice, core::WallTime now, const core::Snapshot& snapshot,
             const ReconciledPlatform* platform)
    : settings({}, true)
    , theme((widgets::loadFonts().value(), choice))
    , clock(now)
    , bridge((engine.publish(std::make_shared<const core::Snapshot>(snapshot)), engine))
    , window(bridge, clock, theme, settings)
{
    if (platform) {
        engine.setPlatform(platform->input);
        engine.setTelemetry(platform->telemetry);
        engine.setAnswerer(platform->ask);
    } else {
        for (const auto& [key, manifests] : sampleManifests())
            engine.setManifests(key, manifests);
        for (const core::Event& event : sampleEvents())
            std::visit([&](const auto& what) { engine.emitEvent(what, event.at); }, event.what);
    }
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
        while (window.feed().isBusy())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
}

} // namespace tests
