// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kindwatcher.h"

#include "gitops/cluster/resourceversion.h"

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kForbiddenDelay {60'000};
/// A right that was there is asked for so often before it is believed to be gone: a server that
/// starts knows no roles yet.
constexpr int kBelieveRefusals = 4;

unsigned seedOf(const core::Executor& executor, const core::GroupVersionKind& kind)
{
    const auto now = executor.clock().steadyNow().time_since_epoch().count();
    unsigned seed = unsigned(now % 1'000'000'007) + 1;
    for (const char c : kind.group + kind.kind)
        seed = seed * 31 + static_cast<unsigned char>(c);
    return seed;
}

} // namespace

KindWatcher::KindWatcher(Context context, ApiResource resource, std::string namespaceName)
    : m_context(std::move(context))
    , m_resource(std::move(resource))
    , m_namespace(std::move(namespaceName))
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
    // Another kind of error counts, too: it may be a refusal now, and was an accident before.
    const auto codeOf = [](const std::optional<core::Error>& each) {
        return each ? std::optional(each->code) : std::nullopt;
    };
    const auto before = std::exchange(m_error, std::move(error));
    const bool isAnother =
        std::exchange(m_knowledge, knowledge) != knowledge || codeOf(before) != codeOf(m_error);
    if (knowledge == KindKnowledge::Forbidden)
        m_context.refused(*this);
    if (isAnother)
        m_context.knowledgeChanged(*this);
}

/// The last answers said so, and are to be believed.
bool KindWatcher::isRefused() const
{
    return m_refusals >= kBelieveRefusals || (m_refusals > 0 && !m_wasComplete);
}

/// What an error leaves us with.
void KindWatcher::failed(const core::Error& error)
{
    if (error.code == core::ErrorCode::Forbidden && isRefused())
        know(KindKnowledge::Forbidden, error);
    else if (m_knowledge != KindKnowledge::Forbidden) // else the last word on our rights stands
        know(m_wasComplete ? KindKnowledge::Stale : KindKnowledge::Failed, error);
}

std::chrono::milliseconds KindWatcher::nextDelay(const core::Error& error)
{
    ++m_failures;
    auto delay =
        backoff(m_failures, m_context.options.firstBackoff, m_context.options.maxBackoff, m_random);
    if (error.code == core::ErrorCode::Forbidden)
        ++m_refusals;
    if (error.code == core::ErrorCode::Forbidden && isRefused())
        delay = std::max(delay,
                         m_isStoodInFor ? m_context.options.rightsInterval
                                        : std::min(kForbiddenDelay, m_context.options.maxBackoff));
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
    if (m_knowledge == KindKnowledge::Forbidden) // nobody would tell that it is gone
        return;
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
