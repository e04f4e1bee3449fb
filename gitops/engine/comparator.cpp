// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/comparator.h"

#include "gitops/cluster/jsonbody.h"
#include "gitops/diff/differ.h"

#include <algorithm>
#include <deque>

namespace gitops {

namespace {

constexpr std::size_t kAtOnce = 16; ///< compared on the strand itself: a heal must not wait
constexpr std::size_t kParallelDryRuns = 10;
constexpr std::size_t kRemembered = 50'000;
constexpr std::chrono::milliseconds kAskAgain {5'000};

using DiffVerdict = core::ResourceDiff::Verdict;

/// What an answer of the server depends on.
core::Digest questionDigest(const core::Manifest& desired, const LiveObject& live,
                            const core::ResourceDiff& doubts, std::uint64_t schemaVersion)
{
    std::string text = desired.digest().hex() + live.digest.hex() + live.uid + '\n'
        + std::to_string(schemaVersion) + '\n';
    for (const core::FieldChange& change : doubts.changes)
        text += std::to_string(int(change.type)) + change.path + '\n';
    return core::sha256(text);
}

core::ResourceDiff couldNotTell(const core::ObjectKey& key, std::string reason)
{
    core::ResourceDiff diff;
    diff.verdict = DiffVerdict::CouldNotTell;
    diff.key = key;
    diff.reason = std::move(reason);
    return diff;
}

} // namespace

struct Comparator::Job
{
    core::ManifestPtr desired;
    LiveObjectPtr live;
    std::shared_ptr<const core::Application> application;
    CustomSchemas::Keys listKeys; ///< of a custom kind; null: not known
    JqSelect jq;

    DiffContext context() const;
    Outcome run() const;
};

struct Comparator::Outcome
{
    core::ManifestPtr desired;
    LiveObjectPtr live;
    CustomSchemas::Keys listKeys;
    Comparison comparison;
    core::Digest question;
};

struct Comparator::Memory
{
    std::unordered_map<core::Digest, core::ResourceDiff, core::DigestHash> answers;
    std::deque<Outcome> waiting; ///< for a dry-run
    std::size_t asking = 0;
    /// Kinds whose definition is asked for, or could not be read: then that of Git, if it has one.
    std::map<core::GroupKind, CustomSchemas::Keys> schemas;
};

DiffContext Comparator::Job::context() const
{
    DiffContext context;
    if (application)
        context.ignore = application->ignoreDifferences;
    context.jq = jq;
    if (listKeys)
        context.listKeys = [keys = listKeys, version = desired->kind().version](
                               const core::GroupKind&, std::string_view path) {
            return keys->at(version, path);
        };
    return context;
}

Comparator::Outcome Comparator::Job::run() const
{
    Outcome outcome {desired, live, listKeys, {}, {}};
    const auto parsed = parseBody(*live->manifest);
    if (!parsed) {
        outcome.comparison.diff = couldNotTell(desired->key(), parsed.error().text());
        return outcome;
    }
    outcome.comparison = compare(*desired, &*parsed, context());
    return outcome;
}

Comparator::Comparator(core::Executor& executor, core::WorkPool& pool, ApiClient& api,
                       LiveState& live, ClusterKnowledge& cluster, Decorator decorate,
                       Elsewhere elsewhere,
                       std::function<void(const std::vector<core::ObjectKey>&)> changed)
    : m_executor(executor)
    , m_pool(pool)
    , m_api(api)
    , m_live(live)
    , m_cluster(cluster)
    , m_decorate(std::move(decorate))
    , m_elsewhere(std::move(elsewhere))
    , m_changed(std::move(changed))
    , m_memory(std::make_unique<Memory>())
{
}

Comparator::~Comparator() = default;

void Comparator::setDesired(const DesiredStatePtr& desired,
                            std::shared_ptr<const core::Application> application, JqSelect jq)
{
    const bool ignoreChanged = m_application != application;
    ++m_version;
    m_desired = desired;
    m_jq = std::move(jq);
    m_application = std::move(application);
    std::erase_if(m_verdicts, [&](const auto& entry) {
        auto found = desired->objects.find(entry.first);
        return found == desired->objects.end() || !found->second.isCompared();
    });
    std::erase_if(m_unsettled, [&](const auto& key) { return !m_verdicts.contains(key); });
    std::erase_if(m_touched, [&](const auto& key) { return !desired->objects.contains(key); });
    std::erase_if(m_memory->schemas, [](const auto& entry) { return entry.second != nullptr; });
    if (ignoreChanged) {
        m_memory->answers.clear();
        m_verdicts.clear();
        m_unsettled.clear();
    }
    touchAll();
}

void Comparator::touch(const core::ObjectKey& key)
{
    if (!m_desired)
        return;
    auto found = m_desired->objects.find(key);
    if (found != m_desired->objects.end() && found->second.isCompared())
        m_touched.insert(key);
}

void Comparator::touchKind(const core::GroupKind& kind)
{
    if (!m_desired || !m_desired->kinds.contains(kind))
        return;
    for (const auto& [key, object] : m_desired->objects)
        if (key.groupKind() == kind)
            touch(key);
}

void Comparator::touchAll()
{
    m_allTouched = m_desired != nullptr;
}

void Comparator::lookAnew()
{
    m_foundSame.reset();
    touchAll();
}

std::vector<std::uint64_t> Comparator::liveVersions() const
{
    std::vector<std::uint64_t> versions;
    if (m_desired)
        for (const core::GroupKind& kind : m_desired->kinds)
            versions.push_back(m_live.version(kind));
    return versions;
}

void Comparator::decorateAnew()
{
    ++m_version;
    for (auto& [key, verdict] : m_verdicts)
        verdict.declared.reset();
    touchAll();
}

const Comparator::Verdict* Comparator::find(const core::ObjectKey& key) const
{
    auto found = m_verdicts.find(key);
    return found == m_verdicts.end() ? nullptr : &found->second;
}

/// Neither side has moved since it was judged: told by pointers alone, without a look at either.
bool Comparator::isAsBefore(const core::ObjectKey& key, const DesiredObject& object,
                            const Verdict& verdict) const
{
    return verdict.settled && verdict.live && verdict.declared == object.manifest
        && verdict.value() != DiffVerdict::CouldNotTell && verdict.live == m_live.find(key)
        && !(m_elsewhere && m_elsewhere(key, *object.manifest));
}

/// Of all objects those that need a look, else those that were named.
std::vector<core::ObjectKey> Comparator::takeTouched()
{
    const std::set<core::ObjectKey> named = std::exchange(m_touched, {});
    if (!std::exchange(m_allTouched, false))
        return {named.begin(), named.end()};
    auto now = std::pair(m_version, liveVersions());
    if (named.empty() && m_foundSame == now)
        return {};
    std::vector<core::ObjectKey> keys;
    auto verdict = m_verdicts.begin();
    for (const auto& [key, object] : m_desired->objects) {
        while (verdict != m_verdicts.end() && verdict->first < key)
            ++verdict;
        const bool isKnown = verdict != m_verdicts.end() && verdict->first == key;
        if (object.isCompared() && !(isKnown && isAsBefore(key, object, verdict->second)))
            keys.push_back(key);
    }
    if (keys.empty())
        m_foundSame = std::move(now);
    return keys;
}

/// True when the verdict is clear without a comparison; else one is asked for where it is needed.
bool Comparator::look(const core::ObjectKey& key, const DesiredObject& object,
                      std::vector<Job>& jobs)
{
    LiveObjectPtr live = m_live.find(key);
    core::ManifestPtr desired = m_decorate(object.manifest, live);
    Verdict& verdict = m_verdicts[key];
    verdict.declared = object.manifest;
    // What lives in the engine alone changes without a live object: it is looked at each time.
    const bool isElsewhere = m_elsewhere && m_elsewhere(key, *desired).has_value();
    const bool known =
        verdict.settled && verdict.value() != DiffVerdict::CouldNotTell && !isElsewhere;
    if (known && verdict.live == live && verdict.desired->digest() == desired->digest()
        && (live || verdict.value() != DiffVerdict::MissingLive || m_cluster.isComplete(key))) {
        verdict.desired = std::move(desired); // its origins may have moved
        return false;
    }
    ++m_version;
    verdict.desired = desired;
    verdict.live = live;
    verdict.settled = false;
    m_unsettled.insert(key);
    if (decideWithoutLooking(key, verdict)) {
        verdict.settled = verdict.judged = true;
        m_unsettled.erase(key);
        return true;
    }
    jobs.push_back(
        {std::move(desired), std::move(live), m_application, listKeys(key.groupKind()), m_jq});
    return false;
}

void Comparator::step()
{
    std::vector<Job> jobs;
    std::vector<core::ObjectKey> decided;
    for (const core::ObjectKey& key : takeTouched())
        if (look(key, m_desired->objects.at(key), jobs))
            decided.push_back(key);
    m_comparisons += jobs.size();
    if (!decided.empty() && m_changed)
        m_changed(decided);
    if (jobs.empty())
        return;
    const auto work = [](const std::vector<Job>& some) {
        std::vector<Outcome> outcomes;
        outcomes.reserve(some.size());
        for (const Job& job : some)
            outcomes.push_back(job.run());
        return outcomes;
    };
    const bool asksJq = m_jq && m_application
        && std::ranges::any_of(m_application->ignoreDifferences,
                               [](const core::IgnoreDifference& rule) {
                                   return !rule.jqPathExpressions.empty();
                               });
    if (jobs.size() <= kAtOnce && !asksJq) {
        take(work(jobs));
        return;
    }
    auto done = m_alive.guard([this](std::vector<Outcome> outcomes) { take(std::move(outcomes)); });
    m_pool.run([work, jobs = std::move(jobs), &executor = m_executor, done]() mutable {
        executor.post([outcomes = work(jobs), done]() mutable { done(std::move(outcomes)); });
    });
}

bool Comparator::decideWithoutLooking(const core::ObjectKey& key, Verdict& verdict)
{
    const auto conclude = [&](DiffVerdict value, std::string reason) {
        auto diff = std::make_shared<core::ResourceDiff>();
        diff->verdict = value;
        diff->key = key;
        diff->reason = std::move(reason);
        verdict.diff = value == DiffVerdict::Same ? nullptr : std::move(diff);
        return true;
    };
    if (const auto value = m_elsewhere ? m_elsewhere(key, *verdict.desired) : std::nullopt)
        return conclude(*value, "");
    if (!verdict.live) {
        if (!m_cluster.isComplete(key))
            return conclude(DiffVerdict::CouldNotTell, m_cluster.whyIncomplete(key));
        if (m_cluster.availability(key.groupKind()) == KindAvailability::Missing)
            return conclude(DiffVerdict::MissingLive,
                            "The server does not serve " + key.groupKind().text() + ".");
        return conclude(DiffVerdict::MissingLive, "");
    }
    if (!verdict.live->manifest)
        return conclude(DiffVerdict::CouldNotTell, "Its manifest has not been read yet.");
    return false;
}

void Comparator::take(std::vector<Outcome> outcomes)
{
    std::vector<core::ObjectKey> settled;
    for (Outcome& outcome : outcomes) {
        const core::ObjectKey key = outcome.desired->key();
        auto found = m_verdicts.find(key);
        if (found == m_verdicts.end() || found->second.live != outcome.live
            || found->second.desired->digest() != outcome.desired->digest())
            continue; // compared again since
        if (outcome.comparison.needsListKeys) {
            askListKeys(key.groupKind());
            continue;
        }
        if (!outcome.comparison.needsDryRun) {
            settle(key, std::move(outcome.comparison.diff));
            settled.push_back(key);
            continue;
        }
        outcome.question = questionDigest(*outcome.desired, *outcome.live, outcome.comparison.diff,
                                          m_cluster.schemaVersion());
        if (auto known = m_memory->answers.find(outcome.question);
            known != m_memory->answers.end()) {
            settle(key, known->second);
            settled.push_back(key);
        } else {
            askServer(std::move(outcome));
        }
    }
    if (!settled.empty() && m_changed)
        m_changed(settled);
}

/// Null: not known, and never asked for yet; a comparison that needs them says so.
CustomSchemas::Keys Comparator::listKeys(const core::GroupKind& kind) const
{
    if (core::builtinKind(kind))
        return nullptr;
    if (auto known = m_cluster.listKeys(kind))
        return known;
    const auto instead = m_memory->schemas.find(kind);
    return instead == m_memory->schemas.end() ? nullptr : instead->second;
}

/// Of a definition that Git declares: the next best when the cluster's cannot be read.
CustomSchemas::Keys Comparator::declaredListKeys(const core::GroupKind& kind) const
{
    for (const auto& [key, object] : m_desired->objects) {
        if (key.kind != "CustomResourceDefinition")
            continue;
        const core::Json definition = object.manifest->value();
        if (core::stringAt(definition, {"spec", "group"}) == kind.group
            && core::stringAt(definition, {"spec", "names", "kind"}) == kind.kind)
            return core::CustomListKeys::of(definition);
    }
    return core::CustomListKeys::none();
}

void Comparator::askListKeys(const core::GroupKind& kind)
{
    if (!m_memory->schemas.try_emplace(kind, nullptr).second)
        return; // asked already: all of the kind is looked at again then
    m_cluster.askListKeys(
        kind, m_alive.guard([this, kind](const core::Result<CustomSchemas::Keys>& keys) {
            if (!keys && keys.error().isRetryable()) {
                m_executor.postAt(m_executor.clock().steadyNow() + kAskAgain,
                                  m_alive.guard([this, kind] { listKeysFound(kind, nullptr); }));
                return;
            }
            listKeysFound(kind, keys ? nullptr : declaredListKeys(kind));
        }));
}

/// Looks again at what waited for it. instead: what is used when the cluster has no answer.
void Comparator::listKeysFound(const core::GroupKind& kind, CustomSchemas::Keys instead)
{
    m_memory->schemas.erase(kind);
    if (instead)
        m_memory->schemas[kind] = std::move(instead);
    std::vector<core::ObjectKey> again;
    for (const core::ObjectKey& key : m_unsettled)
        if (key.groupKind() == kind)
            again.push_back(key);
    for (const core::ObjectKey& key : again)
        touch(key);
    if (m_changed)
        m_changed(again);
}

void Comparator::askServer(Outcome outcome)
{
    if (m_memory->asking >= kParallelDryRuns) {
        m_memory->waiting.push_back(std::move(outcome));
        return;
    }
    const ApiResource* resource = m_cluster.resource(outcome.desired->kind());
    if (!resource) {
        answered(
            std::move(outcome),
            core::failure(core::ErrorCode::NotFound, "The server does not serve this version."));
        return;
    }
    ++m_memory->asking;
    const core::ManifestPtr desired = outcome.desired;
    m_api.apply(*resource, desired->key().namespaceName, desired->key().name, desired->text(),
                {.force = true, .dryRun = true},
                m_alive.guard([this, outcome = std::move(outcome)](core::Result<ApiObject> answer) {
                    --m_memory->asking;
                    answered(outcome, std::move(answer));
                    while (m_memory->asking < kParallelDryRuns && !m_memory->waiting.empty()) {
                        Outcome next = std::move(m_memory->waiting.front());
                        m_memory->waiting.pop_front();
                        askServer(std::move(next));
                    }
                }));
}

void Comparator::answered(Outcome outcome, core::Result<ApiObject> answer)
{
    const core::ObjectKey key = outcome.desired->key();
    core::ResourceDiff diff;
    if (!answer) {
        diff = couldNotTell(key, "The server refused to try it: " + answer.error().message);
        if (answer.error().isRetryable())
            m_executor.postAt(m_executor.clock().steadyNow() + kAskAgain,
                              m_alive.guard([this, key] {
                                  touch(key);
                                  if (m_changed)
                                      m_changed({key});
                              }));
        else
            m_memory->answers[outcome.question] = diff;
    } else if (const auto live = parseBody(*outcome.live->manifest)) {
        const Job job {outcome.desired, outcome.live, m_application, outcome.listKeys, m_jq};
        diff = compareWithDryRun(*outcome.desired, *live, answer->object, job.context());
        if (m_memory->answers.size() >= kRemembered)
            m_memory->answers.clear();
        m_memory->answers[outcome.question] = diff;
    }
    auto found = m_verdicts.find(key);
    if (found == m_verdicts.end() || found->second.live != outcome.live
        || found->second.desired->digest() != outcome.desired->digest())
        return;
    settle(key, std::move(diff));
    if (m_changed)
        m_changed({key});
}

void Comparator::settle(const core::ObjectKey& key, core::ResourceDiff diff)
{
    Verdict& verdict = m_verdicts[key];
    ++m_version;
    diff.key = key;
    verdict.settled = verdict.judged = true;
    verdict.diff = diff.verdict == DiffVerdict::Same && diff.changes.empty()
        ? nullptr
        : std::make_shared<const core::ResourceDiff>(std::move(diff));
    m_unsettled.erase(key);
}

} // namespace gitops
