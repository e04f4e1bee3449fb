// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/schema/fieldset.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One entry of metadata.managedFields: which fields a manager owns.
struct ManagedFieldsEntry
{
    enum class Operation
    {
        Apply,
        Update
    };
    std::string manager;
    Operation operation = Operation::Update;
    std::string apiVersion;
    std::optional<WallTime> time;
    std::string subresource;
    FieldSet fields;

    /// The server keeps one entry for each manager, operation, subresource and (of updates)
    /// apiVersion.
    bool isSameOwnerAs(const ManagedFieldsEntry& other) const;
    /// As conflicts name it: "\"kubectl\" with subresource \"status\" using apps/v1".
    std::string displayName() const;
    bool operator==(const ManagedFieldsEntry&) const = default;
};

std::string_view toString(ManagedFieldsEntry::Operation operation);

/// metadata.managedFields of an object. A value type.
class ManagedFields
{
public:
    ManagedFields() = default;
    explicit ManagedFields(std::vector<ManagedFieldsEntry> entries);

    /// From metadata.managedFields of an object; empty when it has none. At most 1,000 entries.
    static Result<ManagedFields> of(const Json& object);
    static Result<ManagedFields> parse(const Json& list);
    Json toJson() const;

    bool isEmpty() const { return m_entries.empty(); }
    const std::vector<ManagedFieldsEntry>& entries() const { return m_entries; }
    std::vector<ManagedFieldsEntry>& entries() { return m_entries; }
    const ManagedFieldsEntry* find(std::string_view manager,
                                   ManagedFieldsEntry::Operation operation,
                                   std::string_view subresource = "") const;
    ManagedFieldsEntry* findSameOwner(const ManagedFieldsEntry& entry);

    /// Who owns a path, and wrote it last: the entry with the newest time that has the path itself;
    /// else nullptr.
    const ManagedFieldsEntry* owner(std::span<const PathElement> path) const;
    std::vector<const ManagedFieldsEntry*> owners(std::span<const PathElement> path) const;

    void removeEmpty(); ///< entries without fields
    /// The server's order: Apply before Update, then by time, then by manager.
    void sort();
    bool isEqualIgnoringTimes(const ManagedFields& other) const;
    bool operator==(const ManagedFields&) const = default;

private:
    std::vector<ManagedFieldsEntry> m_entries;
};

} // namespace core
