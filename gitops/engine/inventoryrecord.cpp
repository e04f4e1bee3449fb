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

template<class T>
bool includes(const std::set<T>& all, const std::set<T>& some)
{
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
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
    m_executor.postAt(m_executor.clock().steadyNow() + kAgain, m_alive.guard([this] {
        m_loading = false;
        load();
    }));
}

void InventoryRecord::read(const core::Json& object)
{
    m_uid = core::stringAt(object, {"metadata", "uid"});
    m_origin = core::stringAt(object, {"data", "origin"});
    m_rival = core::stringAt(object, {"data", "rival"});
    m_kinds.merge(kindsOf(object));
    for (std::string_view line : core::split(core::stringAt(object, {"data", "namespaces"}), '\n'))
        if (!line.empty())
            m_namespaces.insert(std::string(line));
    for (std::string_view line : core::split(core::stringAt(object, {"data", "children"}), '\n'))
        if (!line.empty())
            m_children.insert(std::string(line));
}

std::set<core::GroupKind> InventoryRecord::kindsOf(const core::Json& record)
{
    std::set<core::GroupKind> kinds;
    for (std::string_view line : core::split(core::stringAt(record, {"data", "kinds"}), '\n'))
        if (const auto slash = line.find('/'); slash != line.npos)
            kinds.insert({std::string(line.substr(0, slash)), std::string(line.substr(slash + 1))});
    return kinds;
}

bool InventoryRecord::namesChildren() const
{
    return includes(m_children, m_ownChildren);
}

bool InventoryRecord::covers(const std::set<core::GroupKind>& kinds,
                             const std::set<std::string>& namespaces) const
{
    return saysOrigin() && namesChildren() && includes(m_kinds, kinds)
        && includes(m_namespaces, namespaces);
}

void InventoryRecord::cover(const std::set<core::GroupKind>& kinds,
                            const std::set<std::string>& namespaces,
                            std::function<void(core::Result<void>)> done)
{
    if (!m_loaded) {
        done(std::unexpected(m_error.value_or(
            core::Error {core::ErrorCode::Unavailable, "The record has not been read yet."})));
        return;
    }
    if (covers(kinds, namespaces)) {
        done({});
        return;
    }
    // What is on its way stays: the later of two writes says all that the earlier one said.
    m_nextKinds.insert(m_kinds.begin(), m_kinds.end());
    m_nextKinds.insert(kinds.begin(), kinds.end());
    m_nextNamespaces.insert(m_namespaces.begin(), m_namespaces.end());
    m_nextNamespaces.insert(namespaces.begin(), namespaces.end());
    write(std::move(done), false);
}

void InventoryRecord::write(std::function<void(core::Result<void>)> done, bool namespaceMade)
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    if (!resource) {
        done(core::failure(core::ErrorCode::Unavailable, "The server does not serve ConfigMaps."));
        return;
    }
    std::vector<std::string> kinds;
    for (const core::GroupKind& kind : m_nextKinds)
        kinds.push_back(kind.group + "/" + kind.kind);
    const std::vector<std::string> namespaces(m_nextNamespaces.begin(), m_nextNamespaces.end());
    core::JsonObject data {{"application", m_application},
                           {"kinds", core::join(kinds, "\n")},
                           {"namespaces", core::join(namespaces, "\n")}};
    if (const std::string& origin = m_ownOrigin.empty() ? m_origin : m_ownOrigin; !origin.empty())
        data["origin"] = origin;
    if (!m_ownRival.empty())
        data["rival"] = m_ownRival;
    std::set<std::string> children = m_children;
    children.insert(m_ownChildren.begin(), m_ownChildren.end());
    if (!children.empty())
        data["children"] =
            core::join(std::vector<std::string>(children.begin(), children.end()), "\n");
    const core::Json body = core::JsonObject {
        {"apiVersion", "v1"},
        {"kind", "ConfigMap"},
        {"metadata",
         core::JsonObject {
             {"name", m_name},
             {"namespace", m_namespace.name()},
             {"labels", core::JsonObject {{"app.kubernetes.io/managed-by", "wavewright"}}}}},
        {"data", std::move(data)}};
    m_api.apply(*resource, m_namespace.name(), m_name, core::toText(body), {.force = true},
                m_alive.guard([this, done, namespaceMade](core::Result<ApiObject> answer) {
                    if (!answer && answer.error().code == core::ErrorCode::NotFound
                        && !namespaceMade) {
                        m_namespace.ensure(m_alive.guard([this, done](core::Result<void> made) {
                            if (made)
                                write(done, true);
                            else
                                done(std::move(made));
                        }));
                        return;
                    }
                    if (!answer) {
                        m_error = answer.error();
                        // What the server has counts: nobody may ask for these kinds again.
                        if (!isReadOnly())
                            loadLater();
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

void InventoryRecord::remove()
{
    const ApiResource* resource = m_cluster.resource(kConfigMap);
    if (!resource || m_uid.empty())
        return;
    m_api.remove(*resource, m_namespace.name(), m_name, {.uid = m_uid}, [](core::Result<void>) { });
}

} // namespace gitops
