// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/healer.h"

#include <algorithm>
#include <cmath>

namespace gitops {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHealsBeforeFight = 3;
constexpr auto kFightWindow = std::chrono::minutes(10);
constexpr auto kCalm = std::chrono::minutes(1); ///< after which a fight is over
constexpr milliseconds kFirstWait {2'000};
constexpr milliseconds kLongestWait {300'000};

milliseconds waitAfter(std::size_t times)
{
    const double wait =
        double(kFirstWait.count()) * std::pow(3.0, double(std::min<std::size_t>(times, 8)));
    return milliseconds(std::min(std::int64_t(wait), std::int64_t(kLongestWait.count())));
}

} // namespace

bool isAutoscaled(const core::FieldChange& change)
{
    return change.path == "/spec/replicas" && change.author && change.author->subresource == "scale"
        && (change.author->manager == "kube-controller-manager"
            || change.author->manager.starts_with("keda")
            || change.author->manager.find("horizontal-pod-autoscaler") != std::string::npos);
}

bool isAutoscaledOnly(const core::ResourceDiff& diff)
{
    return !diff.changes.empty()
        && std::ranges::all_of(diff.changes, [](const core::FieldChange& change) {
               return change.type == core::FieldChange::Type::NotOurs || isAutoscaled(change);
           });
}

Healer::Healer(std::string application, ObjectWriter& writer, core::Executor& executor,
               EventStream& events, std::function<void()> changed)
    : m_application(std::move(application))
    , m_writer(writer)
    , m_executor(executor)
    , m_events(events)
    , m_changed(std::move(changed))
{
}

Healer::~Healer() = default;

void Healer::heal(const core::ManifestPtr& manifest, const core::ResourceDiff& diff,
                  core::SteadyTime noticed)
{
    if (isHealing(diff.key) || !begin(diff))
        return;
    m_underWay.insert(diff.key);
    WriteRequest request;
    request.key = diff.key;
    request.application = m_application;
    request.manifest = manifest;
    request.urgent = true;
    request.refusal = m_alive.ask(std::optional<core::Error>(),
                                  [this] { return refusal ? refusal() : std::nullopt; });
    m_writer.write(std::move(request),
                   m_alive.guard([this, diff, noticed](core::Result<Written> answer) {
                       m_underWay.erase(diff.key);
                       if (answer)
                           succeeded(diff, noticed);
                       else
                           failed(diff, answer.error().text());
                       m_changed();
                   }));
}

bool Healer::begin(const core::ResourceDiff& diff)
{
    stir(diff);
    if (mustWaitUntil(diff))
        return false;
    note(diff);
    return true;
}

std::optional<core::SteadyTime> Healer::mustWaitUntil(const core::ResourceDiff& diff)
{
    const auto now = m_executor.clock().steadyNow();
    std::optional<core::SteadyTime> until;
    const auto consider = [&](core::SteadyTime when) {
        if (when > now)
            until = std::max(until.value_or(when), when);
    };
    if (auto failure = m_failures.find(diff.key); failure != m_failures.end())
        consider(failure->second.notBefore);
    for (const core::FieldChange& change : diff.changes)
        if (auto field = m_fields.find({diff.key, change.path}); field != m_fields.end())
            consider(field->second.notBefore);
    if (diff.changes.empty())
        if (auto field = m_fields.find({diff.key, ""}); field != m_fields.end())
            consider(field->second.notBefore);
    return until;
}

/// It was changed again: a fight over one of its fields goes on.
void Healer::stir(const core::ResourceDiff& diff)
{
    const auto end = [&](const std::string& path) {
        if (const auto field = m_fields.find({diff.key, path}); field != m_fields.end())
            field->second.calmSince.reset();
    };
    if (diff.changes.empty())
        end("");
    for (const core::FieldChange& change : diff.changes)
        end(change.path);
}

/// Counts the heals of each field, and slows down the one that is healed too often.
void Healer::note(const core::ResourceDiff& diff)
{
    const auto now = m_executor.clock().steadyNow();
    const auto count = [&](const std::string& path, const std::string& display,
                           const std::string& manager) {
        Field& field = m_fields[{diff.key, path}];
        while (!field.heals.empty() && now - field.heals.front() > kFightWindow)
            field.heals.pop_front();
        field.heals.push_back(now);
        field.display = display;
        if (!manager.empty())
            field.manager = manager;
        if (field.heals.size() >= kHealsBeforeFight) {
            field.notBefore = now + waitAfter(field.heals.size() - kHealsBeforeFight);
            wakeAt(field.notBefore);
        }
    };
    if (diff.changes.empty())
        count("", "the whole object", "");
    for (const core::FieldChange& change : diff.changes)
        count(change.path, change.display, change.author ? change.author->manager : std::string());
}

void Healer::succeeded(const core::ResourceDiff& diff, core::SteadyTime noticed)
{
    m_failures.erase(diff.key);
    if (!diff.isQuiet())
        m_events.send(
            core::event::DriftHealed {m_application, diff.key,
                                      std::chrono::duration_cast<std::chrono::microseconds>(
                                          m_executor.clock().steadyNow() - noticed)});
}

void Healer::failed(const core::ResourceDiff& diff, const std::string& message)
{
    Failure& failure = m_failures[diff.key];
    failure.message = message;
    failure.notBefore = m_executor.clock().steadyNow() + waitAfter(std::size_t(failure.count++));
    wakeAt(failure.notBefore);
}

void Healer::wakeAt(core::SteadyTime when)
{
    m_executor.postAt(when, m_alive.guard([this] { m_changed(); }));
}

void Healer::calm(const core::ObjectKey& key)
{
    m_failures.erase(key);
    const auto now = m_executor.clock().steadyNow();
    for (auto field = m_fields.lower_bound({key, ""});
         field != m_fields.end() && field->first.first == key; ++field)
        if (!field->second.calmSince) {
            field->second.calmSince = now;
            if (field->second.heals.size() >= kHealsBeforeFight)
                wakeAt(now + kCalm); // the fight is over then
        }
}

void Healer::keepOnly(const std::set<core::ObjectKey>& keys)
{
    std::erase_if(m_failures, [&](const auto& entry) { return !keys.contains(entry.first); });
    std::erase_if(m_fields, [&](const auto& entry) { return !keys.contains(entry.first.first); });
}

std::string Healer::fights() const
{
    const auto now = m_executor.clock().steadyNow();
    std::string text;
    for (const auto& [place, field] : m_fields) {
        if (field.heals.size() < kHealsBeforeFight || now - field.heals.back() > kFightWindow
            || (field.calmSince && now - *field.calmSince >= kCalm))
            continue;
        text += (text.empty() ? "" : " ") + field.display + " of " + place.first.text()
            + " is changed again and again by "
            + (field.manager.empty() ? std::string("somebody else") : "\"" + field.manager + "\"")
            + "; it is put back less often now.";
    }
    return text;
}

std::string Healer::failures() const
{
    std::string text;
    for (const auto& [key, failure] : m_failures)
        text += (text.empty() ? "" : " ") + key.text() + ": " + failure.message;
    return text;
}

} // namespace gitops
