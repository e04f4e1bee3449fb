// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/managedfields.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaximumEntries = 1000;

Result<ManagedFieldsEntry> parseEntry(const Json& json)
{
    ManagedFieldsEntry entry;
    entry.manager = stringAt(json, {"manager"});
    entry.apiVersion = stringAt(json, {"apiVersion"});
    entry.subresource = stringAt(json, {"subresource"});
    entry.time = parseRfc3339(stringAt(json, {"time"}));
    const std::string_view operation = stringAt(json, {"operation"});
    if (operation != "Apply" && operation != "Update")
        return failure(ErrorCode::Invalid,
                       "managedFields has an entry that is neither Apply nor Update");
    entry.operation = operation == "Apply" ? ManagedFieldsEntry::Operation::Apply
                                           : ManagedFieldsEntry::Operation::Update;
    if (const Json* fields = find(json, "fieldsV1")) {
        Result<FieldSet> set = FieldSet::parse(*fields);
        if (!set)
            return std::unexpected(set.error());
        entry.fields = std::move(*set);
    }
    return entry;
}

/// Seconds, because the server writes and compares no fractions here.
std::int64_t seconds(const std::optional<WallTime>& time)
{
    return time ? std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count() : 0;
}

bool isBefore(const ManagedFieldsEntry& a, const ManagedFieldsEntry& b)
{
    if (a.operation != b.operation)
        return a.operation == ManagedFieldsEntry::Operation::Apply;
    if (seconds(a.time) != seconds(b.time))
        return seconds(a.time) < seconds(b.time);
    if (a.manager != b.manager)
        return a.manager < b.manager;
    if (a.apiVersion != b.apiVersion)
        return a.apiVersion < b.apiVersion;
    return a.subresource < b.subresource;
}

} // namespace

bool ManagedFieldsEntry::isSameOwnerAs(const ManagedFieldsEntry& other) const
{
    return manager == other.manager && operation == other.operation
        && subresource == other.subresource
        && (operation == Operation::Apply || apiVersion == other.apiVersion);
}

std::string ManagedFieldsEntry::displayName() const
{
    std::string result = toText(Json(manager));
    if (!subresource.empty())
        result += " with subresource " + toText(Json(subresource));
    if (operation == Operation::Update)
        result += " using " + apiVersion;
    return result;
}

std::string_view toString(ManagedFieldsEntry::Operation operation)
{
    return operation == ManagedFieldsEntry::Operation::Apply ? "Apply" : "Update";
}

ManagedFields::ManagedFields(std::vector<ManagedFieldsEntry> entries)
    : m_entries(std::move(entries))
{
}

Result<ManagedFields> ManagedFields::of(const Json& object)
{
    const Json* list = findPath(object, {"metadata", "managedFields"});
    return list ? parse(*list) : ManagedFields();
}

Result<ManagedFields> ManagedFields::parse(const Json& list)
{
    ManagedFields result;
    if (list.is_null())
        return result;
    if (!list.is_array())
        return failure(ErrorCode::Invalid, "managedFields is not a list");
    if (list.get_array().size() > kMaximumEntries)
        return failure(ErrorCode::LimitExceeded, "managedFields has more than 1000 entries");
    for (const Json& json : list.get_array()) {
        Result<ManagedFieldsEntry> entry = parseEntry(json);
        if (!entry)
            return std::unexpected(entry.error());
        result.m_entries.push_back(std::move(*entry));
    }
    return result;
}

Json ManagedFields::toJson() const
{
    JsonArray list;
    for (const ManagedFieldsEntry& entry : m_entries) {
        JsonObject json;
        json.emplace("apiVersion", entry.apiVersion);
        json.emplace("fieldsType", "FieldsV1");
        json.emplace("fieldsV1", entry.fields.toJson());
        json.emplace("manager", entry.manager);
        json.emplace("operation", toString(entry.operation));
        if (!entry.subresource.empty())
            json.emplace("subresource", entry.subresource);
        if (entry.time)
            json.emplace("time",
                         formatRfc3339(std::chrono::floor<std::chrono::seconds>(*entry.time)));
        list.push_back(std::move(json));
    }
    return list;
}

const ManagedFieldsEntry* ManagedFields::find(std::string_view manager,
                                              ManagedFieldsEntry::Operation operation,
                                              std::string_view subresource) const
{
    const auto found = std::ranges::find_if(m_entries, [&](const ManagedFieldsEntry& entry) {
        return entry.manager == manager && entry.operation == operation
            && entry.subresource == subresource;
    });
    return found == m_entries.end() ? nullptr : &*found;
}

ManagedFieldsEntry* ManagedFields::findSameOwner(const ManagedFieldsEntry& entry)
{
    const auto found = std::ranges::find_if(
        m_entries, [&](const ManagedFieldsEntry& other) { return other.isSameOwnerAs(entry); });
    return found == m_entries.end() ? nullptr : &*found;
}

const ManagedFieldsEntry* ManagedFields::owner(std::span<const PathElement> path) const
{
    const ManagedFieldsEntry* newest = nullptr;
    for (const ManagedFieldsEntry& entry : m_entries)
        if (entry.fields.contains(path) && (!newest || newest->time < entry.time))
            newest = &entry;
    return newest;
}

std::vector<const ManagedFieldsEntry*>
ManagedFields::owners(std::span<const PathElement> path) const
{
    std::vector<const ManagedFieldsEntry*> result;
    for (const ManagedFieldsEntry& entry : m_entries)
        if (entry.fields.contains(path))
            result.push_back(&entry);
    return result;
}

void ManagedFields::removeEmpty()
{
    std::erase_if(m_entries,
                  [](const ManagedFieldsEntry& entry) { return entry.fields.isEmpty(); });
}

void ManagedFields::sort()
{
    std::ranges::stable_sort(m_entries, isBefore);
}

bool ManagedFields::isEqualIgnoringTimes(const ManagedFields& other) const
{
    if (m_entries.size() != other.m_entries.size())
        return false;
    return std::ranges::all_of(m_entries, [&](const ManagedFieldsEntry& entry) {
        return std::ranges::any_of(other.m_entries, [&](const ManagedFieldsEntry& theirs) {
            return entry.isSameOwnerAs(theirs) && entry.apiVersion == theirs.apiVersion
                && entry.fields == theirs.fields;
        });
    });
}

} // namespace core
