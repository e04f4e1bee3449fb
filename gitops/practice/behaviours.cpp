// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/behaviours.h"

#include "core/base/embedded.h"
#include "core/value/yamlreader.h"
#include "gitops/practice/controllers.h"

#include <exception>
#include <optional>

namespace gitops::practice {

namespace {

constexpr std::size_t kWorkLimit =
    10'000; ///< steps of one tick: a quarrel must not hang the server
constexpr std::chrono::hours kIdle {1};
constexpr std::chrono::seconds kAfterFailure {1};

/// What the data files say.
struct Data
{
    std::map<std::string, std::chrono::milliseconds> delays;
    std::vector<core::Json> firstObjects;
    std::vector<std::unique_ptr<Controller>> controllers;
};

core::Result<void> readDelays(const core::Json& document, std::string_view file, Data& data)
{
    const core::Json* delays = core::find(document, "delays");
    if (!delays || !delays->is_object())
        return {};
    for (const auto& [name, value] : delays->get_object()) {
        const auto duration = value.is_string()
            ? core::parseDuration(std::string_view(value.get_string()))
            : std::nullopt;
        if (!duration)
            return core::failure(core::ErrorCode::Invalid,
                                 "the delay " + std::string(name) + " is no duration",
                                 {.file = std::string(file)});
        data.delays[std::string(name)] = *duration;
    }
    return {};
}

core::Result<Data> readFiles()
{
    Data data;
    for (std::string_view file : core::embeddedNames("resources/practice/")) {
        auto documents = core::parseYamlDocuments(core::embedded(file), std::string(file));
        if (!documents)
            return std::unexpected(std::move(documents).error());
        for (const core::Json& document : *documents) {
            if (auto read = readDelays(document, file, data); !read)
                return std::unexpected(std::move(read).error());
            if (const core::Json* objects = core::find(document, "objects");
                objects && objects->is_array())
                for (const core::Json& object : objects->get_array())
                    data.firstObjects.push_back(object);
            if (!core::find(document, "behaviour"))
                continue;
            auto controller = makeTemplateController(document);
            if (!controller) {
                core::Error error = std::move(controller).error();
                error.place.file = file;
                return std::unexpected(std::move(error));
            }
            data.controllers.push_back(std::move(*controller));
        }
    }
    return data;
}

} // namespace

Behaviours::Behaviours(ObjectClient& client, const core::Clock& clock, Delays delays)
    : m_client(client)
    , m_clock(clock)
    , m_delays(std::move(delays))
{
}

Behaviours::~Behaviours()
{
    m_client.setListener({});
}

core::Result<std::unique_ptr<Behaviours>>
Behaviours::make(ObjectClient& client, const core::Clock& clock, Options options)
{
    auto data = readFiles();
    if (!data)
        return std::unexpected(std::move(data).error());
    std::unique_ptr<Behaviours> behaviours(
        new Behaviours(client, clock, Delays(std::move(data->delays), options.delayFactor)));
    if (options.events)
        behaviours->m_events = std::make_unique<EventRecorder>(client, clock.wallNow());
    if (options.ownControllers)
        for (auto make :
             {makePodController, makeReplicaSetController, makeDeploymentController,
              makeStatefulSetController, makeDaemonSetController, makeJobController,
              makeCronJobController, makeQuotaController, makeDisruptionBudgetController})
            behaviours->add(make());
    behaviours->add(makeServiceController(options.ownControllers));
    for (auto make : {makeClaimController, makeVolumeController, makeAutoscalerController,
                      makeIngressController})
        behaviours->add(make());
    for (auto& controller : data->controllers)
        behaviours->add(std::move(controller));
    behaviours->start(options.firstObjects ? data->firstObjects : std::vector<core::Json> {});
    return behaviours;
}

void Behaviours::add(std::unique_ptr<Controller> controller)
{
    const std::size_t index = m_controllers.size();
    m_byKind[controller->kind()].push_back(index);
    for (const core::GroupKind& kind : controller->alsoFollows())
        m_interested[kind].push_back(index);
    m_controllers.push_back(std::move(controller));
}

void Behaviours::start(const std::vector<core::Json>& firstObjects)
{
    m_client.setListener(
        [this](const core::Json& object, bool deleted) { changed(object, deleted); });
    for (const core::Json& object : firstObjects) {
        const core::ObjectKey key = core::objectKeyOf(object);
        if (m_client.get(key.groupKind(), key.namespaceName, key.name))
            continue;
        m_client.create(object);
        const core::Json* status = core::find(object, "status");
        const ObjectPtr made = m_client.get(key.groupKind(), key.namespaceName, key.name);
        if (!status || !made)
            continue;
        ControllerContext context {m_client, m_delays, m_clock.wallNow()};
        setStatus(context, *made, status->as_object());
    }
    std::set<core::GroupKind> kinds;
    for (const auto& [kind, controllers] : m_byKind)
        kinds.insert(kind);
    for (const auto& [kind, controllers] : m_interested)
        kinds.insert(kind);
    for (const core::GroupKind& kind : kinds)
        m_client.follow(kind);
}

void Behaviours::changed(const core::Json& object, bool deleted)
{
    const core::GroupVersionKind whole = core::groupVersionKindOf(object);
    const core::GroupKind kind {whole.group, whole.kind};
    const core::SteadyTime now = m_clock.steadyNow();
    if (m_events)
        m_events->observe(object, deleted, m_clock.wallNow());
    if (const auto own = m_byKind.find(kind); own != m_byKind.end() && !deleted) {
        const ControllerKey key {std::string(core::stringAt(object, {"metadata", "namespace"})),
                                 std::string(core::stringAt(object, {"metadata", "name"}))};
        for (std::size_t index : own->second)
            enqueue({index, key}, now);
    }
    const ControllerContext context {m_client, m_delays, m_clock.wallNow()};
    if (const auto others = m_interested.find(kind); others != m_interested.end())
        for (std::size_t index : others->second)
            for (ControllerKey& key : m_controllers[index]->concerned(object, context))
                enqueue({index, std::move(key)}, now);
}

/// An item that is queued already keeps the earlier time.
void Behaviours::enqueue(Item item, core::SteadyTime when)
{
    const auto queued = m_queue.find(item);
    if (queued != m_queue.end()) {
        if (queued->second <= when)
            return;
        m_order.erase({queued->second, item});
        queued->second = when;
    } else {
        m_queue.emplace(item, when);
    }
    m_order.emplace(when, std::move(item));
}

core::SteadyTime Behaviours::tick()
{
    const core::SteadyTime next = workThrough();
    if (m_events)
        m_events->flush(m_clock.wallNow());
    return next;
}

core::SteadyTime Behaviours::workThrough()
{
    for (std::size_t step = 0; step < kWorkLimit && !m_order.empty(); ++step) {
        const auto [when, item] = *m_order.begin();
        if (when > m_clock.steadyNow())
            return when;
        m_order.erase(m_order.begin());
        m_queue.erase(item);
        work(item);
    }
    return m_order.empty() ? m_clock.steadyNow() + kIdle : m_order.begin()->first;
}

void Behaviours::work(const Item& item)
{
    ControllerContext context {m_client, m_delays, m_clock.wallNow()};
    std::optional<std::chrono::milliseconds> again;
    const std::uint64_t failures = m_client.failures();
    try {
        again = m_controllers[item.first]->reconcile(item.second, context);
    } catch (const std::exception&) {
        return; // an object of a shape that Boost.JSON throws at stays as it is
    }
    // What a real server refuses today (a service account that is not there yet, a quota, no answer
    // at all) it may take later, and no change says when.
    if (m_client.failures() != failures && (!again || *again > kAfterFailure))
        again = kAfterFailure;
    if (again) // at least a millisecond later, so that time passes
        enqueue(item, m_clock.steadyNow() + std::max(*again, std::chrono::milliseconds(1)));
}

} // namespace gitops::practice
