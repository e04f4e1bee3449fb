// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/schema/managedfields.h"
#include "core/schema/typeschema.h"

#include <string>
#include <vector>

namespace core {

/// Who writes, through which door, and when.
struct WriteOptions
{
    std::string manager; ///< "unknown" when empty, as the API server has it
    std::string subresource; ///< "status", "scale"; "" for the object itself
    WallTime time; ///< of the request; the server keeps seconds
    bool force = false; ///< of applies: take conflicting fields away from their owners
};

/// A field that an apply wants to change and that somebody else owns.
struct ApplyConflict
{
    ManagedFieldsEntry owner; ///< without its fields
    FieldPath path;
    std::string message() const; ///< "conflict with \"kubectl\" using apps/v1"
    std::string field() const; ///< ".spec.replicas"
};

/// "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1: .spec.replicas", or the
/// list of several grouped by manager, as the API server words it.
std::string conflictText(const std::vector<ApplyConflict>& conflicts);

/// What came of an apply. With conflicts nothing else is set.
struct ApplyOutcome
{
    Json object; ///< with managedFields; server-made metadata as live had it
    bool isChanged = false; ///< false: a repeated apply, nothing is to be written
    std::vector<ApplyConflict> conflicts;
};

/// Server-side apply as the API server does it. live is null when the object does not exist. The
/// caller has checked identity, resourceVersion and uid, and has taken out of patch what this door
/// does not write (status at the object itself, all but status at /status). Pure; any thread.
///
/// Fields that the manager applied before and patch has no longer are removed unless somebody else
/// owns them; equal values become co-owned; different values of other owners are conflicts, or with
/// force change hands. An object without managedFields is first given to "before-first-apply".
/// The manager "kubectl" takes what the last-applied annotation explains, and renews that
/// annotation. Invalid, in the API server's words, when patch is not one (managedFields set,
/// duplicate list items, another apiVersion than live).
Result<ApplyOutcome> applyServerSide(const Json* live, const Json& patch, const TypeSchema& schema,
                                     const WriteOptions& options);

/// managedFields of a create (live null), PUT or PATCH: updated as it is to be stored, with the
/// fields that changed owned by the manager's Update entry. managedFields that the request carries
/// count: [] resets them, others replace them, absent or unreadable ones leave live's. An object
/// that is not tracked stays so. Times stay where nothing else changed, so that an update without
/// an effect is equal to live. At most ten Update entries; the oldest merge into "ancient-changes".
Json updateTracked(const Json* live, const Json& updated, const TypeSchema& schema,
                   const WriteOptions& options);

} // namespace core
