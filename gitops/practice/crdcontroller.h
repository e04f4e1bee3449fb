// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectwriter.h"
#include "gitops/practice/watchhub.h"

#include <set>
#include <string>

namespace gitops::practice {

/// Serves what CustomResourceDefinitions define: accepts their names, establishes them, and empties
/// them before they go. One thread; it acts in work, never inside changed.
class CrdController
{
public:
    CrdController(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer,
                  WatchHub& hub);

    void changed(const Change& change);
    bool work();
    /// Serves all CRDs that are kept, after a restart.
    void start();

private:
    void establish(const StoredPtr& crd);
    void empty(const StoredPtr& crd);
    void retire(const std::string& name, const core::Json& crd);

    ObjectStore& m_store;
    ResourceRegistry& m_registry;
    ObjectWriter& m_writer;
    WatchHub& m_hub;
    std::set<std::string> m_queue;
    std::vector<std::pair<std::string, core::Json>> m_gone;
};

} // namespace gitops::practice
