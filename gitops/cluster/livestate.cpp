// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestate.h"

#include "gitops/cluster/kindwatcher.h"

#include <map>

namespace gitops {

struct LiveState::Private : std::enable_shared_from_this<LiveState::Private>
{
    Private(ApiClient& clientOf, core::Executor& executorOf, HealthFunction healthOf,
            Options optionsOf)
        : client(clientOf)
        , executor(executorOf)
        , health(std::move(healthOf))
        , options(optionsOf)
    {
    }

    ApiClient& client;
    core::Executor& executor;
    const HealthFunction health;
    const Options options;
    LiveStore store;
    InternTable<core::GroupKind> ownerKinds;
    bool refusesStreams = false;
    std::map<core::GroupKind, std::shared_ptr<KindWatcher>> watchers;
    std::set<core::ObjectKey> wanted;
    std::set<core::GroupKind> wantedKinds;

    Observer observer;
    std::function<void(const core::GroupKind&, KindKnowledge)> knowledgeObserver;
    std::vector<LiveChange> changes; ///< not told yet
    std::vector<core::GroupKind> known; ///< kinds whose knowledge changed since
    bool isPosted = false;

    KindWatcher::Context context()
    {
        return {client,
                executor,
                store,
                options,
                health,
                ownerKinds,
                refusesStreams,
                [this](const core::ObjectKey& key) {
                    return wanted.contains(key) || wantedKinds.contains(key.groupKind());
                },
                [this](LiveStore::Changes made) {
                    changes.insert(changes.end(), std::make_move_iterator(made.begin()),
                                   std::make_move_iterator(made.end()));
                    postTell();
                },
                [this](const core::GroupKind& kind) {
                    known.push_back(kind);
                    postTell();
                }};
    }

    void postTell()
    {
        if (isPosted)
            return;
        isPosted = true;
        executor.post([weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->tell();
        });
    }

    /// Objects first: who hears that a kind is complete has heard of all of it.
    void tell()
    {
        isPosted = false;
        const std::vector<LiveChange> batch = std::move(changes);
        changes.clear();
        const std::vector<core::GroupKind> kinds = std::move(known);
        known.clear();
        if (!batch.empty() && observer) {
            const Observer call = observer;
            call(batch);
        }
        for (const core::GroupKind& kind : kinds)
            if (knowledgeObserver) {
                const auto it = watchers.find(kind);
                const auto call = knowledgeObserver;
                call(kind,
                     it == watchers.end() ? KindKnowledge::Unwatched : it->second->knowledge());
            }
    }
};

LiveState::LiveState(ApiClient& client, core::Executor& executor, HealthFunction health)
    : LiveState(client, executor, std::move(health), Options())
{
}

LiveState::LiveState(ApiClient& client, core::Executor& executor, HealthFunction health,
                     Options options)
    : d(std::make_shared<Private>(client, executor, std::move(health), options))
{
}

LiveState::~LiveState()
{
    d->observer = {};
    d->knowledgeObserver = {};
    for (const auto& [kind, watcher] : d->watchers)
        watcher->stop();
    d->watchers.clear();
}

void LiveState::watch(const ApiResource& resource)
{
    const core::GroupKind kind {resource.kind.group, resource.kind.kind};
    if (const auto it = d->watchers.find(kind); it != d->watchers.end()) {
        const ApiResource& known = it->second->resource();
        if (known.kind == resource.kind && known.plural == resource.plural
            && known.namespaced == resource.namespaced)
            return;
        it->second->stop(); // another version is served now; the objects stay until its list is in
    }
    const auto watcher = std::make_shared<KindWatcher>(d->context(), resource);
    d->watchers.insert_or_assign(kind, watcher);
    watcher->start();
}

void LiveState::unwatch(const core::GroupKind& kind)
{
    const auto node = d->watchers.extract(kind);
    if (node.empty())
        return;
    node.mapped()->stop();
    d->store.forget(kind);
    std::erase_if(d->changes, [&kind](const LiveChange& change) {
        return (change.after ? change.after : change.before)->key.groupKind() == kind;
    });
    d->known.push_back(kind);
    d->postTell();
}

KindKnowledge LiveState::knowledge(const core::GroupKind& kind) const
{
    const auto it = d->watchers.find(kind);
    return it == d->watchers.end() ? KindKnowledge::Unwatched : it->second->knowledge();
}

std::optional<core::Error> LiveState::error(const core::GroupKind& kind) const
{
    const auto it = d->watchers.find(kind);
    return it == d->watchers.end() ? std::nullopt : it->second->error();
}

std::set<core::GroupKind> LiveState::watchedKinds() const
{
    std::set<core::GroupKind> out;
    for (const auto& [kind, watcher] : d->watchers)
        out.insert(kind);
    return out;
}

void LiveState::keep(const core::ObjectKey& key, bool isWanted)
{
    if (!isWanted) {
        d->wanted.erase(key); // its manifest goes with the object's next version
        return;
    }
    if (!d->wanted.insert(key).second)
        return;
    const LiveObjectPtr known = d->store.find(key);
    const auto it = d->watchers.find(key.groupKind());
    if (known && !known->manifest && it != d->watchers.end())
        it->second->fetch(key);
}

void LiveState::keepKind(const core::GroupKind& kind)
{
    if (!d->wantedKinds.insert(kind).second)
        return;
    const auto it = d->watchers.find(kind);
    if (it == d->watchers.end())
        return;
    for (const LiveObjectPtr& object : d->store.all())
        if (!object->manifest && object->key.groupKind() == kind)
            it->second->fetch(object->key);
}

std::uint64_t LiveState::version(const core::GroupKind& kind) const
{
    return d->store.version(kind);
}

std::uint64_t LiveState::ownersVersion() const
{
    return d->store.ownersVersion();
}

void LiveState::judgeAgain(const core::GroupKind& kind)
{
    if (const auto it = d->watchers.find(kind); it != d->watchers.end())
        it->second->judgeAgain();
}

LiveObjectPtr LiveState::find(const core::ObjectKey& key) const
{
    return d->store.find(key);
}

LiveObjectPtr LiveState::findByUid(const std::string& uid) const
{
    return d->store.findByUid(uid);
}

std::vector<LiveObjectPtr> LiveState::trackedTo(const std::string& application) const
{
    return d->store.trackedTo(application);
}

std::vector<LiveObjectPtr> LiveState::children(const std::string& uid) const
{
    return d->store.children(uid);
}

std::vector<LiveObjectPtr> LiveState::all() const
{
    return d->store.all();
}

std::size_t LiveState::size() const
{
    return d->store.size();
}

void LiveState::observeWrite(const core::Json& object)
{
    const core::GroupVersionKind written = core::groupVersionKindOf(object);
    const core::GroupKind kind {written.group, written.kind};
    const auto it = d->watchers.find(kind);
    // In another version than the watched one its fields would differ: the watch will tell.
    if (it != d->watchers.end() && it->second->resource().kind.version == written.version)
        it->second->observe(object);
}

void LiveState::setObserver(Observer observer)
{
    d->observer = std::move(observer);
}

void LiveState::setKnowledgeObserver(
    std::function<void(const core::GroupKind&, KindKnowledge)> observer)
{
    d->knowledgeObserver = std::move(observer);
}

} // namespace gitops
