// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

namespace core {

/// RFC 7396: objects merge, null deletes, everything else replaces.
void applyMergePatch(Json& target, const Json& patch);

/// The smallest merge patch that turns from into to (a null inside to cannot be expressed and is
/// left out).
Json makeMergePatch(const Json& from, const Json& to);

} // namespace core
