// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectstore.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace gitops::practice {

StoredObject::StoredObject(core::Json value, std::uint64_t resourceVersion)
    : m_value(std::move(value))
    , m_resourceVersion(resourceVersion)
{
}

std::string_view StoredObject::name() const
{
    return core::stringAt(m_value, {"metadata", "name"});
}

std::string_view StoredObject::namespaceName() const
{
    return core::stringAt(m_value, {"metadata", "namespace"});
}

std::string_view StoredObject::uid() const
{
    return core::stringAt(m_value, {"metadata", "uid"});
}

bool StoredObject::isTerminating() const
{
    return !core::stringAt(m_value, {"metadata", "deletionTimestamp"}).empty();
}

const std::string& StoredObject::text() const
{
    if (m_text.empty())
        m_text = core::toText(m_value);
    return m_text;
}

std::string storeKey(std::string_view namespaceName, std::string_view name)
{
    std::string key(namespaceName);
    if (!key.empty())
        key += '/';
    return key += name;
}

ObjectStore::ObjectStore(std::unique_ptr<Storage> storage, std::size_t history)
    : m_storage(std::move(storage))
    , m_historySize(history)
{
    assert(m_storage);
}

core::Result<void> ObjectStore::load()
{
    std::optional<core::Error> problem;
    auto version = m_storage->load([&](const StorageRecord& record) {
        auto value = core::parseJson(record.text);
        if (!value) {
            problem =
                std::move(value).error().within("Object " + record.storage + " " + record.key);
            return;
        }
        auto object = std::make_shared<StoredObject>(std::move(*value), record.resourceVersion);
        m_byUid[std::string(object->uid())] = object;
        m_objects[record.storage][record.key] = std::move(object);
    });
    if (!version)
        return std::unexpected(std::move(version).error());
    if (problem)
        return std::unexpected(std::move(*problem));
    // A fresh cluster starts a little above zero: 0 and "" mean something else to clients.
    m_resourceVersion = *version == 0 ? 1 : *version;
    m_forgottenUpTo = m_resourceVersion;
    return {};
}

StoredPtr ObjectStore::get(std::string_view storage, std::string_view key) const
{
    const auto objects = m_objects.find(storage);
    if (objects == m_objects.end())
        return nullptr;
    const auto found = objects->second.find(key);
    return found == objects->second.end() ? nullptr : found->second;
}

StoredPtr ObjectStore::findUid(std::string_view uid) const
{
    const auto found = m_byUid.find(std::string(uid));
    return found == m_byUid.end() ? nullptr : found->second;
}

ObjectStore::Page ObjectStore::list(std::string_view storage, std::string_view prefix,
                                    std::string_view startKey, std::size_t limit,
                                    std::uint64_t atVersion) const
{
    Page page;
    page.resourceVersion = atVersion == 0 ? m_resourceVersion : atVersion;
    Objects past;
    const Objects* objects = nullptr;
    if (page.resourceVersion != m_resourceVersion) {
        past = objectsAt(storage, prefix, page.resourceVersion);
        objects = &past;
    } else if (const auto found = m_objects.find(storage); found != m_objects.end()) {
        objects = &found->second;
    }
    if (!objects)
        return page;
    auto it = objects->lower_bound(startKey.empty() ? prefix : startKey);
    for (; it != objects->end() && it->first.starts_with(prefix); ++it) {
        if (limit > 0 && page.objects.size() == limit) {
            if (page.nextKey.empty())
                page.nextKey = it->first;
            ++page.remaining;
            continue;
        }
        page.objects.push_back(it->second);
    }
    return page;
}

std::size_t ObjectStore::count(std::string_view storage, std::string_view prefix) const
{
    const auto objects = m_objects.find(storage);
    if (objects == m_objects.end())
        return 0;
    std::size_t number = 0;
    for (auto it = objects->second.lower_bound(prefix);
         it != objects->second.end() && it->first.starts_with(prefix); ++it)
        ++number;
    return number;
}

/// The state of the past: today's, with the changes since taken back, newest first.
ObjectStore::Objects ObjectStore::objectsAt(std::string_view storage, std::string_view prefix,
                                            std::uint64_t version) const
{
    Objects objects;
    if (const auto found = m_objects.find(storage); found != m_objects.end())
        for (auto it = found->second.lower_bound(prefix);
             it != found->second.end() && it->first.starts_with(prefix); ++it)
            objects.emplace_hint(objects.end(), it->first, it->second);
    for (auto it = m_history.rbegin(); it != m_history.rend(); ++it) {
        const Change& change = **it;
        if (change.resourceVersion <= version)
            break;
        if (change.storage != storage || !change.key.starts_with(prefix))
            continue;
        if (change.previous)
            objects[change.key] = change.previous;
        else
            objects.erase(change.key);
    }
    return objects;
}

StoredPtr ObjectStore::put(const std::string& storage, const std::string& key, core::Json object)
{
    assert(object.is_object());
    const std::uint64_t version = ++m_resourceVersion;
    object.as_object()["metadata"].as_object()["resourceVersion"] = std::to_string(version);
    auto stored = std::make_shared<const StoredObject>(std::move(object), version);
    StoredPtr& slot = m_objects[storage][key];
    StoredPtr previous = std::exchange(slot, stored);
    if (previous && previous->uid() != stored->uid())
        m_byUid.erase(std::string(previous->uid()));
    m_byUid[std::string(stored->uid())] = stored;
    m_storage->append({version, storage, key, stored->text()});
    record({version, previous ? ChangeType::Modified : ChangeType::Added, storage, key, stored,
            std::move(previous)});
    return stored;
}

StoredPtr ObjectStore::remove(const std::string& storage, const std::string& key)
{
    const auto objects = m_objects.find(storage);
    if (objects == m_objects.end())
        return nullptr;
    const auto found = objects->second.find(key);
    if (found == objects->second.end())
        return nullptr;
    StoredPtr previous = found->second;
    objects->second.erase(found);
    m_byUid.erase(std::string(previous->uid()));
    const std::uint64_t version = ++m_resourceVersion;
    core::Json last = previous->value();
    last.as_object()["metadata"].as_object()["resourceVersion"] = std::to_string(version);
    auto stored = std::make_shared<const StoredObject>(std::move(last), version);
    m_storage->append({version, storage, key, {}});
    record({version, ChangeType::Deleted, storage, key, stored, std::move(previous)});
    return stored;
}

void ObjectStore::record(Change change)
{
    auto shared = std::make_shared<const Change>(std::move(change));
    m_history.push_back(shared);
    while (m_history.size() > m_historySize) {
        m_forgottenUpTo = m_history.front()->resourceVersion;
        m_history.pop_front();
    }
    if (m_listener)
        m_listener(shared);
}

bool ObjectStore::knowsSince(std::uint64_t resourceVersion) const
{
    return resourceVersion >= m_forgottenUpTo;
}

std::vector<ChangePtr> ObjectStore::changesSince(std::uint64_t resourceVersion,
                                                 std::string_view storage) const
{
    std::vector<ChangePtr> changes;
    const auto first =
        std::ranges::upper_bound(m_history, resourceVersion, {},
                                 [](const ChangePtr& change) { return change->resourceVersion; });
    for (auto it = first; it != m_history.end(); ++it)
        if ((*it)->storage == storage)
            changes.push_back(*it);
    return changes;
}

void ObjectStore::forgetHistory()
{
    m_history.clear();
    m_forgottenUpTo = m_resourceVersion;
    // A resume from exactly now would still be fine; make it not so.
    m_forgottenUpTo = ++m_resourceVersion;
}

} // namespace gitops::practice
