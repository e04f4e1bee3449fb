// SPDX-License-Identifier: GPL-3.0-or-later
// The model as JSON, for -o json. Member names are camelCase, as Kubernetes has them.
#include "core/base/strings.h"
#include "core/model/event.h"

#include <algorithm>

namespace core {

namespace {

Json keyJson(const ObjectKey& key)
{
    JsonObject out {{"group", key.group}, {"kind", key.kind}, {"name", key.name}};
    if (!key.namespaceName.empty())
        out["namespace"] = key.namespaceName;
    return out;
}

template<class Range, class Function>
JsonArray listJson(const Range& range, Function convert)
{
    JsonArray out;
    for (const auto& each : range)
        out.push_back(convert(each));
    return out;
}

void setTime(JsonObject& out, std::string_view name, const std::optional<WallTime>& time)
{
    if (time && *time != WallTime {})
        out[name] = formatRfc3339(*time);
}

void setText(JsonObject& out, std::string_view name, const std::string& text)
{
    if (!text.empty())
        out[name] = text;
}

Json placeJson(const Place& place)
{
    JsonObject out;
    setText(out, "file", place.file);
    if (place.line > 0)
        out["line"] = place.line;
    if (place.column > 0)
        out["column"] = place.column;
    setText(out, "object", place.object);
    return out;
}

std::string_view word(FieldChange::Type type)
{
    switch (type) {
    case FieldChange::Type::Missing:
        return "Missing";
    case FieldChange::Type::Different:
        return "Different";
    case FieldChange::Type::Undeclared:
        return "Undeclared";
    case FieldChange::Type::NotOurs:
        return "NotOurs";
    }
    return "Different";
}

std::string_view word(ResourceDiff::Verdict verdict)
{
    switch (verdict) {
    case ResourceDiff::Verdict::Same:
        return "Same";
    case ResourceDiff::Verdict::Different:
        return "Different";
    case ResourceDiff::Verdict::MissingLive:
        return "MissingLive";
    case ResourceDiff::Verdict::Extra:
        return "Extra";
    case ResourceDiff::Verdict::CouldNotTell:
        return "CouldNotTell";
    }
    return "CouldNotTell";
}

std::string_view word(ClusterState::Connection connection)
{
    switch (connection) {
    case ClusterState::Connection::Connecting:
        return "Connecting";
    case ClusterState::Connection::Connected:
        return "Connected";
    case ClusterState::Connection::Disconnected:
        return "Disconnected";
    }
    return "Disconnected";
}

Json changeJson(const FieldChange& change)
{
    JsonObject out {{"type", word(change.type)}, {"path", change.path}, {"field", change.display}};
    setText(out, "desired", change.desired);
    setText(out, "live", change.live);
    if (change.author) {
        JsonObject author {{"manager", change.author->manager},
                           {"operation", change.author->operation}};
        setText(author, "subresource", change.author->subresource);
        setTime(author, "time", change.author->when);
        out["author"] = std::move(author);
    }
    if (!change.origin.isEmpty())
        out["origin"] = placeJson(change.origin);
    return out;
}

Json waveJson(const WaveProgress& wave)
{
    return {{"phase", toString(wave.phase)},
            {"wave", wave.wave},
            {"state", toString(wave.state)},
            {"total", wave.total},
            {"applied", wave.applied},
            {"ready", wave.ready},
            {"waitsFor", listJson(wave.waitsFor, [](const auto& text) { return Json(text); })}};
}

Json resultJson(const ResourceResult& result)
{
    JsonObject out = keyJson(result.key).as_object();
    out["phase"] = toString(result.phase);
    out["wave"] = result.wave;
    out["code"] = toString(result.code);
    setText(out, "hook", result.hook);
    if (result.hookPhase)
        out["hookPhase"] = toString(*result.hookPhase);
    setText(out, "message", result.message);
    return out;
}

Json commitJson(const CommitInfo& commit)
{
    JsonObject out {{"id", commit.id}, {"author", commit.author}, {"subject", commit.subject}};
    setTime(out, "time", commit.when);
    return out;
}

Json conditionJson(const Condition& condition)
{
    JsonObject out {{"type", condition.type}, {"message", condition.message}};
    if (!condition.place.isEmpty())
        out["place"] = placeJson(condition.place);
    setTime(out, "since", condition.since);
    return out;
}

Json healthJson(const std::optional<Health>& health)
{
    return health ? Json(toString(*health)) : Json(nullptr);
}

Json clusterJson(const ClusterState& cluster)
{
    JsonObject out {{"connection", word(cluster.connection)},
                    {"context", cluster.context},
                    {"server", cluster.server},
                    {"practice", cluster.practice}};
    setText(out, "version", cluster.version);
    setText(out, "message", cluster.message);
    if (cluster.refused)
        out["refused"] = true;
    return out;
}

/// The event's own members; "type" names it.
struct EventJson
{
    JsonObject operator()(const event::RevisionFound& event) const
    {
        return {{"type", "RevisionFound"}, {"commit", commitJson(event.commit)}};
    }
    JsonObject operator()(const event::OperationStarted& event) const
    {
        return {{"type", "OperationStarted"}, {"operation", toJson(event.operation)}};
    }
    JsonObject operator()(const event::OperationProgressed& event) const
    {
        return {{"type", "OperationProgressed"},
                {"operationId", event.operationId},
                {"wave", waveJson(event.wave)}};
    }
    JsonObject operator()(const event::OperationFinished& event) const
    {
        return {{"type", "OperationFinished"}, {"operation", toJson(event.operation)}};
    }
    JsonObject operator()(const event::ResourceApplied& event) const
    {
        return {{"type", "ResourceApplied"}, {"result", resultJson(event.result)}};
    }
    JsonObject operator()(const event::HealthChanged& event) const
    {
        JsonObject out {{"type", "HealthChanged"},
                        {"from", healthJson(event.from)},
                        {"to", healthJson(event.to)}};
        if (!event.key.kind.empty())
            out["object"] = keyJson(event.key);
        setText(out, "message", event.message);
        return out;
    }
    JsonObject operator()(const event::SyncStateChanged& event) const
    {
        return {{"type", "SyncStateChanged"},
                {"from", toString(event.from)},
                {"to", toString(event.to)}};
    }
    JsonObject operator()(const event::DriftFound& event) const
    {
        return {{"type", "DriftFound"}, {"diff", toJson(event.diff)}};
    }
    JsonObject operator()(const event::DriftHealed& event) const
    {
        return {{"type", "DriftHealed"},
                {"object", keyJson(event.key)},
                {"tookMicroseconds", event.took.count()}};
    }
    JsonObject operator()(const event::ConditionRaised& event) const
    {
        return {{"type", "ConditionRaised"}, {"condition", conditionJson(event.condition)}};
    }
    JsonObject operator()(const event::ConditionCleared& event) const
    {
        return {{"type", "ConditionCleared"}, {"condition", event.type}};
    }
    JsonObject operator()(const event::ConfirmationNeeded& event) const
    {
        return {{"type", "ConfirmationNeeded"},
                {"objects", listJson(event.keys, keyJson)},
                {"reason", event.reason}};
    }
    JsonObject operator()(const event::ConnectionChanged& event) const
    {
        return {{"type", "ConnectionChanged"}, {"cluster", clusterJson(event.cluster)}};
    }
    JsonObject operator()(const event::SnapshotPublished& event) const
    {
        return {{"type", "SnapshotPublished"},
                {"sequence", event.snapshot ? event.snapshot->sequence : 0}};
    }
};

} // namespace

Json toJson(const Event& event)
{
    JsonObject out = std::visit(EventJson {}, event.what);
    out["time"] = formatRfc3339(event.at, true);
    out["number"] = event.number;
    if (const std::string_view application = applicationOf(event); !application.empty())
        out["application"] = application;
    out["text"] = describe(event);
    return out;
}

Json toJson(const Operation& operation)
{
    JsonObject out {{"id", operation.id},
                    {"trigger", toString(operation.trigger)},
                    {"revision", operation.revision},
                    {"phase", toString(operation.phase)},
                    {"message", operation.message},
                    {"dryRun", operation.dryRun},
                    {"prune", operation.prune},
                    {"attempt", operation.attempt}};
    setTime(out, "startedAt", operation.startedAt);
    setTime(out, "finishedAt", operation.finishedAt);
    setTime(out, "nextRetryAt", operation.nextRetryAt);
    if (operation.heldByPerson)
        out["heldByPerson"] = true;
    out["waves"] = listJson(operation.waves, waveJson);
    out["results"] = listJson(operation.results, resultJson);
    return out;
}

Json toJson(const ResourceDiff& diff)
{
    JsonObject out = keyJson(diff.key).as_object();
    out["verdict"] = word(diff.verdict);
    setText(out, "reason", diff.reason);
    out["changes"] = listJson(diff.changes, changeJson);
    return out;
}

Json toJson(const ResourceState& resource)
{
    JsonObject out = keyJson(resource.key).as_object();
    out["version"] = resource.version;
    out["declared"] = resource.declared;
    if (resource.declared || resource.requiresPrune)
        out["sync"] = toString(resource.sync);
    out["health"] = healthJson(resource.health);
    setText(out, "healthMessage", resource.healthMessage);
    out["wave"] = resource.wave;
    setText(out, "hook", resource.hook);
    if (resource.requiresPrune)
        out["requiresPrune"] = true;
    if (resource.deleting)
        out["deleting"] = true;
    setText(out, "paused", resource.paused);
    setText(out, "uid", resource.uid);
    if (resource.parent)
        out["parent"] = keyJson(*resource.parent);
    setTime(out, "createdAt", resource.createdAt);
    if (!resource.origin.isEmpty())
        out["origin"] = placeJson(resource.origin);
    if (resource.diff)
        out["diff"] = toJson(*resource.diff);
    return out;
}

Json toJson(const ApplicationState& state)
{
    JsonObject out {{"name", state.spec.name},
                    {"sync", toString(state.sync)},
                    {"health", toString(state.health)}};
    setText(out, "healthMessage", state.healthMessage);
    out["source"] = {{"repoURL", state.spec.source.repoUrl},
                     {"path", state.spec.source.path},
                     {"targetRevision", state.spec.source.targetRevision}};
    setText(out, "parent", state.spec.parent);
    setText(out, "destinationNamespace", state.spec.destinationNamespace);
    if (state.revision)
        out["revision"] = commitJson(*state.revision);
    setTime(out, "lastReconciled", state.lastReconciled);
    setTime(out, "lastFetched", state.lastFetched);
    setText(out, "activity", state.activity);
    setText(out, "holder", state.holder);
    out["conditions"] = listJson(state.conditions, conditionJson);
    out["pauses"] = listJson(state.pauses, [](const Pause& pause) {
        JsonObject each {{"reason", pause.reason}};
        if (pause.key)
            each["object"] = keyJson(*pause.key);
        setTime(each, "until", pause.until);
        return Json(std::move(each));
    });
    out["awaitingConfirmation"] = listJson(state.awaitingConfirmation, keyJson);
    if (state.operation)
        out["operation"] = toJson(*state.operation);
    out["resources"] =
        listJson(state.resources, [](const ResourceState& each) { return toJson(each); });
    return out;
}

} // namespace core
