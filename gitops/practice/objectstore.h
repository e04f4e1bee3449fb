// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/practice/storage.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gitops::practice {

/// An object as it is kept: never changed, only replaced.
class StoredObject
{
public:
    StoredObject(core::Json value, std::uint64_t resourceVersion);
    const core::Json& value() const { return m_value; }
    std::uint64_t resourceVersion() const { return m_resourceVersion; }
    std::string_view name() const;
    std::string_view namespaceName() const;
    std::string_view uid() const;
    bool isTerminating() const; ///< has a deletionTimestamp
    /// Compact JSON, made at the first call.
    const std::string& text() const;

private:
    core::Json m_value;
    std::uint64_t m_resourceVersion;
    mutable std::string m_text;
};

using StoredPtr = std::shared_ptr<const StoredObject>;

enum class ChangeType
{
    Added,
    Modified,
    Deleted
};

/// One change of the store, in order of resourceVersion. Shared by all watchers, so what is sent is
/// encoded once.
struct Change
{
    std::uint64_t resourceVersion = 0;
    ChangeType type = ChangeType::Added;
    std::string storage;
    std::string key;
    StoredPtr object; ///< a removed one in its last state, with the new resourceVersion
    StoredPtr previous; ///< null when added
};
using ChangePtr = std::shared_ptr<const Change>;

/// All objects, the one counter of resourceVersions, and the last changes. Knows nothing of kinds.
/// One thread; listeners are called inside put and remove, after the store has changed.
class ObjectStore
{
public:
    using Listener = std::function<void(const ChangePtr&)>;
    struct Page
    {
        std::vector<StoredPtr> objects;
        std::uint64_t resourceVersion = 0;
        std::string nextKey; ///< where the next page starts; "" when this was the last
        std::size_t remaining = 0;
    };

    explicit ObjectStore(std::unique_ptr<Storage> storage, std::size_t history = 10'000);

    /// Reads what the storage has; once, first.
    core::Result<void> load();

    StoredPtr get(std::string_view storage, std::string_view key) const;
    StoredPtr findUid(std::string_view uid) const;
    std::uint64_t resourceVersion() const { return m_resourceVersion; }
    /// Objects whose key starts with prefix, in order, from startKey on; at most limit (0: all).
    /// At an earlier resourceVersion (0: now) as long as the changes since are known, which
    /// knowsSince tells.
    Page list(std::string_view storage, std::string_view prefix, std::string_view startKey = {},
              std::size_t limit = 0, std::uint64_t atVersion = 0) const;
    std::size_t count(std::string_view storage, std::string_view prefix) const;

    /// Gives the object its resourceVersion and keeps it. Returns what is kept.
    StoredPtr put(const std::string& storage, const std::string& key, core::Json object);
    /// Returns the last state, with a resourceVersion of its own; null when there was none.
    StoredPtr remove(const std::string& storage, const std::string& key);

    /// True when all changes after that resourceVersion are still known.
    bool knowsSince(std::uint64_t resourceVersion) const;
    std::vector<ChangePtr> changesSince(std::uint64_t resourceVersion,
                                        std::string_view storage) const;
    void setListener(Listener listener) { m_listener = std::move(listener); }
    /// Forgets all past changes: every watch that resumes gets 410 (a fault to test with).
    void forgetHistory();

    core::Result<void> commit() { return m_storage->commit(); }
    bool hasPending() const { return m_storage->hasPending(); }

private:
    using Objects = std::map<std::string, StoredPtr, std::less<>>;
    void record(Change change);
    Objects objectsAt(std::string_view storage, std::string_view prefix,
                      std::uint64_t version) const;

    std::unique_ptr<Storage> m_storage;
    std::size_t m_historySize;
    std::map<std::string, Objects, std::less<>> m_objects;
    std::unordered_map<std::string, StoredPtr> m_byUid;
    std::deque<ChangePtr> m_history;
    std::uint64_t m_forgottenUpTo = 0; ///< changes up to here are no longer known
    std::uint64_t m_resourceVersion = 0;
    Listener m_listener;
};

/// "shop/web", or "web" when the namespace is empty.
std::string storeKey(std::string_view namespaceName, std::string_view name);

} // namespace gitops::practice
