// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/inventoryrecord.h"

#include "core/base/strings.h"
#include "gitops/engine/savedstate.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {

const core::GroupVersionKind kConfigMap {"", "v1", "ConfigMap"};
constexpr std::chrono::milliseconds kAgain {2'000};
constexpr std::chrono::milliseconds kRightsAgain {30'000}; ///< they may come

/// The cluster scope is looked at for a kind of it in any case.
KindPlaces withoutCluster(KindPlaces places)
{
    for (auto& [kind, namespaces] : places)
        namespaces.erase("");
    return places;
}

} // namespace

InventoryRecord::InventoryRecord(ApiClient& api, ClusterKnowledge& cluster,
                                 ControlNamespace& controlNamespace, core::Executor& executor,
                                 std::string application)
    : m_api(api)
    , m_cluster(cluster)
    , m_namespace(controlNamespace)
    , m_executor(executor)
    , m_application(std::move(application))
    , m_name(resourceNameFor(m_application))
{
}

InventoryRecord::~InventoryRecord() = default;

void InventoryRecord::load()
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    const bool isKnown = m_loaded && (!m_error || isReadOnly()) && !m_readsAgain;
    if (isKnown || m_loading || !resource)
        return;
    m_loading = true;
    m_api.get(*resource, m_namespace.name(), m_name,
              m_alive.guard([this](core::Result<ApiObject> answer) { take(std::move(answer)); }));
}

void InventoryRecord::readAgain()
{
    if (!m_loaded && !m_loading)
        return;
    m_readsAgain = true;
    m_isLate = m_loading;
    load();
}

void InventoryRecord::take(core::Result<ApiObject> answer)
{
    m_loading = false;
    if (std::exchange(m_isLate, false)) {
        load();
        return;
    }
    if (!isReadOnly())
        m_error.reset();
    if (answer) {
        read(answer->object);
        m_loaded = true;
        m_readsAgain = false;
    } else if (answer.error().code == core::ErrorCode::NotFound) {
        m_uid.clear();
        m_origin.clear();
        m_rival.clear();
        m_loaded = true;
        m_readsAgain = false;
    } else {
        m_error = std::move(answer.error());
        if (m_error->code == core::ErrorCode::Forbidden)
            m_readsAgain = false; // nothing is pruned any more
        loadLater();
    }
    if (changed)
        changed();
}

void InventoryRecord::loadLater()
{
    if (m_loading)
        return;
    m_loading = true;
    const bool isForbidden = m_error && m_error->code == core::ErrorCode::Forbidden;
    const auto delay = isForbidden ? kRightsAgain : kAgain;
    m_executor.postAt(m_executor.clock().steadyNow() + delay, m_alive.guard([this] {
        m_loading = false;
        load();
    }));
}

void InventoryRecord::read(const core::Json& object)
{
    m_uid = core::stringAt(object, {"metadata", "uid"});
    m_origin = core::stringAt(object, {"data", "origin"});
    m_rival = core::stringAt(object, {"data", "rival"});
    addPlaces(m_places, placesIn(object));
    for (std::string_view line : core::split(core::stringAt(object, {"data", "children"}), '\n'))
        if (!line.empty())
            m_children.insert(std::string(line));
}

KindPlaces InventoryRecord::placesIn(const core::Json& record)
{
    std::set<core::GroupKind> kinds;
    for (std::string_view line : core::split(core::stringAt(record, {"data", "kinds"}), '\n'))
        if (const auto slash = line.find('/'); slash != line.npos)
            kinds.insert({std::string(line.substr(0, slash)), std::string(line.substr(slash + 1))});
    std::set<std::string> namespaces;
    for (std::string_view line : core::split(core::stringAt(record, {"data", "namespaces"}), '\n'))
        if (!line.empty())
            namespaces.insert(std::string(line));
    KindPlaces places = kindPlacesFromText(core::stringAt(record, {"data", "places"}));
    std::erase_if(kinds, [&](const core::GroupKind& kind) { return places.contains(kind); });
    addPlaces(places, placesOf(kinds, namespaces)); // of an older version
    return places;
}

bool InventoryRecord::namesChildren() const
{
    return std::ranges::includes(m_children, m_ownChildren);
}

bool InventoryRecord::covers(const KindPlaces& places) const
{
    return saysOrigin() && namesChildren() && includesPlaces(m_places, withoutCluster(places));
}

void InventoryRecord::cover(const KindPlaces& places, std::function<void(core::Result<void>)> done)
{
    if (!m_loaded) {
        done(std::unexpected(m_error.value_or(
            core::Error {core::ErrorCode::Unavailable, "The record has not been read yet."})));
        return;
    }
    if (covers(places)) {
        done({});
        return;
    }
    // What is on its way stays: the later of two writes says all that the earlier one said.
    addPlaces(m_nextPlaces, m_places);
    addPlaces(m_nextPlaces, withoutCluster(places));
    write(std::move(done), false);
}

/// Kinds and namespaces stand by themselves, too: older versions know no places.
core::Json InventoryRecord::body() const
{
    std::vector<std::string> kinds;
    std::set<std::string> namespaces;
    for (const auto& [kind, places] : m_nextPlaces) {
        kinds.push_back(kind.group + "/" + kind.kind);
        namespaces.insert(places.begin(), places.end());
    }
    core::JsonObject data {{"application", m_application},
                           {"kinds", core::join(kinds, "\n")},
                           {"namespaces", core::join({namespaces.begin(), namespaces.end()}, "\n")},
                           {"places", toText(m_nextPlaces)}};
    if (const std::string& origin = m_ownOrigin.empty() ? m_origin : m_ownOrigin; !origin.empty())
        data["origin"] = origin;
    if (!m_ownRival.empty())
        data["rival"] = m_ownRival;
    std::set<std::string> children = m_children;
    children.insert(m_ownChildren.begin(), m_ownChildren.end());
    if (!children.empty())
        data["children"] = core::join({children.begin(), children.end()}, "\n");
    return core::JsonObject {
        {"apiVersion", "v1"},
        {"kind", "ConfigMap"},
        {"metadata",
         core::JsonObject {
             {"name", m_name},
             {"namespace", m_namespace.name()},
             {"labels", core::JsonObject {{"app.kubernetes.io/managed-by", "wavewright"}}}}},
        {"data", std::move(data)}};
}

void InventoryRecord::write(std::function<void(core::Result<void>)> done, bool namespaceMade)
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    if (!resource) {
        done(core::failure(core::ErrorCode::Unavailable, "The server does not serve ConfigMaps."));
        return;
    }
    m_api.apply(*resource, m_namespace.name(), m_name, core::toText(body()), {.force = true},
                m_alive.guard([this, done, namespaceMade](core::Result<ApiObject> answer) {
                    if (!answer && answer.error().code == core::ErrorCode::NotFound
                        && !namespaceMade) {
                        m_namespace.ensure(m_alive.guard([this, done](core::Result<void> made) {
                            if (made)
                                return write(done, true);
                            writeFailed(made.error());
                            done(std::move(made));
                        }));
                        return;
                    }
                    if (!answer) {
                        writeFailed(answer.error());
                        done(std::unexpected(std::move(answer.error())));
                        return;
                    }
                    m_error.reset();
                    read(answer->object);
                    done({});
                    if (changed)
                        changed();
                }));
}

/// Until it is written, nothing may be pruned.
void InventoryRecord::writeFailed(const core::Error& error)
{
    m_error = error;
    // What the server has counts: nobody may ask for these kinds again.
    if (!isReadOnly())
        loadLater();
}

void InventoryRecord::remove()
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    if (!resource || m_uid.empty())
        return;
    m_api.remove(*resource, m_namespace.name(), m_name, {.uid = m_uid}, [](core::Result<void>) { });
}

} // namespace gitops
