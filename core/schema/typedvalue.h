// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/schema/fieldset.h"
#include "core/schema/typeschema.h"

namespace core {

/// What differs between two values of a type, as paths of the type.
struct TypedComparison
{
    FieldSet added;
    FieldSet modified;
    FieldSet removed;
    bool isSame() const { return added.isEmpty() && modified.isEmpty() && removed.isEmpty(); }
};

/// The set of a manifest: what an apply of it would own. Fails where a list breaks its own type
/// (duplicate keys, missing key fields), with the path in the message.
Result<FieldSet> fieldSetOf(const Json& object, const TypeSchema& schema);

/// The same of an object of the server, where such lists are tolerated: duplicates count once, a
/// list without its keys is atomic.
FieldSet liveFieldSetOf(const Json& object, const TypeSchema& schema);

/// before to after. Lists that break their type count as atomic. Either may be an empty object.
TypedComparison compareTyped(const Json& before, const Json& after, const TypeSchema& schema);

/// base with patch laid over it: scalars and atomic values of patch win, maps and keyed lists are
/// united; items of base that patch does not name keep their places.
Json mergeTyped(const Json& base, const Json& patch, const TypeSchema& schema);

/// The value without the paths of a set; atomic values stay whole. A container that ends up empty
/// without being in the set is null.
Json withoutFields(const Json& value, const FieldSet& fields, const TypeSchema& schema);

/// Without members that are null, save where the type lets null be a value.
Json withoutNulls(const Json& value, const TypeSchema& schema);

/// A set in which every named field that has members below it is a member too.
FieldSet withNamedFields(const FieldSet& set, const Json& object, const TypeSchema& schema);

} // namespace core
