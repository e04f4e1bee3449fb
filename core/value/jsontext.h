// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core {

/// The scalar writers behind toText, for who writes JSON without making a value first.
void appendJsonString(std::string& out, std::string_view text); ///< with its quotes
void appendJsonNumber(std::string& out, double number); ///< NaN and infinities as null

} // namespace core
