// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/controlnamespace.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/engine/eventstream.h"
#include "gitops/engine/kindcustomizations.h"
#include "gitops/engine/objectwriter.h"
#include "gitops/engine/projects.h"
#include "gitops/engine/remotewatcher.h"
#include "gitops/engine/sourcewatcher.h"
#include "gitops/history/statestore.h"
#include "gitops/render/renderer.h"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace gitops {

class ApplicationController;

/// What an application may ask about the others. On the engine's strand.
class ApplicationDirectory
{
public:
    virtual ~ApplicationDirectory() = default;
    virtual ApplicationController* find(const std::string& name) = 0;
    /// Another application than this one declares the object.
    virtual bool isDeclaredElsewhere(const core::ObjectKey& key,
                                     const std::string& application) const = 0;
    /// It was reconciled here, by us, and is not any more: nobody looks after what it left.
    virtual bool isGone(const std::string& name) const = 0;
    /// Replaces what an application declares.
    virtual void declare(const std::string& application, const std::set<core::ObjectKey>& keys) = 0;
    /// Adds a child, or gives it a new spec. Fails when the name is another's.
    virtual core::Result<void> putChild(core::Application application) = 0;
    /// cascade: takes its objects down first. childGone of the parent follows.
    virtual void removeChild(const std::string& name, bool cascade) = 0;
    /// An application that was to be removed has nothing left.
    virtual void finished(const std::string& name) = 0;
    virtual void mark(const std::string& application) = 0; ///< its state has to be shown anew
};

/// What all applications of an engine share. References stay valid as long as they live.
struct EngineContext
{
    core::Executor& executor;
    core::WorkPool& pool;
    ApiClient& api;
    LiveState& live;
    StateStore& store;
    const EngineOptions& options;
    EventStream& events;
    ClusterKnowledge& cluster;
    ControlNamespace& controlNamespace;
    ObjectWriter& writer;
    SourceWatcher& sources;
    ApplicationDirectory& directory;
    std::shared_ptr<RenderCache>& renders;
    Projects& projects;
    KindCustomizations& customizations;
    RemoteWatcher& remotes;
};

} // namespace gitops
