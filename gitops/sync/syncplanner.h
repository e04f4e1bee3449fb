// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/diff.h"
#include "core/model/operation.h"
#include "core/model/status.h"
#include "core/object/manifest.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// The planner's view of one live object.
struct LiveView
{
    std::string uid;
    core::GroupVersionKind kind;
    int wave = 0; ///< of the annotation on the live object (prunes go by it)
    bool deleting = false;
    std::vector<std::string> finalizers;
    bool ours = false; ///< proven as DESIGN.md, section 4 has it: tracking id names it, our Apply
                       ///< entry, no owner
    bool preexisting = false;
    std::map<std::string, std::string> annotations;
    core::HealthAssessment health;
    std::int64_t generation = 0;
    /// Status was written at or after the generation that we applied, or the kind needs no such
    /// proof.
    bool observed = true;
    /// health has been what it is for longer than the grace of a Degraded object: only then does
    /// Degraded fail its wave. A reader without a clock leaves it true.
    bool settled = true;
};

/// What the cluster serves, as far as a plan needs it.
enum class KindAvailability
{
    Served,
    Missing,
    Unknown
};

struct SyncOptions
{
    bool dryRun = false;
    bool prune = false;
    bool force = false;
    bool pruneLast = false;
    bool applyOutOfSyncOnly = false;
    bool createNamespace = false;
    /// The application says what the namespace's labels or annotations are: they are applied to one
    /// that exists, too.
    bool managesNamespace = false;
    /// The whole application goes: options of deletion count in place of those of prunes.
    bool removal = false;
    bool replace = false;
    bool skipDryRunOnMissingResource = false;
    /// Objects that would change are tried on the server before the first write (see trial.h).
    /// Whoever carries the steps out switches it off with the first action that is no trial.
    bool tryFirst = false;
    std::string prunePropagationPolicy = "foreground";
    /// The application's own Prune option, "false" or "confirm"; an object's annotation goes first.
    std::string pruneOption;
    std::string deleteOption; ///< the same for its removal
    /// The application says that protected kinds and large prunes need no person.
    bool pruneUnattended = false;
    std::vector<core::ObjectKey> only; ///< a partial sync: no hooks run
    /// Prunes that a person agreed to. They may come while the operation runs, or with the next
    /// one: held prunes end an operation as PruneSkipped and do not keep it running (those of
    /// Prune=confirm do, as in Argo CD).
    std::set<core::ObjectKey> confirmed;
    /// Prunes that were put to a person before, and are not answered: they go on waiting, whatever
    /// their number is now.
    std::set<core::ObjectKey> asked;
    std::set<core::ObjectKey> outOfSync; ///< for applyOutOfSyncOnly
};

/// Everything a step looks at. Values only.
struct SyncInput
{
    std::string application;
    std::string revision;
    std::string destinationNamespace;
    core::WallTime startedAt {};
    std::vector<core::ManifestPtr>
        desired; ///< from a complete render, tracking annotation already set
    /// Declared, but not ours to write: neither applied nor pruned.
    std::set<core::ObjectKey> withheld;
    /// Of desired objects, of all tracked to the application, and of the namespaces that desired
    /// objects live in. The answers of our own writes are in it before their results are
    /// (LiveState::observeWrite): an object that is not here although its result says Synced was
    /// deleted.
    std::map<core::ObjectKey, LiveView> live;
    /// Declared, but not permitted to this application, and why: the sync does not begin.
    std::map<core::ObjectKey, std::string> forbidden;
    /// Answers to the actions with isTrial, as refusalOf() has them: "" unless the server refuses.
    std::map<core::ObjectKey, std::string> tried;
    /// Of this operation so far, kept with mergeResult(); empty: it begins.
    std::vector<core::ResourceResult> results;
    /// Refused in place, and to be deleted and made again as with Force=true,Replace=true (see
    /// isRemediedByForce).
    std::set<core::ObjectKey> anew;
    /// Built-in kinds that are not in it count as Served, all others as Unknown.
    std::map<core::GroupKind, KindAvailability> kinds;
    std::set<core::ObjectKey> inFlight; ///< writes without an answer yet
    SyncOptions options;
    /// No prune at all, and why ("" when allowed): incomplete knowledge, no record, shrunken
    /// render.
    std::string pruneHeldBecause;
    /// A person ends it: running hooks are deleted, what was applied stays, the end is Failed.
    bool terminate = false;
};

/// One thing to do now. Actions of one step may be carried out beside each other. Every action is
/// answered by resultOf() (gitops/sync/results.h), merged into the results before the next step;
/// until then its key stands in inFlight. An unknown outcome is read back first.
/// Every Apply is a forced server-side apply. With force, or with the annotation Force=true, an
/// object that is refused for an immutable field goes into SyncInput::anew.
/// ReleaseHook is a JSON merge patch that leaves the object `finalizers` alone, with its uid as a
/// precondition: it must never create an object.
struct SyncAction
{
    enum class Type
    {
        Apply,
        Replace,
        Delete,
        CreateNamespace,
        ReleaseHook
    } type = Type::Apply;
    core::ObjectKey key;
    core::SyncPhase phase = core::SyncPhase::Sync;
    int wave = 0;
    std::string hook;
    core::ManifestPtr manifest; ///< of an Apply or Replace
    std::string uid; ///< of a Delete or ReleaseHook: its precondition
    std::vector<std::string> finalizers; ///< of a ReleaseHook: those that stay
    std::string propagationPolicy; ///< of a Delete
    bool dryRun = false;
    bool force = false;
    /// Answered into SyncInput::tried instead of the results.
    bool isTrial = false;
    /// Tidies up a hook: takes its finalizer away, or deletes it after it has ended.
    bool cleansUp = false;
};

/// What a step decided.
struct SyncStep
{
    std::vector<SyncAction> actions;
    std::vector<core::ResourceResult>
        results; ///< new or changed ones, to be saved before the next step
    core::OperationPhase phase = core::OperationPhase::Running;
    std::string
        message; ///< "waiting for healthy state of kafka.strimzi.io/Kafka/event-cluster and 2 more"
    std::vector<core::WaveProgress> waves; ///< all of them, in order
    std::vector<core::ObjectKey> needsConfirmation;
    bool heldByPerson = false; ///< nothing goes on before a person agrees to a prune
};

/// On an Application, with the value "unattended": protected kinds and large prunes need no person.
inline constexpr std::string_view kPruneAnnotation = "wavewright.dev/prune";

/// One step of a sync: phases, waves, kind order, hooks, prunes in reverse waves, waiting for what
/// was really observed. Pure: same input, same step; call it again whenever results or live objects
/// changed. Order and waiting follow Argo CD (shared reference argocd.md, 1.1 to 1.10), with the
/// differences that ARCHITECTURE.md lists.
SyncStep planStep(const SyncInput& input);

/// Wave of an object: argocd.argoproj.io/sync-wave, else helm.sh/hook-weight, else 0.
int waveOf(const std::map<std::string, std::string>& annotations);

/// The removal of an application leaves the object behind: Delete=false on it (or, with nothing on
/// it, on the application), or Helm's resource policy "keep".
bool staysOnRemoval(const std::map<std::string, std::string>& annotations,
                    const std::string& deleteOption);

/// Prunes that always wait for a person (DESIGN.md, section 6, promise 2).
bool isProtectedKind(const core::GroupKind& kind);
bool isProtectedNamespace(std::string_view name); ///< default and kube-*: never pruned

} // namespace gitops
