// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"
#include "gitops/engine/applicationorigin.h"
#include "gitops/engine/children.h"
#include "gitops/engine/comparator.h"
#include "gitops/engine/conditions.h"
#include "gitops/engine/desiredstate.h"
#include "gitops/engine/enginecontext.h"
#include "gitops/engine/healer.h"
#include "gitops/engine/inventoryrecord.h"
#include "gitops/engine/leasekeeper.h"
#include "gitops/engine/leftbehind.h"
#include "gitops/engine/operationhost.h"
#include "gitops/engine/operationrunner.h"
#include "gitops/engine/pauses.h"
#include "gitops/engine/projectguard.h"
#include "gitops/engine/resourcelist.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// Reconciles one application: revision, render, comparison, decision, operation or heal. Whatever
/// happens (a commit, a live change, an answer, a timer, a command) ends in wake(), and one turn
/// looks at everything that is known then: events may come late, twice, or not at all. On the
/// engine's strand.
class ApplicationController : private OperationHost
{
public:
    ApplicationController(EngineContext& context, core::Application application, SavedState saved);
    ~ApplicationController() override;

    const core::Application& application() const { return *m_spec; }
    void setApplication(core::Application application);
    void wake() override;

    void liveChanged(const core::ObjectKey& key); ///< an object declared here or tracked to it
    void namespaceChanged(const core::ObjectKey& key); ///< perhaps one that objects live in
    void knowledgeChanged(const core::GroupKind& kind);
    void discoveryChanged();
    void connectionChanged();
    void customizationsChanged();
    void holdersChanged(); ///< another application declares other objects now, or is gone
    void projectChanged(); ///< or what is known of projects
    void childGone(const std::string& name);
    void childChanged(const std::string& name);
    /// Takes the application's objects down, with all rules of a prune; directory.finished follows.
    void beginRemoval();
    bool isBeingRemoved() const { return m_saved.deleting; }
    bool isRendered() const { return m_desired != nullptr; }
    bool isOurs() const; ///< we reconcile it, and nobody else does
    /// Nothing of it is reconciled any more: gives the Lease back.
    void release(std::function<void()> done);
    void forgetSaved();

    core::Result<void> take(const core::command::Sync& command);
    core::Result<void> take(const core::command::Refresh& command);
    core::Result<void> take(const core::command::SetPause& command);
    core::Result<void> take(const core::command::Resume& command);
    core::Result<void> take(const core::command::Confirm& command);
    core::Result<void> take(const core::command::Adopt& command);
    core::Result<void> take(const core::command::Terminate& command);
    core::Result<core::Answer> answer(const core::query::Manifests& query) const;
    core::Result<core::Answer> answer(const core::query::RenderedText& query) const;

    /// What it declares, and what became of it, for the platform's views.
    void describe(core::PlatformInputBuilder& out) const;

    core::HealthAssessment gate(); ///< of a parent's wave
    core::ApplicationStatePtr buildState();
    const Comparator& comparator() const { return m_comparator; }

private:
    // applicationview.cpp: what is published
    /// What m_list was made from, where that is all: while it is the same, so is the list.
    struct Listed
    {
        DesiredStatePtr desired;
        std::uint64_t verdicts = 0;
        std::uint64_t owners = 0;
        std::vector<std::uint64_t> live;
        bool operator==(const Listed&) const = default;
    };
    core::ResourceState declaredState(const core::ObjectKey& key, const DesiredObject& object,
                                      const LiveObjectPtr& live,
                                      const Comparator::Verdict* verdict);
    core::ResourceState extraState(const core::ObjectKey& key, const LiveObjectPtr& live);
    void addDeclared(const core::ObjectKey& key, const DesiredObject& object,
                     const Comparator::Verdict* verdict);
    std::optional<Listed> listedFrom() const;
    void updateResources();
    void tellNews(const core::ApplicationState& state);
    bool isWaitedFor() const;
    void tellGate();

    // applicationcontroller.cpp: from Git to the desired state
    void follow();
    bool isInvalid();
    void revisionFound(const core::Result<Revision>& found);
    void render();
    bool isLookingAgain() const;
    const std::shared_ptr<const core::Application>& compared();
    void rendered(std::uint64_t number, core::Result<DesiredStatePtr> result,
                  const std::vector<RemoteAddress>& wanted);
    void fetchFirst(const std::vector<RemoteAddress>& wanted);
    void remotesChanged();
    void tellStaleRemotes();
    void setDesired(DesiredStatePtr desired);
    void turn();
    void fullCompareLater();
    void withdraw();
    void watchKinds();
    void recordChildren();
    void followChildren();
    void lookForLeftBehind();

    // applicationdecision.cpp: what to do about it
    void verdictsChanged(const std::vector<core::ObjectKey>& keys);
    void decide();
    bool isReadyToDecide();
    void startManual();
    void decideRemoval();
    void decideAutomated();
    void decidePrune();
    void tidyHooks();
    void operationFinished(const core::Operation& operation);
    void tellSyncError(const std::string& message);
    void dropOldSyncError();
    void refreshExtras();
    std::string orphans() const;
    std::string windowBlocks() const;
    void updateConditions();
    void updateHolders();
    bool isOutOfSync(const Comparator::Verdict& verdict) const;
    bool wantsPrune(const core::ObjectKey& key) const;
    std::set<core::ObjectKey> waitingPrunes() const;
    std::string uidOf(const core::ObjectKey& key) const;
    bool isAsked(const core::ObjectKey& key) const;
    void askForConfirmation();
    std::vector<std::string> waitingNamespaces() const;
    bool areContentsKnown() const;
    std::string waitingContents() const;
    void tellQuestions();
    std::string unknownKinds() const;
    std::string whyNamespaceIsNotMade() const;
    std::string largePrune() const;
    std::string attemptKey() const;
    bool mayWriteNow() const { return whyWait().empty(); }
    void say(const std::string& activity);

    // applicationname.cpp: another application of the same name
    std::string rivalOrigin() const;
    std::string otherOrigin() const;
    void settleOrigin();
    void takeOverOrigin();

    // applicationheal.cpp: putting back what drifted
    void decideHeal();
    bool isHealable(const core::ObjectKey& key, const Comparator::Verdict& verdict);
    bool wasAppliedLast(const core::ObjectKey& key) const;
    bool isNamespaceReady(const core::ObjectKey& key) const;
    bool isNamespaceGoing(const core::ObjectKey& key) const;
    bool needsOrder(const std::vector<core::ObjectKey>& missing) const;
    core::SteadyTime noticedAt(const core::ObjectKey& key) const;
    bool isDrifted(const core::ObjectKey& key) const;
    void healNow(const core::ObjectKey& key);
    void healInWaves(const std::vector<core::ObjectKey>& missing);
    void healedInWaves(const core::Operation& operation);

    // applicationhost.cpp: what a running operation asks
    const core::Application& spec() const override { return *m_spec; }
    const DesiredStatePtr& desired() const override { return m_desired; }
    std::optional<LiveFacts> facts(const core::ObjectKey& key) override;
    std::set<core::ObjectKey> tracked() const override;
    KindAvailability availability(const core::GroupKind& kind) const override;
    std::string whyNoPrune() const override;
    std::set<core::ObjectKey> confirmed() const override;
    std::set<core::ObjectKey> outOfSync() const override;
    std::set<core::ObjectKey> withheld() const override;
    std::set<core::ObjectKey> asked() const override;
    bool isRemoval() const override { return m_saved.deleting; }
    bool seesNamespaces() const override;
    std::map<core::ObjectKey, std::string> forbidden() const override;
    std::string whyWait() const override;
    std::string refusal(const SyncAction& action) override;
    std::set<std::string> replacedManagers(const core::ObjectKey& key) const override;
    core::Result<core::ManifestPtr> decorated(const core::ManifestPtr& manifest,
                                              const core::ObjectKey& key) override;
    bool carryElsewhere(const SyncAction& action, const Done& done) override;
    void carriedOut(const SyncAction& action) override;
    void coverRecord(Done done) override;
    void save(Done done) override;
    void operationChanged() override;
    core::ManifestPtr decorate(const core::ManifestPtr& manifest, const LiveObjectPtr& live);
    std::string withheldBecause(const core::ObjectKey& key, const LiveObject& live) const;
    void saveSoon();
    KindPlaces recordedPlaces() const;
    std::string whyUnseen() const;
    bool isRecordCovered();

    EngineContext& m_context;
    std::shared_ptr<const core::Application> m_spec;
    std::shared_ptr<const core::Application> m_comparedSpec; ///< what m_compared was made of
    std::shared_ptr<const core::Application> m_compared;
    SavedState m_saved;
    std::string m_specDigest;
    ApplicationOrigin m_origin;

    std::optional<Revision> m_revision; ///< newest found
    std::optional<core::WallTime> m_lastFetched;
    core::WallTime m_shownFetch {}; ///< as last published
    std::optional<core::WallTime> m_lastReconciled;
    std::uint64_t m_renderNumber = 0; ///< of the newest render asked for
    std::uint64_t m_renderedNumber = 0; ///< of the newest that came back
    bool m_renderFailed = false; ///< the newest: then nothing is decided
    bool m_needsRender = false;
    DesiredStatePtr m_desired;
    std::shared_ptr<const core::Application> m_desiredSpec; ///< what m_desired was made for
    std::shared_ptr<const Discovery> m_desiredDiscovery;
    std::string m_activity;

    Conditions m_conditions;
    Pauses m_pauses;
    ProjectGuard m_guard;
    LeaseKeeper m_lease;
    InventoryRecord m_record;
    Children m_children;
    LeftBehind m_leftBehind;
    Comparator m_comparator;
    OperationRunner m_runner;
    Healer m_healer;
    ResourceList m_list; ///< as last published
    std::optional<Listed> m_listed;

    std::set<core::ObjectKey> m_differing; ///< declared, and not as declared (also quietly)
    SyncOptions m_pruneOptions; ///< of the spec, as m_kept was made
    std::set<core::ObjectKey> m_kept; ///< of m_extras: never pruned, whoever agrees
    std::set<core::ObjectKey> m_extras; ///< tracked here, declared nowhere
    std::vector<core::ObjectKey> m_untold; ///< asked about, and not told before it can be said well
    core::SteadyTime m_contentsDue {};
    bool m_watchesContents = false; ///< a namespace waits for a person
    std::string m_orphans; ///< of its namespace, nobody's
    std::string m_claimed; ///< objects that say they are ours, without proof
    bool m_extrasChanged = true;
    std::set<core::ObjectKey> m_withheld; ///< declared, but another's
    std::string m_argoHolder;
    std::string m_shared; ///< text for SharedResourceWarning
    std::map<core::ObjectKey, core::SteadyTime> m_noticed; ///< when a live change arrived
    std::set<core::ObjectKey> m_drifted; ///< told as DriftFound
    /// What the running heal in waves puts back, and when its absence was noticed.
    std::map<core::ObjectKey, std::pair<core::ResourceDiffPtr, core::SteadyTime>> m_comingBack;
    std::set<core::ObjectKey> m_releasing; ///< hooks whose finalizer is being taken away
    std::string m_pruneTried; ///< what the last prune of leftovers was about
    bool m_specMoved = false; ///< since the running operation began
    std::string m_syncErrorOf; ///< the revision and spec that SyncError is about
    std::deque<core::command::Sync> m_requests;
    std::optional<core::SteadyTime> m_lastFailure;
    std::map<core::ObjectKey, std::pair<LiveObjectPtr, LiveFacts>> m_facts;
    core::SyncState m_lastSync = core::SyncState::Unknown;
    std::optional<core::HealthAssessment> m_toldGate; ///< to the parent, while it is waited for
    core::Health m_lastHealth = core::Health::Unknown;

    bool m_awake = false;
    bool m_onlyLooks = false; ///< the next turn only begins a look at what is known
    bool m_onlyTimes = false; ///< the next turn comes from a look at Git that found nothing new
    core::SteadyTime m_lastTurn {};
    core::Executor::TimerId m_turnTimer = 0;
    bool m_mayWrite = false; ///< the Lease is ours
    bool m_covering = false; ///< the record is being written for a heal
    bool m_savePending = false;
    bool m_forgotten = false;
    bool m_withdrawn = false;
    core::Executor::TimerId m_fullCompareTimer = 0;
    Alive m_alive;
};

} // namespace gitops
