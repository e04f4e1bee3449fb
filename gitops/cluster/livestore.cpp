// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestore.h"

#include "gitops/cluster/resourceversion.h"

#include <algorithm>

namespace gitops {

namespace {

void eraseFrom(std::unordered_multimap<std::string_view, const LiveObject*>& index,
               std::string_view key, const LiveObject* object)
{
    auto [it, end] = index.equal_range(key);
    while (it != end)
        it = it->second == object ? index.erase(it) : std::next(it);
}

/// Applications that an object's tracking ids name: "" parts left out.
std::set<std::string> applicationsOf(const LiveObject& object)
{
    std::set<std::string> out;
    for (const std::string* id : {&object.tracking, &object.argoTracking})
        if (const std::size_t colon = id->find(':'); colon != std::string::npos && colon > 0)
            out.insert(id->substr(0, colon));
    return out;
}

/// By key, so that what is returned does not depend on where objects lie in memory.
std::vector<LiveObjectPtr> sorted(std::vector<LiveObjectPtr> objects)
{
    std::sort(objects.begin(), objects.end(),
              [](const LiveObjectPtr& a, const LiveObjectPtr& b) { return a->key < b->key; });
    return objects;
}

} // namespace

std::vector<LiveObjectPtr> LiveStore::all() const
{
    std::vector<LiveObjectPtr> out;
    out.reserve(m_size);
    for (const auto& [kind, table] : m_tables)
        out.insert(out.end(), table.begin(), table.end());
    return out;
}

LiveObjectPtr LiveStore::find(const core::ObjectKey& key) const
{
    const auto table = m_tables.find(key);
    if (table == m_tables.end())
        return {};
    const auto it = table->second.find(key);
    return it == table->second.end() ? LiveObjectPtr() : *it;
}

LiveObjectPtr LiveStore::findByUid(const std::string& uid) const
{
    const auto it = m_byUid.find(uid);
    return it == m_byUid.end() ? LiveObjectPtr() : find(it->second->key);
}

std::vector<LiveObjectPtr> LiveStore::shared(const std::set<const LiveObject*>& objects) const
{
    std::vector<LiveObjectPtr> out;
    out.reserve(objects.size());
    for (const LiveObject* object : objects)
        out.push_back(find(object->key));
    return sorted(std::move(out));
}

std::vector<LiveObjectPtr> LiveStore::trackedTo(const std::string& application) const
{
    const auto it = m_byApplication.find(application);
    return it == m_byApplication.end() ? std::vector<LiveObjectPtr>() : shared(it->second);
}

std::vector<LiveObjectPtr> LiveStore::children(const std::string& uid) const
{
    std::set<const LiveObject*> found; // an object may name an owner twice
    if (!uid.empty())
        for (auto [it, end] = m_byOwner.equal_range(uid); it != end; ++it)
            found.insert(it->second);
    return shared(found);
}

std::uint64_t LiveStore::version(const core::GroupKind& kind) const
{
    const auto found = m_versions.find(kind);
    return found == m_versions.end() ? 0 : found->second;
}

void LiveStore::noteChange(const LiveObject& object)
{
    m_ownersVersion += object.owners.empty() ? 0 : 1;
    if (const auto found = m_versions.find(object.key); found != m_versions.end())
        ++found->second;
    else
        m_versions.emplace(object.key.groupKind(), 1);
}

void LiveStore::index(const LiveObject& object)
{
    if (!object.uid.empty())
        m_byUid.emplace(object.uid, &object);
    noteChange(object);
    for (const LiveObject::Owner& owner : object.owners)
        if (!owner.uid.empty())
            m_byOwner.emplace(owner.uid, &object);
    for (const std::string& application : applicationsOf(object))
        m_byApplication[application].insert(&object);
}

void LiveStore::unindex(const LiveObject& object)
{
    eraseFrom(m_byUid, object.uid, &object);
    noteChange(object);
    for (const LiveObject::Owner& owner : object.owners)
        eraseFrom(m_byOwner, owner.uid, &object);
    for (const std::string& application : applicationsOf(object)) {
        const auto it = m_byApplication.find(application);
        if (it == m_byApplication.end())
            continue;
        it->second.erase(&object);
        if (it->second.empty())
            m_byApplication.erase(it);
    }
}

void LiveStore::insert(LiveObjectPtr object)
{
    index(*object);
    m_tables[object->key.groupKind()].insert(std::move(object));
    ++m_size;
}

LiveObjectPtr LiveStore::take(Table& table, Table::const_iterator it)
{
    auto node = table.extract(it);
    unindex(*node.value());
    --m_size;
    return std::move(node.value());
}

bool LiveStore::put(LiveObjectPtr object, Changes& changes)
{
    Table& table = m_tables[object->key.groupKind()];
    const auto it = table.find(object->key);
    LiveObjectPtr before;
    if (it != table.end()) {
        const auto order = compareResourceVersions(object->resourceVersion, (*it)->resourceVersion);
        const bool saysMore = (*it)->kind != object->kind || (!(*it)->manifest && object->manifest)
            || (*it)->health != object->health; // by other rules
        if (order < 0 || (order == 0 && !saysMore))
            return false; // unordered is neither: then the later word counts
        before = take(table, it);
    }
    insert(object);
    changes.push_back({std::move(before), std::move(object)});
    return true;
}

bool LiveStore::remove(const core::ObjectKey& key, const std::string& uid,
                       const std::string& resourceVersion, Changes& changes)
{
    const auto table = m_tables.find(key);
    if (table == m_tables.end())
        return false;
    const auto it = table->second.find(key);
    if (it == table->second.end())
        return false;
    const auto order = compareResourceVersions((*it)->resourceVersion, resourceVersion);
    if (order > 0 || (order != 0 && order != std::partial_ordering::less && (*it)->uid != uid))
        return false;
    changes.push_back({take(table->second, it), {}});
    return true;
}

void LiveStore::replaceKind(const core::GroupKind& kind, const std::string& namespaceName,
                            std::vector<LiveObjectPtr> objects, const std::string& listVersion,
                            bool isReset, Changes& changes)
{
    std::unordered_set<core::ObjectKey, core::ObjectKeyHash> listed;
    listed.reserve(objects.size());
    Table& table = m_tables[kind];
    for (LiveObjectPtr& object : objects) {
        listed.insert(object->key);
        if (isReset) {
            const auto it = table.find(object->key);
            if (it != table.end() && *it == object)
                continue;
            LiveObjectPtr before = it == table.end() ? LiveObjectPtr() : take(table, it);
            insert(object);
            changes.push_back({std::move(before), std::move(object)});
        } else {
            put(std::move(object), changes);
        }
    }
    for (auto it = table.begin(); it != table.end();) {
        const auto next = std::next(it);
        const bool isMeant = namespaceName.empty() || (*it)->key.namespaceName == namespaceName;
        const bool isNewer =
            !isReset && compareResourceVersions((*it)->resourceVersion, listVersion) > 0;
        if (isMeant && !isNewer && !listed.contains((*it)->key))
            changes.push_back({take(table, it), {}});
        it = next;
    }
}

void LiveStore::forget(const core::GroupKind& kind)
{
    const auto it = m_tables.find(kind);
    if (it == m_tables.end())
        return;
    for (const LiveObjectPtr& object : it->second)
        unindex(*object);
    m_size -= it->second.size();
    m_tables.erase(it);
}

void LiveStore::forgetIn(const core::GroupKind& kind,
                         const std::function<bool(const std::string&)>& isForgotten)
{
    const auto table = m_tables.find(kind);
    if (table == m_tables.end())
        return;
    for (auto it = table->second.begin(); it != table->second.end();) {
        const auto next = std::next(it);
        if (isForgotten((*it)->key.namespaceName))
            take(table->second, it);
        it = next;
    }
}

} // namespace gitops
