// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <string_view>

namespace gitops {

/// An answer's body as a value whose parts share one arena: quick to make and to drop, all at once
/// when the last part goes. Keep no part longer than needed; copying one into an ordinary value
/// leaves the arena. Invalid when it is no JSON, LimitExceeded past 100 levels.
core::Result<core::Json> parseBody(std::string_view text);

} // namespace gitops
