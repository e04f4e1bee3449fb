// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A place where two answers part.
struct AnswerDifference
{
    std::string where; ///< "create/names/3/body/metadata/name": file, script, step from 1, path
    std::string recorded; ///< JSON text; "" when it is absent
    std::string got;
};

/// Items of lists are told apart by name (or version, type, resource) where all have one.
std::vector<AnswerDifference> differencesOf(const core::Json& recorded, const core::Json& got,
                                            const std::string& where);

/// A difference that is meant, with its reason.
struct IntendedDifference
{
    std::string at; ///< AnswerDifference::where; "*" within one token, "**" for any rest
    std::string why;
};

/// Takes out of the list what is meant. Returns the entries that no difference needs any more.
std::vector<IntendedDifference> removeIntended(std::vector<AnswerDifference>& differences,
                                               const std::vector<IntendedDifference>& intended);
core::Result<std::vector<IntendedDifference>> readIntended(std::string_view text,
                                                           const std::string& file);

/// JSON for people: what fits stands on one line.
std::string toReadableText(const core::Json& value, std::size_t width = 120);

} // namespace tests
