// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <string_view>

namespace gitops {

/// Whether two unequal spellings may be the same value to the API server.
enum class Likeness
{
    Equal, ///< provably the same: quantities in a field of that type, base64 of the same bytes
    MaybeEqual, ///< a server may have turned one into the other; only a dry-run can tell
    Different
};

/// What a field holds, as far as it matters for spelling.
enum class FieldSort
{
    Plain, ///< of a built-in kind: stored as it is sent
    Unknown, ///< of a custom kind: a webhook or an operator may normalise it
    Quantity,
    Base64
};

/// The sort of a field of a built-in kind by its dotted path without indices
/// ("spec.template.spec.containers.resources.limits.cpu").
FieldSort builtinFieldSort(std::string_view kind, std::string_view path);

/// Of two scalars; lists and maps are Different unless both are empty or null.
Likeness likeness(const core::Json& desired, const core::Json& live, FieldSort sort);

} // namespace gitops
