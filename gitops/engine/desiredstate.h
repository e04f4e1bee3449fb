// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "gitops/cluster/discovery.h"
#include "gitops/engine/kindplaces.h"
#include "gitops/render/renderer.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// One object as Git declares it, ready to be applied: namespace and tracking annotation are set.
struct DesiredObject
{
    core::ManifestPtr manifest;
    std::string hook; ///< hook types, "" for an ordinary object
    int wave = 0;
    bool isCompared() const { return hook.empty(); }
};

/// What an application wants, from a complete, error-free render of a commit. There is no partial
/// one. Immutable.
struct DesiredState
{
    core::CommitInfo commit;
    RenderedPtr rendered;
    std::map<core::ObjectKey, DesiredObject> objects;
    std::vector<core::ManifestPtr> manifests; ///< of objects, in the order of the render
    std::vector<core::ObjectKey> hooks; ///< those with a name
    std::set<core::GroupKind> kinds;
    std::set<std::string> namespaces;
    KindPlaces places; ///< of all that is declared
    std::vector<core::Condition> warnings;
};

using DesiredStatePtr = std::shared_ptr<const DesiredState>;

/// Makes a render ready for a cluster: each object's namespace by its kind's scope, the tracking
/// annotation, duplicates (the last one stands, with a warning). Refuses values that are encrypted
/// or are placeholders for a vault plugin: they would be applied as they are. Pure; any thread.
/// discovery may be null: then built-in knowledge and the CRDs of the render itself decide.
core::Result<DesiredStatePtr> prepareDesired(const core::Application& application,
                                             const core::CommitInfo& commit,
                                             const RenderedPtr& rendered,
                                             const Discovery* discovery);

} // namespace gitops
