// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/leasekeeper.h"

#include "core/base/time.h"
#include "gitops/engine/savedstate.h"

#include <algorithm>

namespace gitops {

namespace {

const core::GroupVersionKind kLease {"coordination.k8s.io", "v1", "Lease"};
constexpr std::chrono::milliseconds kRetry {1'000};

} // namespace

LeaseKeeper::LeaseKeeper(ApiClient& api, ClusterKnowledge& cluster,
                         ControlNamespace& controlNamespace, core::Executor& executor,
                         std::string application, std::string identity,
                         std::chrono::milliseconds duration)
    : m_api(api)
    , m_cluster(cluster)
    , m_namespace(controlNamespace)
    , m_executor(executor)
    , m_application(std::move(application))
    , m_name(resourceNameFor(m_application))
    , m_identity(std::move(identity))
    , m_duration(duration)
{
}

LeaseKeeper::~LeaseKeeper()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

void LeaseKeeper::start()
{
    if (m_started || !m_cluster.discovery())
        return;
    m_started = true;
    look();
}

bool LeaseKeeper::mayWrite() const
{
    if (m_unprotected)
        return true;
    const core::Clock& clock = m_executor.clock();
    return m_grant && clock.steadyNow() < m_grant->until && clock.wallNow() < m_grant->wallUntil;
}

void LeaseKeeper::look()
{
    const ApiResource* resource = m_cluster.resource(kLease);
    if (!resource) {
        refuse({core::ErrorCode::NotFound, "the server does not serve Leases"});
        again(m_duration);
        return;
    }
    m_api.get(*resource, m_namespace.name(), m_name,
              m_alive.guard([this](core::Result<ApiObject> answer) { take(std::move(answer)); }));
}

void LeaseKeeper::take(core::Result<ApiObject> answer)
{
    if (!answer) {
        if (answer.error().code == core::ErrorCode::Unauthorized)
            m_cluster.distrust(answer.error());
        if (answer.error().code == core::ErrorCode::NotFound) {
            create();
            return;
        }
        if (answer.error().code == core::ErrorCode::Forbidden)
            refuse(answer.error());
        again(answer.error().code == core::ErrorCode::Forbidden ? m_duration : kRetry);
        return;
    }
    const core::Json& object = answer->object;
    const auto now = m_executor.clock().steadyNow();
    const std::string version(core::stringAt(object, {"metadata", "resourceVersion"}));
    if (version != m_resourceVersion) {
        m_resourceVersion = version;
        m_seen = now;
    }
    if (const core::Json* spec = core::find(object, "spec"))
        m_spec = *spec;
    const std::string holder(core::stringAt(object, {"spec", "holderIdentity"}));
    const std::chrono::seconds duration(
        core::integerAt(object, {"spec", "leaseDurationSeconds"}, m_duration.count() / 1000));
    // By our own watch only, as client-go does: clocks differ, and jump. What renewTime says is for
    // people.
    const bool expired = now - m_seen >= duration;
    if (holder.empty() || holder == m_identity || expired) {
        renew();
        return;
    }
    m_grant.reset();
    setHolder(holder);
    again(std::min<std::chrono::milliseconds>(m_duration / 6, duration / 6 + kRetry));
}

void LeaseKeeper::create()
{
    const ApiResource* resource = m_cluster.resource(kLease);
    if (!resource)
        return again(kRetry);
    noteSending();
    m_api.create(*resource, m_namespace.name(), core::toText(body(m_identity)), false,
                 m_alive.guard([this](core::Result<ApiObject> answer) {
                     if (!answer && answer.error().code == core::ErrorCode::NotFound)
                         m_namespace.ensure(m_alive.guard([this](core::Result<void> made) {
                             if (!made && made.error().code == core::ErrorCode::Forbidden)
                                 refuse(made.error());
                             again(made ? std::chrono::milliseconds(0) : kRetry);
                         }));
                     else
                         written(std::move(answer));
                 }));
}

core::Json LeaseKeeper::body(const std::string& holder) const
{
    const std::string now = core::formatRfc3339(m_executor.clock().wallNow(), true);
    core::JsonObject spec = m_spec.is_object() ? m_spec.as_object() : core::JsonObject();
    const bool same = core::stringAt(m_spec, {"holderIdentity"}) == holder;
    if (!same) {
        spec["acquireTime"] = now;
        spec["leaseTransitions"] = core::integerAt(m_spec, {"leaseTransitions"}, -1) + 1;
    }
    spec["holderIdentity"] = holder;
    spec["leaseDurationSeconds"] = std::int64_t(m_duration.count() / 1000);
    spec["renewTime"] = now;
    core::JsonObject metadata {
        {"name", m_name},
        {"namespace", m_namespace.name()},
        {"labels", core::JsonObject {{"app.kubernetes.io/managed-by", "wavewright"}}}};
    if (!m_resourceVersion.empty())
        metadata["resourceVersion"] = m_resourceVersion;
    return core::JsonObject {{"apiVersion", "coordination.k8s.io/v1"},
                             {"kind", "Lease"},
                             {"metadata", std::move(metadata)},
                             {"spec", std::move(spec)}};
}

void LeaseKeeper::put(std::string holder, std::function<void(core::Result<ApiObject>)> done)
{
    const ApiResource* resource = m_cluster.resource(kLease);
    if (!resource) {
        done(core::failure(core::ErrorCode::Unavailable, "The server does not serve Leases."));
        return;
    }
    noteSending();
    m_api.replace(*resource, m_namespace.name(), m_name, core::toText(body(holder)), false,
                  std::move(done));
}

void LeaseKeeper::noteSending()
{
    const core::Clock& clock = m_executor.clock();
    const auto granted = m_duration * 2 / 3;
    m_sent = {clock.steadyNow() + granted, clock.wallNow() + granted};
}

void LeaseKeeper::renew()
{
    put(m_identity,
        m_alive.guard([this](core::Result<ApiObject> answer) { written(std::move(answer)); }));
}

void LeaseKeeper::written(core::Result<ApiObject> answer)
{
    if (!answer) {
        if (answer.error().code == core::ErrorCode::Unauthorized)
            m_cluster.distrust(answer.error());
        if (answer.error().code == core::ErrorCode::Forbidden)
            refuse(answer.error());
        const bool held = mayWrite();
        if (!held && changed)
            changed();
        m_timer = 0;
        again(answer.error().code == core::ErrorCode::Forbidden ? m_duration : kRetry);
        return;
    }
    m_resourceVersion = core::stringAt(answer->object, {"metadata", "resourceVersion"});
    m_seen = m_executor.clock().steadyNow();
    if (const core::Json* spec = core::find(answer->object, "spec"))
        m_spec = *spec;
    const bool before = mayWrite();
    m_unprotected = false;
    m_warning.clear();
    m_grant = m_sent;
    m_holder.clear();
    if (!before && changed)
        changed();
    if (m_timer)
        m_executor.cancel(m_timer);
    m_timer = m_executor.postAt(m_seen + m_duration / 3, m_alive.guard([this] {
        m_timer = 0;
        renew();
    }));
}

void LeaseKeeper::again(std::chrono::milliseconds delay)
{
    if (m_timer)
        m_executor.cancel(m_timer);
    m_timer = m_executor.postAt(m_executor.clock().steadyNow() + delay, m_alive.guard([this] {
        m_timer = 0;
        look();
    }));
}

void LeaseKeeper::setHolder(std::string holder)
{
    if (m_holder == holder && !m_unprotected)
        return;
    m_unprotected = false;
    m_holder = std::move(holder);
    if (changed)
        changed();
}

void LeaseKeeper::refuse(const core::Error& error)
{
    if (m_unprotected)
        return;
    m_unprotected = true;
    m_warning = "No Lease says that we reconcile this application: " + error.message;
    if (error.code == core::ErrorCode::Forbidden)
        m_warning += m_namespace.advice();
    if (changed)
        changed();
}

void LeaseKeeper::release(std::function<void()> done)
{
    const bool held = m_grant && !m_unprotected;
    m_grant.reset();
    m_alive.renew();
    if (m_timer)
        m_executor.cancel(std::exchange(m_timer, 0));
    if (!held) {
        done();
        return;
    }
    put("", [done](core::Result<ApiObject>) { done(); });
}

} // namespace gitops
