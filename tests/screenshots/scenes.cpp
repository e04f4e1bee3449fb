// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/scenes.h"

#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/sampletelemetry.h"
#include "widgets/actions.h"
#include "widgets/charts/sharedtimerange.h"
#include "widgets/controls/filterfield.h"
#include "widgets/pages/lineagebar.h"
#include "widgets/pages/lineagepage.h"
#include "widgets/pages/namespacedetail.h"
#include "widgets/pages/namespacespage.h"
#include "widgets/pages/reachsection.h"
#include "widgets/pages/tenantdetail.h"
#include "widgets/pages/tenantspage.h"
#include "widgets/pages/topicdetail.h"
#include "widgets/pages/topicspage.h"

#include <QTableView>
#include <QTest>

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

/// A page of the platform, with what is open in it, then whatever else.
std::function<void(Stage&)> page(const char* id, const char* subject = "",
                                 std::function<void(Stage&)> more = {})
{
    return [=](Stage& stage) {
        stage.window.showPage(QString::fromLatin1(id), QString::fromLatin1(subject));
        stage.settle();
        if (more)
            more(stage);
    };
}

/// A page of a platform in which nothing is.
std::function<void(Stage&)> nothingIn(const QString& name)
{
    return [=](Stage& stage) {
        stage.engine.setPlatform(std::make_shared<const core::PlatformInput>());
        stage.window.showPage(name);
        stage.settle();
    };
}

/// A section of the namespace that is open.
std::function<void(Stage&)> section(widgets::NamespaceDetail::Section section)
{
    return [=](Stage& stage) {
        auto* detail = stage.window.findChild<widgets::NamespaceDetail*>();
        detail->showSection(section);
        stage.settle();
        detail->focusList();
    };
}

/// The connection goes while a page is open.
void disconnect(Stage& stage)
{
    core::Snapshot next = *stage.bridge.snapshot();
    next.cluster.connection = core::ClusterState::Connection::Disconnected;
    next.cluster.message = "https://127.0.0.1:6443 does not answer.";
    ++next.sequence;
    stage.engine.publish(std::make_shared<const core::Snapshot>(next));
    stage.settle();
}

void addNamespaces(std::vector<Scene>& out, const std::vector<Scene::Look>& both,
                   const Scene::Look& small)
{
    using Detail = widgets::NamespaceDetail;
    for (const std::string& name : platformNames()) {
        out.push_back({"namespaces-" + name, {}, page("namespaces"), both, name});
    }
    const std::string event = "event-driven";
    out.push_back({"namespaces-table",
                   {},
                   page("namespaces", "",
                        [](Stage& stage) {
                            stage.window.findChild<widgets::NamespacesPage*>()->showTable(true);
                        }),
                   {both[0], small},
                   event});
    out.push_back({"namespace-workloads",
                   {},
                   page("namespaces", "data", section(Detail::Workloads)),
                   both,
                   "greenfield"});
    out.push_back({"namespace-objects",
                   {},
                   page("namespaces", "kafka", section(Detail::Objects)),
                   {both[0], small},
                   event});
    out.push_back({"namespace-quota",
                   {},
                   page("namespaces", "user-alice", section(Detail::Quota)),
                   both,
                   event});
    out.push_back({"namespace-references",
                   {},
                   page("namespaces", "orchestrator", section(Detail::References)),
                   {both[0]},
                   "lakehouse"});
    out.push_back({"namespace-findings",
                   {},
                   page("namespaces", "rabbitmq", section(Detail::Findings)),
                   {both[1]},
                   event});
    out.push_back({"namespaces-empty", sampleEmpty, nothingIn("namespaces"), {both[0]}});
    out.push_back(
        {"namespaces-disconnected", {}, page("namespaces", "", disconnect), {both[1]}, event});
}

/// A section of the tenant that is open.
std::function<void(Stage&)> section(widgets::TenantDetail::Section section)
{
    return [=](Stage& stage) {
        auto* detail = stage.window.findChild<widgets::TenantDetail*>();
        detail->showSection(section);
        stage.settle();
        detail->focusList();
    };
}

void addTenants(std::vector<Scene>& out, const std::vector<Scene::Look>& both,
                const Scene::Look& small)
{
    using Detail = widgets::TenantDetail;
    for (const std::string& name : platformNames())
        out.push_back({"tenants-" + name, {}, page("tenants"), both, name});
    const std::string event = "event-driven";
    const auto matrix = [](Stage& stage) {
        stage.window.findChild<widgets::TenantsPage*>()->showMatrix(true);
        stage.settle();
        // A cell that has something to tell: bob and what Kafka listens on.
        auto* table = stage.window.findChild<widgets::ReachSection*>()->table();
        table->setCurrentIndex(table->model()->index(9, 1));
    };
    out.push_back({"tenants-reachability",
                   {},
                   page("tenants", "", matrix),
                   {both[0], both[1], small},
                   event});
    out.push_back({"tenant-isolation",
                   {},
                   page("tenants", "alice", section(Detail::Isolation)),
                   {both[0], both[1], small},
                   event});
    out.push_back(
        {"tenant-quota", {}, page("tenants", "alice", section(Detail::Quota)), {both[0]}, event});
    out.push_back(
        {"tenant-rights", {}, page("tenants", "alice", section(Detail::Rights)), {both[1]}, event});
    out.push_back(
        {"tenant-topics", {}, page("tenants", "alice", section(Detail::Topics)), {both[0]}, event});
}

/// With lines and charts as they are once their past has come.
std::function<void(Stage&)> drawn(std::function<void(Stage&)> then)
{
    return [=](Stage& stage) {
        then(stage);
        stage.settle();
        if (auto* topics = stage.window.findChild<widgets::TopicsPage*>())
            (void)QTest::qWaitFor([&] { return !topics->isAsking(); });
        // Charts are drawn four times a second at most.
        if (auto* detail = stage.window.findChild<widgets::TopicDetail*>())
            (void)QTest::qWaitFor([&] { return !detail->range().isDrawing(); });
    };
}

/// With figures of a source of which parts are missing.
std::function<void(Stage&)> measured(std::function<void(Stage&)> then)
{
    return [=](Stage& stage) {
        const core::WallTime now = stage.clock.now();
        stage.engine.setTelemetry(sampleTelemetry(now));
        stage.engine.setAnswerer([now](const core::Query& query) -> core::Result<core::Answer> {
            if (const auto* samples = std::get_if<core::query::Samples>(&query))
                return core::Answer(sampleHistory(*samples, now));
            return core::failure(core::ErrorCode::NotFound, "The object is not known.");
        });
        drawn(then)(stage);
    };
}

std::function<void(Stage&)> choose(const std::string& node)
{
    return [=](Stage& stage) { stage.window.findChild<widgets::LineagePage*>()->choose(node); };
}

std::function<void(Stage&)> group(core::LineageGrouping grouping)
{
    return [=](Stage& stage) {
        stage.window.findChild<widgets::LineagePage*>()->ask({.grouping = grouping});
    };
}

std::function<void(Stage&)> only(core::LineageKinds kinds)
{
    return [=](Stage& stage) {
        stage.window.findChild<widgets::LineagePage*>()->ask({.kinds = kinds});
    };
}

/// With an engine that has no source of figures.
std::function<void(Stage&)> unmeasured(std::function<void(Stage&)> then)
{
    return [=](Stage& stage) {
        stage.engine.setTelemetry(nullptr);
        stage.engine.setAnswerer([](const core::Query&) -> core::Result<core::Answer> {
            return core::failure(core::ErrorCode::NotFound,
                                 "This engine was made without live figures.");
        });
        then(stage);
    };
}

const Scene::Look wide {ThemeChoice::Light, {1920, 1080}};

void addLineage(std::vector<Scene>& out, const std::vector<Scene::Look>& both,
                const Scene::Look& small)
{
    const std::string event = "event-driven";
    for (const std::string& name : platformNames())
        out.push_back({"lineage-" + name, {}, page("lineage"), both, name});
    out.push_back({"lineage-chosen",
                   {},
                   page("lineage", "", choose(kFlowingTopic)),
                   {both[0], both[1], small},
                   event});
    out.push_back({"lineage-near", {}, page("lineage", kFlowingTopic), {both[0]}, event});
    out.push_back({"lineage-unmeasured", {}, unmeasured(page("lineage")), {both[0]}, event});
    out.push_back({"lineage-datasets",
                   {},
                   page("lineage", "", only(core::LineageKinds::Datasets)),
                   {both[0], small},
                   event});
    out.push_back({"lineage-jobs",
                   {},
                   page("lineage", "", only(core::LineageKinds::Jobs)),
                   {both[1]},
                   event});
    out.push_back({"lineage-large", {}, page("lineage"), {wide, small}, event});
    out.push_back({"lineage-filtered",
                   {},
                   page("lineage", "",
                        [](Stage& stage) {
                            auto* bar = stage.window.findChild<widgets::LineageBar*>();
                            bar->search().setWords(QStringLiteral("system:kafka -commands"));
                        }),
                   {both[1]},
                   event});
    out.push_back({"lineage-layers",
                   {},
                   page("lineage", "", group(core::LineageGrouping::Layer)),
                   {both[0]},
                   "lambda-education"});
    out.push_back({"lineage-list",
                   {},
                   page("lineage", "",
                        [](Stage& stage) {
                            stage.window.findChild<widgets::LineagePage*>()->showList(true);
                        }),
                   {both[0], small},
                   event});
    out.push_back({"lineage-empty", sampleEmpty, nothingIn("lineage"), {both[0]}});
    out.push_back({"lineage-unreadable", sampleEmpty, page("lineage"), {both[0]}});
}

void addTopics(std::vector<Scene>& out, const std::vector<Scene::Look>& both,
               const Scene::Look& small)
{
    const std::string event = "event-driven";
    for (const std::string& name : platformNames())
        out.push_back({"topics-" + name, {}, drawn(page("topics")), both, name});
    out.push_back({"topics-large", {}, drawn(page("topics")), {wide}, event});
    out.push_back({"topics-filtered",
                   {},
                   drawn(page("topics", "",
                              [](Stage& stage) {
                                  auto* topics = stage.window.findChild<widgets::TopicsPage*>();
                                  topics->restoreState("state:flowing lag>50 -type:exchange");
                              })),
                   {both[0]},
                   event});
    out.push_back({"topics-live", {}, measured(page("topics")), {both[0], both[1], small}, event});
    out.push_back(
        {"topic", {}, measured(page("topics", kFlowingTopic)), {both[0], both[1], small}, event});
    out.push_back({"topic-unmeasured",
                   {},
                   unmeasured(drawn(page("topics", kFlowingTopic))),
                   {both[0]},
                   event});
    out.push_back({"topics-empty", sampleEmpty, nothingIn("topics"), {both[1]}});
}

} // namespace

std::unique_ptr<Stage> stageOf(const Scene& scene, ThemeChoice theme)
{
    return scene.platform.empty()
        ? std::make_unique<Stage>(theme, scene.snapshot())
        : std::make_unique<Stage>(theme, reconciledPlatform(scene.platform));
}

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
    static const Scene::Look laptop {ThemeChoice::Light, {1024, 640}};
    static const std::vector<Scene> all = [&] {
        std::vector<Scene> list {
            {"applications", samplePlatform, {}, {light, dark, fine}},
            {"applications-disconnected", sampleDisconnected, {}, {light, dark}},
            {"applications-empty", sampleEmpty, {}, {light}},
            {"overview", samplePlatform, open("backstage", Act::Overview), {light, dark}},
            {"waves", samplePlatform, open("kafka", Act::Waves), {light, dark, small}},
            {"resources", samplePlatform, open("kafka", Act::Resources), {light, dark}},
            {"differences",
             samplePlatform,
             open("backstage", Act::Differences),
             {light, dark, small}},
            {"differences-none", samplePlatform, open("operators", Act::Differences), {light}},
            {"events", samplePlatform, events, {light, dark}},
            {"prune",
             samplePlatform,
             openAndAsk("user-namespaces", Act::ConfirmPrunes),
             {light, dark}},
            {"confirmation", samplePlatform, open("user-namespaces", Act::Overview), {light}},
            {"sync", samplePlatform, openAndAsk("backstage", Act::Sync), {light}},
            {"pause", samplePlatform, openAndAsk("backstage", Act::Pause), {light}},
            {"palette", samplePlatform, ask(Act::Palette), {light}},
            {"keys", samplePlatform, ask(Act::Keys), {dark}},
        };
        addNamespaces(list, {light, dark}, laptop);
        addTenants(list, {light, dark}, laptop);
        addTopics(list, {light, dark}, laptop);
        addLineage(list, {light, dark}, laptop);
        return list;
    }();
    return all;
}

} // namespace tests
