// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectwriter.h"

#include <deque>
#include <set>
#include <string>
#include <unordered_map>

namespace gitops::practice {

/// Deletes what lost its owners, and carries out foreground and orphan deletion (Kubernetes'
/// garbage collector controller). One thread; it acts in work, never inside changed.
class GarbageCollector
{
public:
    GarbageCollector(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer);

    void changed(const Change& change);
    /// Does what is due; false when there was nothing.
    bool work();
    /// Looks at all objects anew, after a restart.
    void start();

private:
    struct Owner
    {
        std::string uid;
        bool blocks = false;
    };
    static std::vector<Owner> ownersOf(const core::Json& object);
    void check(const std::string& uid);
    void orphanDependents(const StoredPtr& object);
    void deleteInForeground(const StoredPtr& object);
    void checkOwners(const StoredPtr& object);
    void dropFinalizer(const StoredPtr& object, std::string_view finalizer);
    void dropOwners(const StoredPtr& object, const std::set<std::string>& owners);
    TypePtr typeOf(const StoredObject& object) const;

    ObjectStore& m_store;
    ResourceRegistry& m_registry;
    ObjectWriter& m_writer;
    std::unordered_map<std::string, std::set<std::string>> m_dependents; ///< by the owner's uid
    std::deque<std::string> m_queue; ///< uids to look at
};

} // namespace gitops::practice
