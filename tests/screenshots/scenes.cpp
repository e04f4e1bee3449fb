// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/scenes.h"

#include "tests/support/sampleplatform.h"
#include "widgets/actions.h"

namespace tests {

using widgets::ThemeChoice;

namespace {

/// Opens an application and one of its sections, by the window's own actions.
std::function<void(Stage&)> open(const char* name, widgets::Act section)
{
    return [=](Stage& stage) {
        stage.window.openApplication(QString::fromLatin1(name));
        stage.window.actions()[section]->trigger();
        stage.settle();
    };
}

std::function<void(Stage&)> openAndAsk(const char* name, widgets::Act question)
{
    return [=](Stage& stage) {
        stage.window.openApplication(QString::fromLatin1(name));
        stage.settle();
        stage.window.actions()[question]->trigger();
    };
}

} // namespace

const std::vector<Scene>& scenes()
{
    using widgets::Act;
    static const Scene::Look light {};
    static const Scene::Look dark {ThemeChoice::Dark};
    static const Scene::Look small {ThemeChoice::Light, {900, 600}};
    static const Scene::Look fine {ThemeChoice::Light, {1280, 800}, 2};
    auto events = [](Stage& stage) { stage.window.showAllEvents(); };
    auto ask = [](Act act) {
        return [act](Stage& stage) { stage.window.actions()[act]->trigger(); };
    };
    static const std::vector<Scene> all {
        {"applications", samplePlatform, {}, {light, dark, fine}},
        {"applications-disconnected", sampleDisconnected, {}, {light, dark}},
        {"applications-empty", sampleEmpty, {}, {light}},
        {"overview", samplePlatform, open("backstage", Act::Overview), {light, dark}},
        {"waves", samplePlatform, open("kafka", Act::Waves), {light, dark, small}},
        {"resources", samplePlatform, open("kafka", Act::Resources), {light, dark}},
        {"differences", samplePlatform, open("backstage", Act::Differences), {light, dark, small}},
        {"differences-none", samplePlatform, open("operators", Act::Differences), {light}},
        {"events", samplePlatform, events, {light, dark}},
        {"prune", samplePlatform, openAndAsk("user-namespaces", Act::ConfirmPrunes), {light, dark}},
        {"confirmation", samplePlatform, open("user-namespaces", Act::Overview), {light}},
        {"sync", samplePlatform, openAndAsk("backstage", Act::Sync), {light}},
        {"pause", samplePlatform, openAndAsk("backstage", Act::Pause), {light}},
        {"palette", samplePlatform, ask(Act::Palette), {light}},
        {"keys", samplePlatform, ask(Act::Keys), {dark}},
    };
    return all;
}

} // namespace tests
