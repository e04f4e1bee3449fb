// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/diff.h"
#include "gitops/engine/enginecontext.h"
#include "gitops/engine/ownership.h"
#include "gitops/sync/syncplanner.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gitops {

/// The child applications that an application's manifests declare (App of Apps). They come into
/// force when their wave applies them. Where the cluster serves Argo CD's kinds the manifests are
/// applied there too; where it does not, they live in the engine only, which is no failure. On the
/// engine's strand.
class Children
{
public:
    Children(EngineContext& context, std::string parent);

    static bool isApplication(const core::GroupKind& kind);
    /// One of Argo CD's kinds that the cluster does not serve.
    bool livesInEngine(const core::GroupKind& kind) const;

    /// Children in force before a restart.
    void restore(const std::map<std::string, std::string>& saved);
    std::map<std::string, std::string> saved() const;
    std::set<core::ObjectKey> keys() const; ///< of those that live in the engine

    std::optional<core::ResourceDiff::Verdict> verdict(const core::ObjectKey& key,
                                                       const core::Manifest& desired) const;
    std::optional<LiveFacts> facts(const core::ObjectKey& key) const;
    /// What gates the parent's wave: synced and healthy at the revision that it wants.
    std::optional<core::HealthAssessment> health(const core::ObjectKey& key) const;

    core::Result<void> put(const core::ManifestPtr& manifest);
    void remove(const core::ObjectKey& key);
    void gone(const std::string& name); ///< a child has nothing left

private:
    void releaseFinalizer(const core::ObjectKey& key);

    struct Entry
    {
        core::ManifestPtr manifest;
        bool removing = false;
    };
    EngineContext& m_context;
    const std::string m_parent;
    std::map<core::ObjectKey, Entry> m_entries;
    Alive m_alive;
};

} // namespace gitops
