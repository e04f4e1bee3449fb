// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/livestate.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace gitops {

/// The objects of a live state with their indexes. Every change returns what it did; an object that
/// is newer (by resourceVersion) is never replaced by an older one.
class LiveStore
{
public:
    using Changes = std::vector<LiveChange>;

    LiveObjectPtr find(const core::ObjectKey& key) const;
    LiveObjectPtr findByUid(const std::string& uid) const;
    std::vector<LiveObjectPtr> trackedTo(const std::string& application) const;
    std::vector<LiveObjectPtr> children(const std::string& uid) const;
    std::vector<LiveObjectPtr> all() const; ///< in no order
    std::size_t size() const { return m_size; }
    /// Another number whenever an object of the kind came, changed or went.
    std::uint64_t version(const core::GroupKind& kind) const;
    /// Another number whenever an object that has owners came, changed or went.
    std::uint64_t ownersVersion() const { return m_ownersVersion; }

    /// Adds or replaces; false when what is there is newer, or as new and says as much.
    bool put(LiveObjectPtr object, Changes& changes);
    /// Removes, unless what is there is newer than the event that says so, or another object.
    bool remove(const core::ObjectKey& key, const std::string& uid,
                const std::string& resourceVersion, Changes& changes);
    /// A whole list, of one namespace or ("") of the cluster: what is missing in it goes, unless it
    /// is newer than the list. isReset: the server's time went back, so that only the list counts.
    void replaceKind(const core::GroupKind& kind, const std::string& namespaceName,
                     std::vector<LiveObjectPtr> objects, const std::string& listVersion,
                     bool isReset, Changes& changes);
    /// Forgets a kind without changes.
    void forget(const core::GroupKind& kind);
    /// The same of what lies in the namespaces that the function says yes to.
    void forgetIn(const core::GroupKind& kind,
                  const std::function<bool(const std::string& namespaceName)>& isForgotten);

private:
    struct KeyHash
    {
        using is_transparent = void;
        std::size_t operator()(const core::ObjectKey& key) const
        {
            return core::ObjectKeyHash()(key);
        }
        std::size_t operator()(const LiveObjectPtr& object) const { return (*this)(object->key); }
    };
    struct KeyEqual
    {
        using is_transparent = void;
        bool operator()(const LiveObjectPtr& a, const LiveObjectPtr& b) const
        {
            return a->key == b->key;
        }
        bool operator()(const core::ObjectKey& a, const LiveObjectPtr& b) const
        {
            return a == b->key;
        }
        bool operator()(const LiveObjectPtr& a, const core::ObjectKey& b) const
        {
            return a->key == b;
        }
    };
    /// Looks a key's kind up without making one.
    struct KindLess
    {
        using is_transparent = void;
        using View = std::pair<std::string_view, std::string_view>;
        static View view(const core::GroupKind& kind) { return {kind.group, kind.kind}; }
        static View view(const core::ObjectKey& key) { return {key.group, key.kind}; }
        template<class A, class B>
        bool operator()(const A& a, const B& b) const
        {
            return view(a) < view(b);
        }
    };
    using Table = std::unordered_set<LiveObjectPtr, KeyHash, KeyEqual>;
    /// Keys are views into the objects; one uid may have two kinds (Event), one owner many
    /// children.
    using Index = std::unordered_multimap<std::string_view, const LiveObject*>;

    void index(const LiveObject& object);
    void noteChange(const LiveObject& object);
    void unindex(const LiveObject& object);
    void insert(LiveObjectPtr object);
    LiveObjectPtr take(Table& table, Table::const_iterator it);
    std::vector<LiveObjectPtr> shared(const std::set<const LiveObject*>& objects) const;

    std::map<core::GroupKind, Table, KindLess> m_tables;
    std::size_t m_size = 0;
    std::map<core::GroupKind, std::uint64_t, KindLess>
        m_versions; ///< kept when a kind is forgotten
    std::uint64_t m_ownersVersion = 0;
    Index m_byUid;
    Index m_byOwner;
    std::unordered_map<std::string, std::set<const LiveObject*>> m_byApplication;
};

} // namespace gitops
