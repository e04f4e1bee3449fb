// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/sync/synccluster.h"

#include "core/base/strings.h"
#include "core/object/kindtable.h"
#include "core/object/selector.h"
#include "gitops/sync/trial.h"

#include <algorithm>

namespace tests {

using core::Health;
using gitops::KindAvailability;
using gitops::LiveView;
using gitops::SyncAction;

namespace {

constexpr const char* kFinalizer = "argocd.argoproj.io/hook-finalizer";

std::string versionOf(const core::GroupKind& kind)
{
    const core::KindInfo* known = core::builtinKind(kind);
    return known ? known->kind.version : "v1";
}

std::map<std::string, std::string> annotationsOf(const ObjectLine& line)
{
    static const std::map<std::string, std::string> names {
        {"wave", "argocd.argoproj.io/sync-wave"},
        {"weight", "helm.sh/hook-weight"},
        {"hook", "argocd.argoproj.io/hook"},
        {"helm", "helm.sh/hook"},
        {"helmpolicy", "helm.sh/resource-policy"},
        {"policy", "argocd.argoproj.io/hook-delete-policy"},
        {"options", "argocd.argoproj.io/sync-options"}};
    std::map<std::string, std::string> annotations;
    for (const auto& [word, name] : names)
        if (line.has(word))
            annotations[name] = line.word(word);
    return annotations;
}

/// "widgets.example.com" in a test defines the kind Widget of group example.com.
core::GroupKind definedKind(const std::string& name)
{
    const std::size_t dot = name.find('.');
    std::string kind = name.substr(0, dot == 0 ? 0 : dot - 1);
    kind[0] = char(std::toupper(kind[0]));
    return {name.substr(dot + 1), kind};
}

bool isDefinition(const core::ObjectKey& key)
{
    return key.kind == "CustomResourceDefinition";
}

} // namespace

std::string ObjectLine::word(const std::string& name) const
{
    const auto found = words.find(name);
    return found == words.end() ? std::string() : found->second;
}

std::vector<ObjectLine> parseLines(const std::string& text)
{
    std::vector<ObjectLine> lines;
    for (const std::string_view part : core::split(text, ';')) {
        if (core::trimmed(part).empty())
            continue;
        ObjectLine line;
        std::vector<std::string> plain;
        for (const std::string_view word : core::split(core::trimmed(part), ' ')) {
            const std::size_t equals = word.find('=');
            if (plain.size() < 2 && equals == word.npos)
                plain.emplace_back(word);
            else if (!word.empty())
                line.words[std::string(word.substr(0, equals))] =
                    equals == word.npos ? "" : word.substr(equals + 1);
        }
        plain.resize(2);
        const std::size_t dot = plain[0].find('.');
        line.key.kind = plain[0].substr(0, dot);
        line.key.group = dot == std::string::npos ? "" : plain[0].substr(dot + 1);
        static const std::map<std::string, std::string> groups {
            {"Deployment", "apps"}, {"StatefulSet", "apps"},
            {"DaemonSet", "apps"},  {"Job", "batch"},
            {"CronJob", "batch"},   {"CustomResourceDefinition", "apiextensions.k8s.io"}};
        if (const auto group = groups.find(plain[0]); group != groups.end())
            line.key.group = group->second;
        line.key.name = plain[1];
        const bool isGlobal = line.key.kind == "Namespace" || isDefinition(line.key);
        line.key.namespaceName = line.has("ns") ? line.word("ns") : "shop";
        if (isGlobal || line.key.namespaceName == "-")
            line.key.namespaceName.clear();
        line.kind = {line.key.group, versionOf(line.key.groupKind()), line.key.kind};
        lines.push_back(std::move(line));
    }
    return lines;
}

core::ManifestPtr manifestOf(const ObjectLine& line)
{
    core::JsonObject metadata;
    if (line.has("generate"))
        metadata["generateName"] = line.key.name;
    else
        metadata["name"] = line.key.name;
    if (!line.key.namespaceName.empty())
        metadata["namespace"] = line.key.namespaceName;
    core::JsonObject annotations;
    for (const auto& [name, value] : annotationsOf(line))
        annotations[name] = value;
    annotations["wavewright.dev/tracking-id"] = core::TrackingId {"app", line.key}.text();
    metadata["annotations"] = annotations;
    core::JsonObject object {
        {"apiVersion", line.kind.apiVersion()}, {"kind", line.kind.kind}, {"metadata", metadata}};
    core::JsonObject spec;
    if (line.has("suspend"))
        spec["suspend"] = true;
    if (line.has("ttl"))
        spec["ttlSecondsAfterFinished"] = 0;
    if (isDefinition(line.key)) {
        const core::GroupKind defined = definedKind(line.key.name);
        spec["group"] = defined.group;
        spec["names"] = core::JsonObject {{"kind", defined.kind}};
    }
    object["spec"] = spec;
    auto made = core::Manifest::make(object);
    return made ? *made : nullptr;
}

std::vector<core::ManifestPtr> manifestsOf(const std::string& lines)
{
    std::vector<core::ManifestPtr> manifests;
    for (const ObjectLine& line : parseLines(lines))
        manifests.push_back(manifestOf(line));
    return manifests;
}

LiveView liveOf(const ObjectLine& line)
{
    LiveView view;
    view.kind = line.kind;
    view.uid = line.has("uid") ? line.word("uid") : "live-" + line.key.kind + "-" + line.key.name;
    view.annotations = annotationsOf(line);
    view.wave = gitops::waveOf(view.annotations);
    view.ours = !line.has("notours");
    view.preexisting = line.has("preexisting");
    view.deleting = line.has("deleting");
    view.generation = line.has("gen") ? std::stoi(line.word("gen")) : 1;
    view.observed = !line.has("unobserved");
    view.settled = !line.has("unsettled");
    if (line.has("kept"))
        view.finalizers = {"example.com/other", kFinalizer};
    if (line.has("health"))
        view.health = {core::healthFromString(line.word("health")), line.word("says")};
    return view;
}

std::map<core::ObjectKey, LiveView> liveMapOf(const std::string& lines)
{
    std::map<core::ObjectKey, LiveView> live;
    for (const ObjectLine& line : parseLines(lines))
        live[line.key] = liveOf(line);
    return live;
}

std::string shortName(const core::ObjectKey& key)
{
    return key.kind + "/" + key.name;
}

void SyncCluster::put(const std::string& lines)
{
    for (const ObjectLine& line : parseLines(lines)) {
        Object object {.view = liveOf(line)};
        if (object.view.deleting)
            object.goneIn = behaviourOf(line.key).goneTicks;
        m_objects[line.key] = object;
    }
}

SyncCluster::Behaviour SyncCluster::behaviourOf(const core::ObjectKey& key) const
{
    const auto found = m_behaviours.find(key.name);
    if (found != m_behaviours.end())
        return found->second;
    Behaviour usual;
    if (key.kind == "ConfigMap" || key.kind == "Secret" || key.kind == "Namespace")
        usual.end.status.reset();
    return usual;
}

core::Result<gitops::WriteOutcome> SyncCluster::carryOut(const SyncAction& action)
{
    const bool isRelease = action.type == SyncAction::Type::ReleaseHook;
    const bool isDelete = action.type == SyncAction::Type::Delete;
    m_log.push_back((isRelease ? "~" : isDelete ? "-" : "+") + shortName(action.key));
    if (const auto refused = m_refused.find(action.key.name); refused != m_refused.end())
        return std::unexpected(refused->second);
    return isRelease || isDelete ? remove(action) : write(action);
}

core::Result<gitops::WriteOutcome> SyncCluster::write(const SyncAction& action)
{
    const core::GroupKind kind = action.key.groupKind();
    const auto known = m_kinds.find(kind);
    if (known != m_kinds.end() && known->second != KindAvailability::Served)
        return core::failure(core::ErrorCode::NotFound, "no such kind " + kind.text());
    const core::ObjectKey space {"", "Namespace", "", action.key.namespaceName};
    if (!action.key.namespaceName.empty() && m_objects.contains(space)
        && m_objects.at(space).view.deleting)
        return core::failure(core::ErrorCode::Forbidden, "the namespace is terminating");
    if (action.dryRun)
        return gitops::WriteOutcome {.uid = "", .message = "configured"};
    const auto [at, isNew] = m_objects.try_emplace(action.key);
    LiveView& view = at->second.view;
    if (isNew) {
        view.uid = "made-" + std::to_string(m_nextUid++);
        view.ours = true;
        view.kind = {kind.group, "v1", kind.kind};
    }
    ++view.generation;
    if (action.manifest) {
        const core::Json object = action.manifest->value();
        view.annotations = core::annotationsOf(object);
        view.wave = gitops::waveOf(view.annotations);
        view.finalizers.clear();
        if (const core::Json* list = core::findPath(object, {"metadata", "finalizers"}))
            for (const core::Json& each : list->as_array())
                view.finalizers.emplace_back(std::string_view(each.get_string()));
    }
    const Behaviour behaviour = behaviourOf(action.key);
    at->second.readyIn = behaviour.ticks;
    if (behaviour.end.status)
        view.health = {Health::Progressing, "starting"};
    if (isDefinition(action.key))
        m_establishing[definedKind(action.key.name)] = 2;
    return gitops::WriteOutcome {view.uid, view.generation, isNew ? "created" : "configured"};
}

core::Result<gitops::WriteOutcome> SyncCluster::remove(const SyncAction& action)
{
    const auto found = m_objects.find(action.key);
    if (found == m_objects.end())
        return core::failure(core::ErrorCode::NotFound, "not found");
    LiveView& view = found->second.view;
    if (view.uid != action.uid)
        return core::failure(core::ErrorCode::Conflict, "another uid");
    if (action.dryRun)
        return gitops::WriteOutcome {.message = "pruned"};
    if (action.type == SyncAction::Type::ReleaseHook) {
        view.finalizers = action.finalizers;
        return gitops::WriteOutcome {};
    }
    view.deleting = true;
    found->second.goneIn = behaviourOf(action.key).goneTicks;
    return gitops::WriteOutcome {.message = "pruned"};
}

void SyncCluster::tick()
{
    for (auto& [key, object] : m_objects)
        if (object.readyIn > 0 && --object.readyIn == 0)
            object.view.health = behaviourOf(key).end;
    for (auto at = m_objects.begin(); at != m_objects.end();) {
        Object& object = at->second;
        const bool isKept = std::ranges::count(object.view.finalizers, kFinalizer) > 0;
        const bool isGone = object.view.deleting && !isKept && --object.goneIn < 0;
        at = isGone ? m_objects.erase(at) : std::next(at);
    }
    for (auto& [kind, ticks] : m_establishing)
        if (ticks > 0 && --ticks == 0)
            m_kinds[kind] = KindAvailability::Served;
}

std::map<core::ObjectKey, LiveView> SyncCluster::live() const
{
    std::map<core::ObjectKey, LiveView> views;
    for (const auto& [key, object] : m_objects)
        views[key] = object.view;
    return views;
}

std::vector<std::string> SyncCluster::names() const
{
    std::vector<std::string> names;
    for (const auto& [key, object] : m_objects)
        names.push_back(shortName(key));
    return names;
}

void SyncRun::send(const SyncAction& action)
{
    if (!answersAtOnce || answersAtOnce(action))
        return land(action);
    input.inFlight.insert(action.key);
    m_flights.push_back({action, 2});
}

void SyncRun::land(const SyncAction& action)
{
    const auto outcome = cluster.carryOut(action);
    if (action.isTrial) {
        input.tried[action.key] =
            outcome ? std::string() : gitops::refusalOf(outcome.error(), input);
        return;
    }
    if (auto result = gitops::resultOf(action, outcome))
        gitops::mergeResult(input.results, std::move(*result));
}

/// Promises that hold at every step.
void SyncRun::check(const gitops::SyncStep& step)
{
    const gitops::SyncStep again = gitops::planStep(input);
    if (again.actions.size() != step.actions.size() || again.results != step.results
        || again.message != step.message || again.waves != step.waves)
        complaint = "the same input gave another step";
    std::set<core::ObjectKey> keys;
    for (const SyncAction& action : step.actions) {
        if (!keys.insert(action.key).second)
            complaint = "two actions on " + shortName(action.key);
        if (input.inFlight.contains(action.key))
            complaint = "an action on " + shortName(action.key) + ", which is in flight";
        const auto live = input.live.find(action.key);
        if (action.type != SyncAction::Type::Delete)
            continue;
        if (live == input.live.end() || live->second.uid != action.uid)
            complaint = "a delete without the uid of " + shortName(action.key);
        else if (action.hook.empty()
                 && (!live->second.ours || live->second.preexisting || live->second.deleting))
            complaint = "a wrong prune of " + shortName(action.key);
    }
    if (core::isCompleted(step.phase) && !step.actions.empty())
        complaint = "ended with actions";
}

void SyncRun::runToEnd()
{
    for (int i = 0; i < maxSteps; ++i) {
        if (before)
            before(*this, i);
        input.live = cluster.live();
        input.kinds = cluster.kinds();
        last = gitops::planStep(input);
        check(last);
        for (const core::ResourceResult& result : last.results)
            gitops::mergeResult(input.results, result);
        std::vector<std::string> names;
        if (!last.actions.empty() && !last.actions.front().isTrial)
            input.options.tryFirst = false;
        for (const SyncAction& action : last.actions) {
            if (action.type != SyncAction::Type::ReleaseHook)
                names.push_back((action.isTrial                                 ? "?"
                                     : action.type == SyncAction::Type::Delete  ? "-"
                                     : action.type == SyncAction::Type::Replace ? "="
                                                                                : "+")
                                + shortName(action.key));
            send(action);
        }
        std::ranges::sort(names);
        if (!names.empty())
            steps.push_back(core::join(names, " "));
        if (core::isCompleted(last.phase) && m_flights.empty())
            return;
        cluster.tick();
        for (Flight& flight : m_flights)
            if (--flight.ticks == 0) {
                input.inFlight.erase(flight.action.key);
                land(flight.action);
            }
        std::erase_if(m_flights, [](const Flight& flight) { return flight.ticks == 0; });
    }
}

std::string SyncRun::stepsText() const
{
    return core::join(steps, " | ");
}

const core::ResourceResult* SyncRun::result(const std::string& name) const
{
    for (const core::ResourceResult& each : input.results)
        if (shortName(each.key) == name)
            return &each;
    return nullptr;
}

} // namespace tests
