// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/objectwriter.h"
#include "gitops/engine/operationhost.h"
#include "gitops/sync/results.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace gitops {

struct EngineOptions;

/// What an application says of prunes.
void readPruneOptions(const core::Application& spec, bool isRemoval, SyncOptions& options);

/// What a running operation shows to the planner, kept up to date: only what was touched, and what
/// time alone may change, is looked at again. On the engine's strand.
class OperationInput
{
public:
    OperationInput(OperationHost& host, const core::Clock& clock, const EngineOptions& options);

    /// Takes everything in, as the application and the cluster are now.
    void fill(const core::Operation& operation, bool force);
    void clear();
    bool isFilled() const { return m_filled; }
    const SyncInput& value() const { return m_value; }

    void touch(const core::ObjectKey& key); ///< its live object may have changed
    void touchAll();
    void refresh(); ///< before a step
    /// When time alone may change what was seen by the last refresh().
    std::optional<core::SteadyTime> nextLook() const { return m_nextLook; }

    const LiveView* find(const core::ObjectKey& key) const;
    void setInFlight(const core::ObjectKey& key, bool inFlight);
    void setTerminating() { m_value.terminate = true; }
    /// Where in value().results it stands.
    std::size_t add(core::ResourceResult result);
    /// A result says that the object is applied.
    bool isSynced(const core::ObjectKey& key) const;
    /// The answer to an action with isTrial.
    void addTried(const SyncAction& action, const core::Result<Written>& answer);
    /// It cannot be changed in place: the next step deletes it and makes it again.
    void makeAnew(const core::ObjectKey& key) { m_value.anew.insert(key); }
    /// A real write is about to be sent: nothing is tried any more.
    void endTrial() { m_value.options.tryFirst = false; }
    /// Our own write of an object, dry or not, put in the planner's words.
    WriteOutcome wrote(const SyncAction& action, const Written& written);

private:
    struct WriteNote
    {
        std::int64_t generation = 0;
        core::Digest status;
        core::SteadyTime at {};
        bool unchanged = false;
        std::optional<core::SteadyTime> behindSince; ///< the live generation is lower
    };
    void readOptions(const core::Operation& operation, bool force);
    void look(const core::ObjectKey& key);
    void pruneAgain();
    std::optional<core::SteadyTime> judgeGeneration(const core::ObjectKey& key,
                                                    const LiveView& view);
    void judgeTime(const core::ObjectKey& key, LiveView& view, const LiveFacts& facts);

    OperationHost& m_host;
    const core::Clock& m_clock;
    const EngineOptions& m_options;

    SyncInput m_value;
    std::map<std::pair<core::ObjectKey, core::SyncPhase>, std::size_t> m_places; ///< of results
    bool m_filled = false;
    std::set<core::ObjectKey> m_touched;
    std::set<core::ObjectKey> m_timed; ///< time alone may change what is known of them
    std::optional<core::SteadyTime> m_nextLook;
    std::map<core::ObjectKey, WriteNote> m_notes;
    std::map<core::ObjectKey, core::SteadyTime> m_degradedSince;
    std::map<core::ObjectKey, core::SteadyTime> m_prunedAt;
};

} // namespace gitops
