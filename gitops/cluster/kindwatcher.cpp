// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kindwatcher.h"

#include "gitops/cluster/resourceversion.h"

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kForbiddenDelay {60'000};

unsigned seedOf(const core::Executor& executor, const core::GroupVersionKind& kind)
{
    const auto now = executor.clock().steadyNow().time_since_epoch().count();
    unsigned seed = unsigned(now % 1'000'000'007) + 1;
    for (const char c : kind.group + kind.kind)
        seed = seed * 31 + static_cast<unsigned char>(c);
    return seed;
}

} // namespace

KindWatcher::KindWatcher(Context context, ApiResource resource)
    : m_context(std::move(context))
    , m_resource(std::move(resource))
    , m_reader(m_resource.kind, m_resource.namespaced, m_context.health, m_context.ownerKinds)
    , m_random(seedOf(m_context.executor, m_resource.kind))
{
}

void KindWatcher::start()
{
    if (!m_resource.verbs.empty() && !m_resource.hasVerb("list"))
        return know(KindKnowledge::Failed,
                    core::Error {core::ErrorCode::Unsupported,
                                 "the server cannot list this kind",
                                 {.object = kind().text()},
                                 core::Fault::Cluster,
                                 {}});
    know(KindKnowledge::Listing, std::nullopt);
    list();
}

void KindWatcher::stop()
{
    m_isStopped = true;
    closeWatch();
    for (core::Executor::TimerId* timer :
         {&m_timer, &m_relistTimer, &m_settleTimer, &m_patienceTimer})
        if (*timer)
            m_context.executor.cancel(std::exchange(*timer, 0));
}

void KindWatcher::know(KindKnowledge knowledge, std::optional<core::Error> error)
{
    m_error = std::move(error);
    if (m_knowledge == knowledge)
        return;
    m_knowledge = knowledge;
    m_context.knowledgeChanged(kind());
}

std::chrono::milliseconds KindWatcher::nextDelay(const core::Error& error)
{
    ++m_failures;
    auto delay =
        backoff(m_failures, m_context.options.firstBackoff, m_context.options.maxBackoff, m_random);
    if (error.code == core::ErrorCode::Forbidden)
        delay = std::max(delay, std::min(kForbiddenDelay, m_context.options.maxBackoff));
    if (error.retryAfter)
        delay = std::max(delay, std::min(*error.retryAfter, m_context.options.maxBackoff));
    return delay;
}

void KindWatcher::after(std::chrono::milliseconds delay, void (KindWatcher::*step)())
{
    if (m_timer)
        m_context.executor.cancel(m_timer);
    m_timer = m_context.executor.postAt(m_context.executor.clock().steadyNow() + delay,
                                        [weak = weak_from_this(), step] {
                                            const auto self = weak.lock();
                                            if (!self || self->m_isStopped)
                                                return;
                                            self->m_timer = 0;
                                            (self.get()->*step)();
                                        });
}

void KindWatcher::observe(const core::Json& object)
{
    if (!object.is_object() || !m_reader.openCopy(core::toText(object)))
        return;
    const LiveIdentity& identity = m_reader.identity();
    const LiveObjectPtr known = m_context.store.find(identity.key);
    // An answer that was overtaken by the watch: what it tells of was deleted since.
    if (!known && !m_version.empty()
        && compareResourceVersions(identity.resourceVersion, m_version) <= 0)
        return;
    const bool isWanted = m_context.isWanted(identity.key);
    // Its event was quicker: what the store would drop need not be read.
    if (known && known->uid == identity.uid && !identity.uid.empty()
        && known->kind == m_resource.kind && (known->manifest || !isWanted)
        && compareResourceVersions(identity.resourceVersion, known->resourceVersion) <= 0)
        return;
    LiveStore::Changes changes;
    if (LiveObjectPtr fresh = m_reader.read(isWanted))
        m_context.store.put(std::move(fresh), changes);
    if (!changes.empty())
        m_context.changed(std::move(changes));
}

void KindWatcher::fetch(const core::ObjectKey& key)
{
    if (!m_fetching.insert(key).second)
        return;
    m_context.client.get(
        m_resource, key.namespaceName, key.name,
        [weak = weak_from_this(), key](core::Result<ApiObject> answer) {
            const auto self = weak.lock();
            if (!self || self->m_isStopped)
                return;
            self->m_fetching.erase(key);
            if (answer)
                return self->observe(answer->object);
            if (answer.error().code == core::ErrorCode::NotFound)
                return; // the watch will tell
            // The next event or list brings it too; this is for a quiet object.
            self->m_context.executor.postAt(
                self->m_context.executor.clock().steadyNow() + self->m_context.options.maxBackoff,
                [weak, key] {
                    const auto again = weak.lock();
                    if (!again || again->m_isStopped)
                        return;
                    const LiveObjectPtr known = again->m_context.store.find(key);
                    if (known && !known->manifest && again->m_context.isWanted(key))
                        again->fetch(key);
                });
        });
}

} // namespace gitops
