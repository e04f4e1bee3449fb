// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulatedcluster.h"

#include <QtGlobal>

namespace tests {

SimulatedCluster::SimulatedCluster(SimulatedWorld& world, std::uint64_t seed)
    : m_world(world)
    , m_seed(seed)
    , m_strand(world.strand())
{
    startServer();
    tick();
    control();
}

void SimulatedCluster::startServer()
{
    auto made = gitops::practice::ApiServer::make(std::make_unique<SimulatedDiskStorage>(m_disk),
                                                  m_world.clock(), {.seed = ++m_seed});
    if (!made)
        qFatal("%s", made.error().text().c_str());
    m_server = std::move(*made);
}

void SimulatedCluster::restore(SimulatedDisk backup)
{
    m_seed += 1'000'000'007; // the uids of a server that was restored are new ones
    m_server.reset();
    m_disk = std::move(backup);
    startServer();
}

SimulatedCluster::~SimulatedCluster()
{
    m_strand->kill();
}

void SimulatedCluster::tick()
{
    const auto next =
        std::max(m_server->tick(), m_world.clock().steadyNow() + std::chrono::milliseconds(10));
    m_strand->postAt(next, [this] { tick(); });
}

core::Json SimulatedCluster::request(const std::string& method, const std::string& target,
                                     const std::string& body, const std::string& contentType)
{
    core::HttpRequest request {.method = method, .target = target, .body = body};
    request.headers = {{"Content-Type", contentType}, {"Accept", "application/json"}};
    const core::HttpResponse response = m_server->handle(request);
    if (response.status < 200 || response.status > 299)
        qFatal("%s %s: %d %s", method.c_str(), target.c_str(), response.status,
               response.body.c_str());
    auto parsed = core::parseJson(response.body);
    return parsed ? *parsed : core::Json(nullptr);
}

core::Json SimulatedCluster::get(const std::string& target)
{
    const core::HttpResponse response =
        m_server->handle({.target = target, .headers = {{"Accept", "application/json"}}});
    if (response.status != 200)
        return nullptr;
    auto parsed = core::parseJson(response.body);
    return parsed ? *parsed : core::Json(nullptr);
}

core::JsonArray SimulatedCluster::list(const std::string& target)
{
    const core::Json found = get(target);
    const core::Json* items = core::find(found, "items");
    return items && items->is_array() ? items->as_array() : core::JsonArray();
}

void SimulatedCluster::finish(const std::string& collection, const core::Json& object,
                              core::Json status)
{
    const std::string name(core::stringAt(object, {"metadata", "name"}));
    const core::Json patch = core::JsonObject {{"status", std::move(status)}};
    m_server->handle(
        {.method = "PATCH",
         .target = collection + "/" + name + "/status?fieldManager=kube-controller-manager",
         .headers = {{"Content-Type", "application/merge-patch+json"}},
         .body = core::toText(patch)});
}

/// One round of the simulated controllers; each object gets its turn by chance.
void SimulatedCluster::control()
{
    const auto isBehind = [](const core::Json& object) {
        return core::integerAt(object, {"status", "observedGeneration"}, 0)
            < core::integerAt(object, {"metadata", "generation"}, 1);
    };
    for (const core::Json& object : list("/apis/apps/v1/namespaces/shop/deployments")) {
        if (!isBehind(object) || !m_world.chance(0.5))
            continue;
        const auto replicas = core::integerAt(object, {"spec", "replicas"}, 1);
        for (const core::Json& container :
             core::findPath(object, {"spec", "template", "spec", "containers"})->as_array())
            m_readyImages.insert(std::string(core::stringAt(container, {"image"})));
        finish("/apis/apps/v1/namespaces/shop/deployments", object,
               core::JsonObject {
                   {"observedGeneration", core::integerAt(object, {"metadata", "generation"}, 1)},
                   {"replicas", replicas},
                   {"updatedReplicas", replicas},
                   {"readyReplicas", replicas},
                   {"availableReplicas", replicas}});
    }
    for (const core::Json& object : list("/apis/batch/v1/namespaces/shop/jobs")) {
        if (core::integerAt(object, {"status", "succeeded"}, 0) > 0 || !m_world.chance(0.5)
            || core::findPath(object, {"metadata", "deletionTimestamp"}))
            continue;
        ++m_hookRuns;
        finish("/apis/batch/v1/namespaces/shop/jobs", object,
               core::JsonObject {{"succeeded", 1},
                                 {"conditions",
                                  core::JsonArray {core::JsonObject {{"type", "Complete"},
                                                                     {"status", "True"}}}}});
    }
    for (const core::Json& object : list("/apis/example.com/v1/namespaces/shop/widgets"))
        if (isBehind(object) && m_world.chance(0.5))
            finish(
                "/apis/example.com/v1/namespaces/shop/widgets", object,
                core::JsonObject {
                    {"observedGeneration", core::integerAt(object, {"metadata", "generation"}, 1)},
                    {"conditions",
                     core::JsonArray {core::JsonObject {{"type", "Ready"}, {"status", "True"}}}}});
    m_strand->postAt(m_world.clock().steadyNow() + m_world.between(300, 1200),
                     [this] { control(); });
}

} // namespace tests
