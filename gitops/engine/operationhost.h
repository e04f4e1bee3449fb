// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/model/operation.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/desiredstate.h"
#include "gitops/engine/ownership.h"
#include "gitops/sync/syncplanner.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gitops {

/// What a running operation asks the application that it runs for. On the engine's strand.
class OperationHost
{
public:
    using Done = std::function<void(core::Result<void>)>;
    virtual ~OperationHost() = default;

    virtual const core::Application& spec() const = 0;
    virtual const DesiredStatePtr& desired() const = 0;
    /// The live object as it proves itself, also one that lives in the engine only; nullopt: it is
    /// not there.
    virtual std::optional<LiveFacts> facts(const core::ObjectKey& key) = 0;
    /// All that is tracked to the application and not declared by another one.
    virtual std::set<core::ObjectKey> tracked() const = 0;
    virtual KindAvailability availability(const core::GroupKind& kind) const = 0;
    virtual std::string whyNoPrune() const = 0; ///< "" when prunes are allowed
    virtual std::set<core::ObjectKey> confirmed() const = 0;
    virtual bool isRemoval() const { return false; } ///< the application goes as a whole
    /// We may list them: one that is not known is not there.
    virtual bool seesNamespaces() const { return true; }
    /// Prunes that a person was asked about, and that have not been answered.
    virtual std::set<core::ObjectKey> asked() const { return {}; }
    virtual std::set<core::ObjectKey> outOfSync() const = 0;
    virtual std::set<core::ObjectKey> withheld() const = 0; ///< declared, but not for us to write
    /// Declared, but not permitted by the project, and why.
    virtual std::map<core::ObjectKey, std::string> forbidden() const { return {}; }
    /// Nothing may be sent at the moment, and why; "" when it may.
    virtual std::string whyWait() const = 0;
    /// The last gate before anything is sent: why this action must not be, or "".
    virtual std::string refusal(const SyncAction& action) = 0;
    /// The manifest as it may be applied: with what its live object needs on top, without what
    /// ignoreDifferences lets be.
    virtual core::Result<core::ManifestPtr> decorated(const core::ManifestPtr& manifest,
                                                      const core::ObjectKey& key) = 0;
    /// Whose fields become ours with an apply of this object.
    virtual std::set<std::string> replacedManagers(const core::ObjectKey&) const { return {}; }
    /// Carries out what concerns objects that live in the engine; false: it is for the cluster.
    virtual bool carryElsewhere(const SyncAction& action, const Done& done) = 0;
    /// After an action was carried out in the cluster.
    virtual void carriedOut(const SyncAction& action) = 0;
    /// Makes the record name all kinds and namespaces of the desired state.
    virtual void coverRecord(Done done) = 0;
    /// Keeps the operation over a crash; done when it is on disk.
    virtual void save(Done done) = 0;
    virtual void operationChanged() = 0; ///< something to show
    virtual void wake() = 0; ///< another step is worth it
};

} // namespace gitops
