// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/apply.h"

#include "core/schema/typedvalue.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace core {

namespace {

using Entry = ManagedFieldsEntry;

constexpr std::size_t kMaximumUpdateManagers = 10;
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::string_view kBeforeFirstApply = "before-first-apply";
constexpr std::string_view kAncientChanges = "ancient-changes";
constexpr std::array kServerMade = std::to_array<std::string_view>(
    {"uid", "resourceVersion", "creationTimestamp", "generation", "selfLink", "deletionTimestamp",
     "deletionGracePeriodSeconds"});

/// Paths that no manager ever owns.
const FieldSet& neverTracked()
{
    static const FieldSet set = [] {
        FieldSet result;
        for (const char* name : {"apiVersion", "kind", "metadata"})
            result.insert(FieldPath {PathElement::field(name)});
        for (const char* name : {"name", "namespace", "creationTimestamp", "selfLink", "uid",
                                 "clusterName", "generation", "managedFields", "resourceVersion"})
            result.insert(FieldPath {PathElement::field("metadata"), PathElement::field(name)});
        return result;
    }();
    return set;
}

Json withoutManagedFields(const Json& object)
{
    Json result = object;
    if (Json* metadata = find(result, "metadata"); metadata && metadata->is_object())
        if (auto& members = metadata->get_object(); members.contains("managedFields"))
            members.stable_erase(members.find("managedFields"));
    return result;
}

void setManagedFields(Json& object, const ManagedFields& managed)
{
    Json* metadata = find(object, "metadata");
    if (!metadata || !metadata->is_object())
        return;
    if (managed.isEmpty())
        metadata->get_object().erase("managedFields");
    else
        metadata->get_object()["managedFields"] = managed.toJson();
}

Entry newEntry(const WriteOptions& options, Entry::Operation operation, std::string_view apiVersion)
{
    return {.manager = options.manager.empty() ? "unknown" : options.manager,
            .operation = operation,
            .apiVersion = std::string(apiVersion),
            .time = std::chrono::floor<std::chrono::seconds>(options.time),
            .subresource = options.subresource};
}

/// Parts that the Go types of built-in kinds always have, so that a create does not own them.
constexpr std::array kAlwaysThere = std::to_array<std::string_view>(
    {"spec", "status", "metadata", "template", "jobTemplate", "strategy", "updateStrategy"});

JsonObject skeletonOf(const Json& model)
{
    JsonObject result;
    for (const auto& [name, value] : model.get_object()) {
        if (value.is_object()
            && std::ranges::find(kAlwaysThere, std::string_view(name)) != kAlwaysThere.end())
            result.emplace(name, skeletonOf(value));
        else if (name == "containers")
            result.emplace(name, nullptr);
    }
    return result;
}

/// What an object looks like before it is there.
Json emptyObject(const Json& model, const TypeSchema& schema)
{
    const bool isBuiltin = schema.root().isTyped && !schema.root().schema;
    JsonObject result = isBuiltin && model.is_object() ? skeletonOf(model) : JsonObject();
    for (std::string_view name : {"apiVersion", "kind"})
        if (const Json* value = find(model, name))
            result.emplace(name, *value);
    result.emplace("metadata", JsonObject());
    return result;
}

/// Other managers lose what this write changed or removed.
void takeFromOthers(ManagedFields& managed, const Entry* self, const TypedComparison& comparison)
{
    const FieldSet changed = comparison.modified.united(comparison.added);
    for (Entry& entry : managed.entries())
        if (&entry != self)
            entry.fields = entry.fields.without(changed).without(comparison.removed);
}

std::vector<ApplyConflict> conflictsOf(const ManagedFields& managed, const Entry& self,
                                       const TypedComparison& comparison)
{
    std::vector<ApplyConflict> result;
    const FieldSet changed = comparison.modified.united(comparison.added);
    for (const Entry& entry : managed.entries()) {
        if (entry.isSameOwnerAs(self))
            continue;
        Entry owner = entry;
        owner.fields = {};
        for (FieldPath& path : entry.fields.intersected(changed).paths())
            result.push_back({owner, std::move(path)});
    }
    return result;
}

/// Merges the oldest Update entries of each apiVersion until no more than ten are left.
void capUpdateManagers(ManagedFields& managed)
{
    std::vector<Entry> applies;
    std::vector<Entry> updates;
    for (Entry& entry : managed.entries())
        (entry.operation == Entry::Operation::Apply ? applies : updates)
            .push_back(std::move(entry));
    std::ranges::stable_sort(updates, [](const Entry& a, const Entry& b) {
        return a.time != b.time ? a.time < b.time : a.manager < b.manager;
    });
    std::size_t count = updates.size();
    std::vector<Entry> kept;
    std::map<std::string, std::size_t> bucketOfVersion;
    for (Entry& entry : updates) {
        const auto bucket = bucketOfVersion.find(entry.apiVersion);
        if (count <= kMaximumUpdateManagers || bucket == bucketOfVersion.end()) {
            if (count > kMaximumUpdateManagers)
                bucketOfVersion.emplace(entry.apiVersion, kept.size());
            kept.push_back(std::move(entry));
            continue;
        }
        Entry& ancient = kept[bucket->second];
        ancient.manager = kAncientChanges;
        ancient.subresource.clear();
        ancient.fields = ancient.fields.united(entry.fields);
        ancient.time = entry.time;
        --count;
    }
    std::ranges::move(kept, std::back_inserter(applies));
    managed = ManagedFields(std::move(applies));
}

void finish(ManagedFields& managed)
{
    for (Entry& entry : managed.entries())
        entry.fields = entry.fields.without(neverTracked());
    managed.removeEmpty();
    managed.sort();
}

/// One tracked change from before to after (both without managedFields). True when something
/// changed hands.
void trackUpdate(const Json& before, const Json& after, const TypeSchema& schema, Entry self,
                 ManagedFields& managed)
{
    const TypedComparison comparison = compareTyped(before, after, schema);
    takeFromOthers(managed, nullptr, comparison);
    self.fields = comparison.modified.united(comparison.added).without(neverTracked());
    if (!self.fields.isEmpty()) {
        if (Entry* previous = managed.findSameOwner(self)) {
            previous->fields = previous->fields.united(self.fields);
            previous->time = self.time;
        } else {
            managed.entries().push_back(std::move(self));
        }
    }
}

/// Removes what the manager applied last time, applies no longer, and nobody else owns.
Json pruned(const Json& merged, const FieldSet& last, const ManagedFields& managed,
            const TypeSchema& schema)
{
    if (last.isEmpty())
        return merged;
    const FieldSet mergedSet = withNamedFields(liveFieldSetOf(merged, schema), merged, schema);
    const FieldSet lastNamed = withNamedFields(last, merged, schema);
    const auto setOf = [&](const Json& value) {
        return withNamedFields(liveFieldSetOf(value, schema), value, schema);
    };
    FieldSet owned;
    for (const Entry& entry : managed.entries())
        owned = owned.united(entry.fields);
    owned = withNamedFields(owned, merged, schema);

    Json result = withoutFields(merged, lastNamed, schema);
    result = withoutFields(merged, mergedSet.without(setOf(result).united(owned)), schema);
    // Only what this manager had may go: fields of nobody, or below what others own, come back.
    return withoutFields(merged, mergedSet.without(setOf(result)).intersected(lastNamed), schema);
}

void keepServerMade(Json& object, const Json* live)
{
    Json* metadata = find(object, "metadata");
    if (!metadata || !metadata->is_object())
        return;
    for (std::string_view name : kServerMade) {
        const Json* value = live ? findPath(*live, {"metadata", name}) : nullptr;
        if (value)
            metadata->get_object()[name] = *value;
        else if (auto& members = metadata->get_object(); members.contains(name))
            members.stable_erase(members.find(name));
    }
}

Result<void> checkPatch(const Json* live, const Json& patch)
{
    if (!patch.is_object())
        return failure(ErrorCode::Invalid, "the patch is not an object");
    if (const Json* managed = findPath(patch, {"metadata", "managedFields"});
        managed && !managed->is_null())
        return failure(ErrorCode::Invalid, "metadata.managedFields must be nil");
    const std::string_view wanted = stringAt(patch, {"apiVersion"});
    if (live && !stringAt(*live, {"apiVersion"}).empty()
        && stringAt(*live, {"apiVersion"}) != wanted)
        return failure(ErrorCode::Invalid,
                       "Incorrect version specified in apply patch. Specified patch version: "
                           + std::string(wanted)
                           + ", expected: " + std::string(stringAt(*live, {"apiVersion"})));
    return {};
}

std::string typedPatchContext(const Json& patch)
{
    const GroupVersionKind kind = groupVersionKindOf(patch);
    return "failed to create typed patch object ("
        + std::string(stringAt(patch, {"metadata", "namespace"})) + "/"
        + std::string(stringAt(patch, {"metadata", "name"})) + "; " + kind.apiVersion()
        + ", Kind=" + kind.kind + ")";
}

std::string_view lastAppliedOf(const Json& object)
{
    return stringAt(object, {"metadata", "annotations", kLastApplied});
}

/// Drops conflicts over fields that live still has as kubectl's client-side apply left them.
void dropConflictsOfLastApplied(std::vector<ApplyConflict>& conflicts, const Json& live,
                                const TypeSchema& schema)
{
    const Result<Json> lastApplied = parseJson(lastAppliedOf(live), {.bytes = 1u << 20});
    if (!lastApplied || !lastApplied->is_object())
        return;
    const TypedComparison comparison = compareTyped(*lastApplied, live, schema);
    const FieldSet explained = liveFieldSetOf(*lastApplied, schema)
                                   .without(comparison.modified)
                                   .without(comparison.added)
                                   .without(comparison.removed);
    std::erase_if(conflicts,
                  [&](const ApplyConflict& conflict) { return explained.contains(conflict.path); });
}

void renewLastApplied(Json& object, const Json& patch)
{
    Json* annotations = find(object, "metadata");
    annotations = annotations ? find(*annotations, "annotations") : nullptr;
    if (!annotations || !annotations->is_object())
        return;
    Json clean = patch;
    if (Json* metadata = find(clean, "metadata"))
        if (Json* own = find(*metadata, "annotations"); own && own->is_object())
            own->get_object().erase(kLastApplied);
    annotations->get_object()[kLastApplied] = toText(clean) + "\n";
}

} // namespace

std::string ApplyConflict::message() const
{
    return "conflict with " + owner.displayName();
}

std::string ApplyConflict::field() const
{
    return displayText(path);
}

std::string conflictText(const std::vector<ApplyConflict>& conflicts)
{
    if (conflicts.size() == 1)
        return "Apply failed with 1 conflict: " + conflicts[0].message() + ": "
            + conflicts[0].field();
    std::map<std::string, std::vector<std::string>> byManager;
    for (const ApplyConflict& conflict : conflicts)
        byManager[conflict.owner.displayName()].push_back(conflict.field());
    std::string result = "Apply failed with " + std::to_string(conflicts.size()) + " conflicts:";
    char separator = ' ';
    for (const auto& [manager, fields] : byManager) {
        result += separator + ("conflicts with " + manager + ":");
        for (const std::string& field : fields)
            result += "\n- " + field;
        separator = '\n';
    }
    return result;
}

Result<ApplyOutcome> applyServerSide(const Json* live, const Json& patch, const TypeSchema& schema,
                                     const WriteOptions& options)
{
    if (Result<void> valid = checkPatch(live, patch); !valid)
        return std::unexpected(valid.error());
    Result<FieldSet> set = fieldSetOf(patch, schema);
    if (!set)
        return std::unexpected(std::move(set.error()).within(typedPatchContext(patch)));
    Result<ManagedFields> stored = live ? ManagedFields::of(*live) : ManagedFields();
    if (!stored)
        return std::unexpected(std::move(stored.error()).within("failed to decode managed fields"));
    const Json before = live ? withoutManagedFields(*live) : emptyObject(patch, schema);
    const std::string_view apiVersion = stringAt(patch, {"apiVersion"});
    ManagedFields managed = *stored;
    if (live && managed.isEmpty()) {
        WriteOptions earlier = options;
        earlier.manager = kBeforeFirstApply;
        trackUpdate(emptyObject(*live, schema), before, schema,
                    newEntry(earlier, Entry::Operation::Update, apiVersion), managed);
    }

    Entry self = newEntry(options, Entry::Operation::Apply, apiVersion);
    self.fields = *set;
    Entry* previous = managed.findSameOwner(self);
    const Entry last = previous ? *previous : Entry {};
    if (!previous)
        previous = &managed.entries().emplace_back();
    *previous = self;

    ApplyOutcome outcome;
    Json object = mergeTyped(live ? before : Json(JsonObject()), patch, schema);
    object = pruned(object, last.fields, managed, schema);
    const TypedComparison comparison = compareTyped(before, object, schema);
    if (!options.force) {
        outcome.conflicts = conflictsOf(managed, self, comparison);
        if (options.manager == "kubectl" && live && !outcome.conflicts.empty())
            dropConflictsOfLastApplied(outcome.conflicts, *live, schema);
        if (!outcome.conflicts.empty())
            return outcome;
    }
    takeFromOthers(managed, previous, comparison);
    object = withoutNulls(object, schema);
    keepServerMade(object, live);
    if (options.manager == "kubectl" && live && !lastAppliedOf(*live).empty())
        renewLastApplied(object, patch);
    capUpdateManagers(managed);
    finish(managed);
    const bool isSameObject = live && isEqual(before, object);
    if (isSameObject && managed.isEqualIgnoringTimes(*stored)) {
        outcome.object = *live;
        return outcome;
    }
    outcome.isChanged = true;
    setManagedFields(object, managed);
    outcome.object = std::move(object);
    return outcome;
}

Json updateTracked(const Json* live, const Json& updated, const TypeSchema& schema,
                   const WriteOptions& options)
{
    const Result<ManagedFields> stored = live ? ManagedFields::of(*live) : ManagedFields();
    ManagedFields managed = stored.value_or(ManagedFields());
    if (const Json* sent = findPath(updated, {"metadata", "managedFields"});
        sent && options.subresource.empty()) {
        const JsonArray* list = sent->if_array();
        const bool isReset = list
            && (list->empty()
                || (list->size() == 1 && (*list)[0].is_object()
                    && (*list)[0].get_object().empty()));
        const Result<ManagedFields> parsed = ManagedFields::parse(*sent);
        if (isReset)
            managed = {};
        else if (parsed && !parsed->isEmpty())
            managed = *parsed;
    }
    Json object = withoutManagedFields(updated);
    if (!find(object, "metadata") && object.is_object())
        object.get_object().emplace("metadata", JsonObject());
    if (live && managed.isEmpty())
        return object; // not tracked until the first apply
    const Json before = live ? withoutManagedFields(*live) : emptyObject(updated, schema);
    trackUpdate(before, object, schema,
                newEntry(options, Entry::Operation::Update, stringAt(updated, {"apiVersion"})),
                managed);
    capUpdateManagers(managed);
    finish(managed);
    if (live && stored && managed.isEqualIgnoringTimes(*stored) && isEqual(before, object))
        return *live;
    setManagedFields(object, managed);
    return object;
}

} // namespace core
