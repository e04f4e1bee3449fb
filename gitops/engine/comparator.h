// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/diff.h"
#include "gitops/cluster/livestate.h"
#include "gitops/diff/jqpath.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/desiredstate.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gitops {

/// Keeps a verdict on every declared object of one application. Only what changed on one of the two
/// sides is compared again; what needs a server-side dry-run asks for it once and remembers the
/// answer. On the engine's strand; many objects at once are compared in the pool.
class Comparator
{
public:
    struct Verdict
    {
        core::ManifestPtr declared; ///< what desired was decorated from
        core::ManifestPtr desired;
        LiveObjectPtr live;
        core::ResourceDiffPtr diff; ///< null: Same
        bool settled = false; ///< compared as both sides are now
        bool judged = false; ///< compared as they were once: diff says something
        core::ResourceDiff::Verdict value() const
        {
            return diff ? diff->verdict : core::ResourceDiff::Verdict::Same;
        }
    };
    /// Turns a declared object into what is compared: the annotations that live objects need on
    /// top.
    using Decorator =
        std::function<core::ManifestPtr(const core::ManifestPtr&, const LiveObjectPtr&)>;
    /// A verdict on what lives in the engine only (child applications of a cluster without the
    /// kind).
    using Elsewhere = std::function<std::optional<core::ResourceDiff::Verdict>(
        const core::ObjectKey&, const core::Manifest&)>;

    Comparator(core::Executor& executor, core::WorkPool& pool, ApiClient& api, LiveState& live,
               ClusterKnowledge& cluster, Decorator decorate, Elsewhere elsewhere,
               std::function<void(const std::vector<core::ObjectKey>&)> changed);
    ~Comparator();

    void setDesired(const DesiredStatePtr& desired,
                    std::shared_ptr<const core::Application> application, JqSelect jq = {});
    void touch(const core::ObjectKey& key);
    void touchKind(const core::GroupKind& kind);
    void touchAll(); ///< costs nothing where nothing changed since all was found as before
    void lookAnew(); ///< the same, and looks at each whatever is known
    void decorateAnew(); ///< and looks at all: the decorator says something else now

    /// Compares what was touched. Small numbers at once, within this call; the rest comes later.
    void step();
    bool isSettled() const { return !m_allTouched && m_touched.empty() && m_unsettled.empty(); }
    const Verdict* find(const core::ObjectKey& key) const;
    const std::map<core::ObjectKey, Verdict>& verdicts() const { return m_verdicts; }
    /// Another number whenever a verdict may be another one.
    std::uint64_t version() const { return m_version; }
    /// Of all kinds that are declared: the live state's versions.
    std::vector<std::uint64_t> liveVersions() const;
    std::uint64_t comparisons() const { return m_comparisons; } ///< made so far, for tests

private:
    struct Job;
    struct Outcome;
    struct Memory;
    bool look(const core::ObjectKey& key, const DesiredObject& object, std::vector<Job>& jobs);
    bool isAsBefore(const core::ObjectKey& key, const DesiredObject& object,
                    const Verdict& verdict) const;
    std::vector<core::ObjectKey> takeTouched();
    bool decideWithoutLooking(const core::ObjectKey& key, Verdict& verdict);
    void take(std::vector<Outcome> outcomes);
    CustomSchemas::Keys listKeys(const core::GroupKind& kind) const;
    CustomSchemas::Keys declaredListKeys(const core::GroupKind& kind) const;
    void askListKeys(const core::GroupKind& kind);
    void listKeysFound(const core::GroupKind& kind, CustomSchemas::Keys instead);
    void askServer(Outcome outcome);
    void answered(Outcome outcome, core::Result<ApiObject> answer);
    void settle(const core::ObjectKey& key, core::ResourceDiff diff);

    core::Executor& m_executor;
    core::WorkPool& m_pool;
    ApiClient& m_api;
    LiveState& m_live;
    ClusterKnowledge& m_cluster;
    Decorator m_decorate;
    Elsewhere m_elsewhere;
    std::function<void(const std::vector<core::ObjectKey>&)> m_changed;

    DesiredStatePtr m_desired;
    std::shared_ptr<const core::Application> m_application;
    JqSelect m_jq; ///< may take its time: what needs it is compared in the pool
    std::map<core::ObjectKey, Verdict> m_verdicts;
    std::uint64_t m_version = 0;
    /// When all were last looked at and found as before: our version and the live state's.
    std::optional<std::pair<std::uint64_t, std::vector<std::uint64_t>>> m_foundSame;
    bool m_allTouched = false;
    std::set<core::ObjectKey> m_touched;
    std::set<core::ObjectKey> m_unsettled;
    std::unique_ptr<Memory> m_memory;
    std::uint64_t m_comparisons = 0;
    Alive m_alive;
};

} // namespace gitops
