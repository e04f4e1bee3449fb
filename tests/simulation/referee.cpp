// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/referee.h"

#include "core/object/identity.h"
#include "core/object/manifest.h"
#include "gitops/engine/ownership.h"
#include "gitops/practice/apirequest.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tests {

namespace {

const bool trace = std::getenv("TRACE") != nullptr; ///< prints every write

/// What is already on its way when doubt begins may still be sent.
constexpr auto kNotice = std::chrono::seconds(3);

bool hasApplyEntry(const core::Json& object)
{
    const core::Json* entries = core::findPath(object, {"metadata", "managedFields"});
    return entries && entries->is_array()
        && std::ranges::any_of(entries->as_array(), [](const core::Json& entry) {
               return core::stringAt(entry, {"manager"}) == core::kFieldManager
                   && core::stringAt(entry, {"operation"}) == "Apply";
           });
}

std::string annotation(const core::Json& object, std::string_view name)
{
    return std::string(core::stringAt(object, {"metadata", "annotations", name}));
}

/// "/apis/apps/v1/deployments" of any path below it, in a namespace or not.
std::string collectionOf(const gitops::practice::RequestTarget& target)
{
    const auto path = gitops::practice::parseResourcePath(target.segments);
    if (!path)
        return {};
    return (path->group.empty() ? "/api/" : "/apis/" + path->group + "/") + path->version + "/"
        + path->plural;
}

} // namespace

Referee::Referee(const Story& story, SimulatedCluster& cluster, const SimulatedWorld& world)
    : m_story(story)
    , m_cluster(cluster)
    , m_world(world)
{
}

void Referee::fail(const std::string& what)
{
    if (m_failure.empty())
        m_failure = "step " + std::to_string(m_world.steps()) + ": " + what;
}

std::optional<Referee::Write> Referee::writeOf(const core::HttpRequest& request)
{
    const auto target = gitops::practice::parseTarget(request.target);
    if (request.method == "GET" || target.query.contains("dryRun")
        || request.body.find("\"dryRun\":[\"All\"]") != std::string::npos)
        return std::nullopt;
    Write write {target.path, collectionOf(target), false};
    if (request.method == "POST") { // a collection: the name is in the body
        const auto body = core::parseJson(request.body);
        write.path += "/" + (body ? std::string(core::stringAt(*body, {"metadata", "name"})) : "?");
    }
    write.isOwnRecord = write.path.find("/namespaces/wavewright") != std::string::npos;
    return write;
}

void Referee::sent(const std::string& engine, const core::HttpRequest& request)
{
    if (m_restoredAt && request.method == "GET") {
        const auto target = gitops::practice::parseTarget(request.target);
        m_listed[engine].insert(collectionOf(target));
    }
    const auto now = m_world.clock().steadyNow();
    if (m_isUnauthorized && !m_unauthorizedSince)
        m_unauthorizedSince = now; // the first answer tells
    const auto write = writeOf(request);
    if (!write || write->isOwnRecord)
        return;
    if (m_unauthorizedSince && now > *m_unauthorizedSince + kNotice)
        fail("sent while the server answers 401: " + request.method + " " + write->path);
    if (m_restoredAt && now > *m_restoredAt + kNotice
        && !m_listed[engine].contains(write->collection))
        fail("written before a new list, after the server was restored: " + request.method + " "
             + write->path);
}

void Referee::arrives(const std::string& engine, const core::HttpRequest& request)
{
    const auto write = writeOf(request);
    if (!write)
        return;
    const std::string& path = write->path;
    if (trace)
        std::fprintf(stderr, "%8lld ms %s: %s %s %s\n",
                     static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                m_world.clock().steadyNow().time_since_epoch())
                                                .count()
                                            - 3'600'000),
                     engine.c_str(), request.method.c_str(), request.target.c_str(),
                     request.body.substr(0, 200).c_str());
    if (write->isOwnRecord)
        return;
    if (m_protected.contains(path)) {
        fail("wrote what is not ours: " + request.method + " " + path);
        return;
    }
    const auto declared = m_story.targets.find(path);
    if (declared == m_story.targets.end()) {
        fail("wrote what Git never declared: " + request.method + " " + path);
        return;
    }
    if (m_leases)
        checkLease(engine, path);
    if (const auto gate = m_story.gates.find(declared->second);
        gate != m_story.gates.end() && !m_cluster.wasReady(gate->second))
        fail("wrote an object of " + gate->first + " before the wave below was ready: " + path);
    if (request.method == "DELETE")
        checkDelete(request, path, m_cluster.get(path));
}

void Referee::checkLease(const std::string& engine, const std::string& path)
{
    const core::Json lease = m_cluster.get("/apis/coordination.k8s.io/v1/namespaces/wavewright/"
                                           "leases/wavewright-"
                                           + m_story.root.name);
    const std::string holder(core::stringAt(lease, {"spec", "holderIdentity"}));
    if (holder != engine)
        fail(engine + " wrote " + path + ", but the Lease is held by \"" + holder + "\"");
}

void Referee::checkDelete(const core::HttpRequest& request, const std::string& path,
                          const core::Json& live)
{
    const auto body = core::parseJson(request.body);
    const std::string uid(body ? core::stringAt(*body, {"preconditions", "uid"}) : "");
    if (uid.empty())
        fail("deleted without a uid: " + path);
    if (!live.is_object() || uid != core::stringAt(live, {"metadata", "uid"}))
        return; // the server refuses it
    const core::ObjectKey key = core::objectKeyOf(live);
    const std::string tracking = annotation(live, core::kTrackingAnnotation);
    if (!hasApplyEntry(live) || std::ranges::none_of(m_story.targets, [&](const auto& target) {
            return gitops::tracksItself(tracking, target.second, key);
        }))
        fail("deleted what does not prove itself ours: " + path);
    if (annotation(live, core::kPreexistingAnnotation) == "true")
        fail("deleted what existed before: " + path);
    if (m_story.hooks.contains(path))
        return;
    if (!m_story.pruned.contains(path))
        fail("deleted what Git declares: " + path);
    if (!m_gitDropped)
        fail("pruned before Git dropped it: " + path);
}

void Referee::protect(const std::string& target)
{
    m_protected[target] = core::toCanonicalText(m_cluster.get(target));
}

void Referee::unauthorized(bool now)
{
    m_isUnauthorized = now;
    m_unauthorizedSince.reset();
}

/// What was written after the backup is gone, with the people's objects among it.
void Referee::clusterRestored()
{
    m_restoredAt = m_world.clock().steadyNow();
    m_listed.clear();
    std::erase_if(m_protected,
                  [this](const auto& entry) { return !m_cluster.get(entry.first).is_object(); });
}

void Referee::engineStarted(const std::string& engine)
{
    m_listed[engine].clear();
}

void Referee::checkProtected()
{
    for (const auto& [target, text] : m_protected)
        if (core::toCanonicalText(m_cluster.get(target)) != text)
            fail("changed what is not ours: " + target);
}

} // namespace tests
