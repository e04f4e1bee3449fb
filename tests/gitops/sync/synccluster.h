// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/results.h"
#include "gitops/sync/syncplanner.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// One object in a line of a test: "Deployment web wave=1 hook=PreSync". The first two words are
/// Kind[.group] and name; then name=value pairs: wave, weight (Helm's), hook, helm (Helm's hook),
/// policy, options, ttl, ns ("-": none; "shop" without it), generate, suspend, and for live objects
/// uid, gen, health, deleting, notours, preexisting, kept (the hook finalizer).
struct ObjectLine
{
    core::GroupVersionKind kind;
    core::ObjectKey key;
    std::map<std::string, std::string> words;
    bool has(const std::string& word) const { return words.contains(word); }
    std::string word(const std::string& name) const;
};

/// Lines with ";" between.
std::vector<ObjectLine> parseLines(const std::string& text);
core::ManifestPtr manifestOf(const ObjectLine& line);
std::vector<core::ManifestPtr> manifestsOf(const std::string& lines);
gitops::LiveView liveOf(const ObjectLine& line);
std::map<core::ObjectKey, gitops::LiveView> liveMapOf(const std::string& lines);
/// "Deployment/web", the short form of messages in tests.
std::string shortName(const core::ObjectKey& key);

/// A cluster that behaves: objects get their health some ticks after a write, deletions take time
/// and wait for finalizers, writes to what is not served or not allowed fail.
class SyncCluster
{
public:
    struct Behaviour
    {
        core::HealthAssessment end {core::Health::Healthy, ""};
        int ticks = 1; ///< until then Progressing
        int goneTicks = 1; ///< that a deletion takes
    };

    void put(const std::string& lines); ///< live objects as they are
    void setBehaviour(const std::string& name, Behaviour behaviour)
    {
        m_behaviours[name] = behaviour;
    }
    void refuse(const std::string& name, const core::Error& error)
    {
        m_refused.insert_or_assign(name, error);
    }
    void refuse(const std::string& name)
    {
        refuse(name, {.code = core::ErrorCode::Forbidden, .message = name + " is refused"});
    }
    core::Result<gitops::WriteOutcome> carryOut(const gitops::SyncAction& action);
    void tick();
    std::map<core::ObjectKey, gitops::LiveView> live() const;
    std::map<core::GroupKind, gitops::KindAvailability> kinds() const { return m_kinds; }
    void setKind(const core::GroupKind& kind, gitops::KindAvailability availability)
    {
        m_kinds[kind] = availability;
    }
    /// Every write that was carried out, "+Deployment/web", "-Job/old", "~Job/x" (released).
    const std::vector<std::string>& log() const { return m_log; }
    bool has(const core::ObjectKey& key) const { return m_objects.contains(key); }
    std::vector<std::string> names() const;

private:
    struct Object
    {
        gitops::LiveView view;
        int readyIn = 0;
        int goneIn = 0;
    };
    core::Result<gitops::WriteOutcome> write(const gitops::SyncAction& action);
    core::Result<gitops::WriteOutcome> remove(const gitops::SyncAction& action);
    Behaviour behaviourOf(const core::ObjectKey& key) const;

    std::map<core::ObjectKey, Object> m_objects;
    std::map<std::string, Behaviour> m_behaviours;
    std::map<std::string, core::Error> m_refused;
    std::map<core::GroupKind, gitops::KindAvailability> m_kinds;
    std::map<core::GroupKind, int> m_establishing;
    std::vector<std::string> m_log;
    int m_nextUid = 1;
};

/// Drives planStep to its end.
struct SyncRun
{
    gitops::SyncInput input;
    SyncCluster cluster;
    gitops::SyncStep last;
    std::vector<std::string> steps; ///< what each step with actions asked for
    int maxSteps = 300;
    /// Called before each step; may lose results (a crash) or confirm prunes.
    std::function<void(SyncRun&, int)> before;
    /// Decides whether an action is answered at once; else it stays in flight for a few ticks.
    std::function<bool(const gitops::SyncAction&)> answersAtOnce;
    std::string complaint; ///< "" unless a promise was broken on the way

    void runToEnd();
    std::string stepsText() const;
    const core::ResourceResult* result(const std::string& shortName) const;

private:
    struct Flight
    {
        gitops::SyncAction action;
        int ticks;
    };
    void send(const gitops::SyncAction& action);
    void land(const gitops::SyncAction& action);
    void check(const gitops::SyncStep& step);
    std::vector<Flight> m_flights;
};

} // namespace tests
