// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/savedstate.h"

#include "core/base/digest.h"
#include "core/value/json.h"

namespace gitops {

namespace {

constexpr std::int64_t kVersion = 1;

using core::Json;
using core::JsonArray;
using core::JsonObject;

std::int64_t microseconds(core::WallTime time)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

core::WallTime wallTime(std::int64_t micros)
{
    return core::WallTime(
        std::chrono::duration_cast<core::WallTime::duration>(std::chrono::microseconds(micros)));
}

Json optionalTime(const std::optional<core::WallTime>& time)
{
    return time ? Json(microseconds(*time)) : Json(nullptr);
}

std::optional<core::WallTime> optionalTime(const Json& object, std::string_view key)
{
    const Json* value = core::find(object, key);
    if (!value || !value->is_int64())
        return std::nullopt;
    return wallTime(value->as_int64());
}

Json toJson(const core::ObjectKey& key)
{
    return JsonArray {Json(key.group), Json(key.kind), Json(key.namespaceName), Json(key.name)};
}

core::ObjectKey keyFrom(const Json& value)
{
    core::ObjectKey key;
    if (!value.is_array() || value.as_array().size() != 4)
        return key;
    std::string* const members[] = {&key.group, &key.kind, &key.namespaceName, &key.name};
    for (std::size_t i = 0; i < 4; ++i)
        if (value.as_array()[i].is_string())
            *members[i] = std::string(value.as_array()[i].as_string());
    return key;
}

std::string text(const Json& object, std::string_view key)
{
    return std::string(core::stringAt(object, {key}));
}

template<class Enum>
Enum enumFrom(const Json& object, std::string_view key, Enum last)
{
    const auto number = core::integerAt(object, {key}, 0);
    return number < 0 || number > static_cast<std::int64_t>(last) ? Enum {} : Enum(number);
}

const JsonArray& arrayAt(const Json& object, std::string_view key)
{
    static const JsonArray none;
    const Json* value = core::find(object, key);
    return value && value->is_array() ? value->as_array() : none;
}

Json toJson(const core::ResourceResult& result)
{
    return JsonObject {
        {"key", toJson(result.key)},
        {"phase", std::int64_t(result.phase)},
        {"wave", std::int64_t(result.wave)},
        {"hook", result.hook},
        {"code", std::int64_t(result.code)},
        {"hookPhase", result.hookPhase ? Json(std::int64_t(*result.hookPhase)) : Json(nullptr)},
        {"message", result.message},
        {"uid", result.uid},
        {"generation", result.generation},
    };
}

core::ResourceResult resultFrom(const Json& value)
{
    core::ResourceResult result;
    if (const Json* key = core::find(value, "key"))
        result.key = keyFrom(*key);
    result.phase = enumFrom(value, "phase", core::SyncPhase::SyncFail);
    result.wave = int(core::integerAt(value, {"wave"}, 0));
    result.hook = text(value, "hook");
    result.code = enumFrom(value, "code", core::ResultCode::PruneSkipped);
    if (const Json* phase = core::find(value, "hookPhase"); phase && phase->is_int64())
        result.hookPhase = enumFrom(value, "hookPhase", core::OperationPhase::Succeeded);
    result.message = text(value, "message");
    result.uid = text(value, "uid");
    result.generation = core::integerAt(value, {"generation"}, 0);
    return result;
}

Json toJson(const UnansweredWrite& write)
{
    return JsonObject {{"key", toJson(write.key)},         {"phase", std::int64_t(write.phase)},
                       {"wave", std::int64_t(write.wave)}, {"hook", write.hook},
                       {"isDelete", write.isDelete},       {"uidBefore", write.uidBefore}};
}

UnansweredWrite unansweredFrom(const Json& value)
{
    UnansweredWrite write;
    if (const Json* key = core::find(value, "key"))
        write.key = keyFrom(*key);
    write.phase = enumFrom(value, "phase", core::SyncPhase::SyncFail);
    write.wave = int(core::integerAt(value, {"wave"}, 0));
    write.hook = text(value, "hook");
    write.isDelete = core::boolAt(value, {"isDelete"});
    write.uidBefore = text(value, "uidBefore");
    return write;
}

Json toJson(const core::WaveProgress& wave)
{
    return JsonObject {
        {"state", std::int64_t(wave.state)},     {"phase", std::int64_t(wave.phase)},
        {"wave", std::int64_t(wave.wave)},       {"total", std::int64_t(wave.total)},
        {"applied", std::int64_t(wave.applied)}, {"ready", std::int64_t(wave.ready)}};
}

core::WaveProgress waveFrom(const Json& value)
{
    core::WaveProgress wave;
    wave.state = enumFrom(value, "state", core::WaveProgress::State::Failed);
    wave.phase = enumFrom(value, "phase", core::SyncPhase::SyncFail);
    wave.wave = int(core::integerAt(value, {"wave"}, 0));
    wave.total = int(core::integerAt(value, {"total"}, 0));
    wave.applied = int(core::integerAt(value, {"applied"}, 0));
    wave.ready = int(core::integerAt(value, {"ready"}, 0));
    return wave;
}

Json toJson(const core::Operation& operation)
{
    JsonArray waves;
    for (const core::WaveProgress& wave : operation.waves)
        waves.push_back(toJson(wave));
    JsonArray only;
    for (const core::ObjectKey& key : operation.only)
        only.push_back(toJson(key));
    JsonArray results;
    for (const core::ResourceResult& result : operation.results)
        results.push_back(toJson(result));
    return JsonObject {
        {"trigger", std::int64_t(operation.trigger)},
        {"id", operation.id},
        {"revision", operation.revision},
        {"phase", std::int64_t(operation.phase)},
        {"message", operation.message},
        {"startedAt", microseconds(operation.startedAt)},
        {"finishedAt", optionalTime(operation.finishedAt)},
        {"dryRun", operation.dryRun},
        {"prune", operation.prune},
        {"only", std::move(only)},
        {"attempt", std::int64_t(operation.attempt)},
        {"lastFailure", operation.lastFailure},
        {"nextRetryAt", optionalTime(operation.nextRetryAt)},
        {"waves", std::move(waves)},
        {"results", std::move(results)},
    };
}

core::Operation operationFrom(const Json& value)
{
    core::Operation operation;
    operation.trigger = enumFrom(value, "trigger", core::Operation::Trigger::SelfHeal);
    operation.id = text(value, "id");
    operation.revision = text(value, "revision");
    operation.phase = enumFrom(value, "phase", core::OperationPhase::Succeeded);
    operation.message = text(value, "message");
    operation.startedAt = wallTime(core::integerAt(value, {"startedAt"}, 0));
    operation.finishedAt = optionalTime(value, "finishedAt");
    operation.dryRun = core::boolAt(value, {"dryRun"});
    operation.prune = core::boolAt(value, {"prune"});
    for (const Json& key : arrayAt(value, "only"))
        operation.only.push_back(keyFrom(key));
    operation.attempt = int(core::integerAt(value, {"attempt"}, 0));
    operation.lastFailure = text(value, "lastFailure");
    operation.nextRetryAt = optionalTime(value, "nextRetryAt");
    for (const Json& wave : arrayAt(value, "waves"))
        operation.waves.push_back(waveFrom(wave));
    std::vector<core::ResourceResult> results;
    for (const Json& result : arrayAt(value, "results"))
        results.push_back(resultFrom(result));
    operation.results = std::move(results);
    return operation;
}

Json toJson(const core::Pause& pause)
{
    return JsonObject {{"key", pause.key ? toJson(*pause.key) : Json(nullptr)},
                       {"reason", pause.reason},
                       {"until", optionalTime(pause.until)}};
}

core::Pause pauseFrom(const Json& value)
{
    core::Pause pause;
    if (const Json* key = core::find(value, "key"); key && key->is_array())
        pause.key = keyFrom(*key);
    pause.reason = text(value, "reason");
    pause.until = optionalTime(value, "until");
    return pause;
}

Json toJson(const core::CommitInfo& commit)
{
    return JsonObject {{"id", commit.id},
                       {"author", commit.author},
                       {"subject", commit.subject},
                       {"when", microseconds(commit.when)}};
}

core::CommitInfo commitFrom(const Json& value)
{
    return {.id = text(value, "id"),
            .author = text(value, "author"),
            .subject = text(value, "subject"),
            .when = wallTime(core::integerAt(value, {"when"}, 0))};
}

Json toJson(const Attempt& attempt)
{
    return JsonObject {{"revision", attempt.revision},
                       {"specDigest", attempt.specDigest},
                       {"phase", std::int64_t(attempt.phase)},
                       {"message", attempt.message},
                       {"retryable", attempt.retryable}};
}

Attempt attemptFrom(const Json& value)
{
    return {.revision = text(value, "revision"),
            .specDigest = text(value, "specDigest"),
            .phase = enumFrom(value, "phase", core::OperationPhase::Succeeded),
            .message = text(value, "message"),
            .retryable = core::boolAt(value, {"retryable"})};
}

} // namespace

std::string toText(const SavedState& state)
{
    JsonObject object {{"version", kVersion},
                       {"historyRewritten", state.historyRewritten},
                       {"force", state.force},
                       {"deleting", state.deleting}};
    if (!state.origin.empty())
        object["origin"] = state.origin;
    if (!state.replacedOrigin.empty())
        object["replacedOrigin"] = state.replacedOrigin;
    if (state.revision)
        object["revision"] = toJson(*state.revision);
    if (state.attempt)
        object["attempt"] = toJson(*state.attempt);
    if (state.operation)
        object["operation"] = toJson(*state.operation);
    JsonArray unanswered, pauses, confirmed, asked, adopted;
    for (const UnansweredWrite& write : state.unanswered)
        unanswered.push_back(toJson(write));
    for (const core::Pause& pause : state.pauses)
        pauses.push_back(toJson(pause));
    for (const auto& [key, uid] : state.confirmed)
        confirmed.push_back(JsonObject {{"key", toJson(key)}, {"uid", uid}});
    for (const auto& [key, uid] : state.asked)
        asked.push_back(JsonObject {{"key", toJson(key)}, {"uid", uid}});
    for (const std::string& uid : state.adopted)
        adopted.push_back(Json(uid));
    JsonObject children;
    for (const auto& [name, manifest] : state.children)
        children[name] = manifest;
    object["unanswered"] = std::move(unanswered);
    object["pauses"] = std::move(pauses);
    object["confirmed"] = std::move(confirmed);
    object["asked"] = std::move(asked);
    object["adopted"] = std::move(adopted);
    object["children"] = std::move(children);
    return core::toText(object);
}

core::Result<SavedState> savedStateFromText(const std::string& text)
{
    auto parsed = core::parseJson(text);
    if (!parsed)
        return std::unexpected(std::move(parsed.error()).within("The saved state is damaged"));
    const auto version = core::integerAt(*parsed, {"version"}, 0);
    if (version != kVersion)
        return core::failure(core::ErrorCode::Unsupported,
                             "The saved state has version " + std::to_string(version)
                                 + ", which this Wavewright does not know.",
                             {}, core::Fault::Machine);
    SavedState state;
    state.historyRewritten = core::boolAt(*parsed, {"historyRewritten"});
    state.force = core::boolAt(*parsed, {"force"});
    state.deleting = core::boolAt(*parsed, {"deleting"});
    state.origin = ::gitops::text(*parsed, "origin");
    state.replacedOrigin = ::gitops::text(*parsed, "replacedOrigin");
    if (const Json* revision = core::find(*parsed, "revision"))
        state.revision = commitFrom(*revision);
    if (const Json* attempt = core::find(*parsed, "attempt"))
        state.attempt = attemptFrom(*attempt);
    if (const Json* operation = core::find(*parsed, "operation"))
        state.operation = operationFrom(*operation);
    for (const Json& write : arrayAt(*parsed, "unanswered"))
        state.unanswered.push_back(unansweredFrom(write));
    for (const Json& pause : arrayAt(*parsed, "pauses"))
        state.pauses.push_back(pauseFrom(pause));
    for (const Json& entry : arrayAt(*parsed, "confirmed"))
        if (const Json* key = core::find(entry, "key"))
            state.confirmed[keyFrom(*key)] = ::gitops::text(entry, "uid");
    for (const Json& entry : arrayAt(*parsed, "asked"))
        if (const Json* key = core::find(entry, "key"))
            state.asked[keyFrom(*key)] = ::gitops::text(entry, "uid");
    for (const Json& uid : arrayAt(*parsed, "adopted"))
        if (uid.is_string())
            state.adopted.insert(std::string(uid.as_string()));
    if (const Json* children = core::find(*parsed, "children"); children && children->is_object())
        for (const auto& [name, manifest] : children->as_object())
            if (manifest.is_string())
                state.children[std::string(name)] = std::string(manifest.as_string());
    return state;
}

std::string resourceNameFor(const std::string& application)
{
    std::string name = "wavewright-";
    bool exact = true;
    for (char c : application) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        exact = exact && plain;
        name += plain ? c : '-';
    }
    exact = exact && name.size() <= 200 && !name.ends_with('-') && !name.ends_with('.');
    return exact ? name : name.substr(0, 180) + "-" + core::sha256(application).hex().substr(0, 12);
}

} // namespace gitops
