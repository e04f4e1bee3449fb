// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestate.h"

#include "gitops/cluster/kindwatcher.h"

#include <map>
#include <utility>

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
    /// Of one kind. stands: while the whole is Forbidden, the wanted namespaces stand in for it.
    struct Watched
    {
        std::shared_ptr<KindWatcher> whole;
        bool stands = false;
        std::map<std::string, std::shared_ptr<KindWatcher>> places;
    };
    std::map<core::GroupKind, Watched> watchers;
    std::map<core::GroupKind, std::set<std::string>> wantedPlaces;
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
                [this](const KindWatcher& watcher) {
                    if (watcher.namespaceName().empty()
                        && watcher.knowledge() == KindKnowledge::Complete)
                        endStandIns(watchers.at(watcher.kind()));
                    known.push_back(watcher.kind());
                    postTell();
                },
                [this](const KindWatcher& watcher) { refused(watcher); }};
    }

    /// What may not be looked at is not known any more.
    void refused(const KindWatcher& watcher)
    {
        const core::GroupKind kind = watcher.kind();
        if (!watcher.namespaceName().empty())
            return forgetIn(kind,
                            [&](const std::string& at) { return at == watcher.namespaceName(); });
        Watched& watched = watchers.at(kind);
        watched.stands = watcher.resource().namespaced;
        if (watched.stands)
            startStandIns(watched);
        forgetIn(kind, [&](const std::string& at) { return !watched.places.contains(at); });
    }

    void startStandIns(Watched& watched)
    {
        for (const std::string& place : wantedPlaces[watched.whole->kind()]) {
            auto [found, isNew] = watched.places.try_emplace(place);
            if (!isNew)
                continue;
            found->second =
                std::make_shared<KindWatcher>(context(), watched.whole->resource(), place);
            found->second->start();
        }
        watched.whole->setStoodInFor(!watched.places.empty());
    }

    static void endStandIns(Watched& watched)
    {
        for (const auto& [place, watcher] : watched.places)
            watcher->stop();
        watched.places.clear();
        watched.stands = false;
        watched.whole->setStoodInFor(false);
    }

    template<class Predicate>
    void forgetIn(const core::GroupKind& kind, const Predicate& isForgotten)
    {
        store.forgetIn(kind, isForgotten);
        std::erase_if(changes, [&](const LiveChange& change) {
            const core::ObjectKey& key = (change.after ? change.after : change.before)->key;
            return key.groupKind() == kind && isForgotten(key.namespaceName);
        });
    }

    /// Who knows of a place; null: nobody.
    KindWatcher* watcherOf(const core::GroupKind& kind, const std::string& place) const
    {
        const auto it = watchers.find(kind);
        if (it == watchers.end())
            return nullptr;
        const auto standIn = it->second.places.find(place);
        return standIn == it->second.places.end() ? it->second.whole.get() : standIn->second.get();
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
                     it == watchers.end() ? KindKnowledge::Unwatched
                                          : it->second.whole->knowledge());
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
    for (auto& [kind, watched] : d->watchers) {
        d->endStandIns(watched);
        watched.whole->stop();
    }
    d->watchers.clear();
}

void LiveState::watch(const ApiResource& resource)
{
    const core::GroupKind kind {resource.kind.group, resource.kind.kind};
    if (const auto it = d->watchers.find(kind); it != d->watchers.end()) {
        const ApiResource& known = it->second.whole->resource();
        if (known.kind == resource.kind && known.plural == resource.plural
            && known.namespaced == resource.namespaced)
            return;
        // Another version is served now; the objects stay until its list is in.
        d->endStandIns(it->second);
        it->second.whole->stop();
    }
    const auto watcher = std::make_shared<KindWatcher>(d->context(), resource);
    d->watchers[kind].whole = watcher;
    watcher->start();
}

void LiveState::wantNamespaces(const core::GroupKind& kind, std::set<std::string> namespaces)
{
    std::set<std::string>& wanted = d->wantedPlaces[kind];
    if (wanted == namespaces)
        return;
    wanted = std::move(namespaces);
    const auto it = d->watchers.find(kind);
    if (it == d->watchers.end() || !it->second.stands)
        return;
    Private::Watched& watched = it->second;
    for (auto place = watched.places.begin(); place != watched.places.end();) {
        const bool isWanted = wanted.contains(place->first);
        if (!isWanted)
            place->second->stop();
        place = isWanted ? std::next(place) : watched.places.erase(place);
    }
    d->startStandIns(watched);
    d->forgetIn(kind, [&](const std::string& at) { return !watched.places.contains(at); });
    d->known.push_back(kind);
    d->postTell();
}

void LiveState::unwatch(const core::GroupKind& kind)
{
    const auto node = d->watchers.extract(kind);
    if (node.empty())
        return;
    d->endStandIns(node.mapped());
    node.mapped().whole->stop();
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
    return it == d->watchers.end() ? KindKnowledge::Unwatched : it->second.whole->knowledge();
}

KindKnowledge LiveState::knowledge(const core::GroupKind& kind,
                                   const std::string& namespaceName) const
{
    const KindWatcher* watcher = d->watcherOf(kind, namespaceName);
    return watcher ? watcher->knowledge() : KindKnowledge::Unwatched;
}

std::optional<core::Error> LiveState::error(const core::GroupKind& kind) const
{
    const auto it = d->watchers.find(kind);
    return it == d->watchers.end() ? std::nullopt : it->second.whole->error();
}

std::optional<core::Error> LiveState::error(const core::GroupKind& kind,
                                            const std::string& namespaceName) const
{
    const KindWatcher* watcher = d->watcherOf(kind, namespaceName);
    return watcher ? watcher->error() : std::nullopt;
}

std::set<std::string> LiveState::standIns(const core::GroupKind& kind) const
{
    std::set<std::string> out;
    if (const auto it = d->watchers.find(kind); it != d->watchers.end())
        for (const auto& [place, watcher] : it->second.places)
            out.insert(out.end(), place);
    return out;
}

std::set<core::GroupKind> LiveState::watchedKinds() const
{
    std::set<core::GroupKind> out;
    for (const auto& [kind, watched] : d->watchers)
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
    KindWatcher* watcher = d->watcherOf(key.groupKind(), key.namespaceName);
    if (known && !known->manifest && watcher)
        watcher->fetch(key);
}

void LiveState::keepKind(const core::GroupKind& kind)
{
    if (!d->wantedKinds.insert(kind).second)
        return;
    if (!d->watchers.contains(kind))
        return;
    for (const LiveObjectPtr& object : d->store.all())
        if (!object->manifest && object->key.groupKind() == kind)
            d->watcherOf(kind, object->key.namespaceName)->fetch(object->key);
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
    const auto it = d->watchers.find(kind);
    if (it == d->watchers.end())
        return;
    it->second.whole->judgeAgain();
    for (const auto& [place, watcher] : it->second.places)
        watcher->judgeAgain();
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
    KindWatcher* watcher =
        d->watcherOf(kind, std::string(core::stringAt(object, {"metadata", "namespace"})));
    // In another version than the watched one its fields would differ: the watch will tell.
    if (watcher && watcher->resource().kind.version == written.version)
        watcher->observe(object);
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
