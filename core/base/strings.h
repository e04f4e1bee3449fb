// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Views into text; the empty string gives one empty part. text must outlive the result.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view
trimmed(std::string_view text); ///< without blanks, tabs and line ends at both ends
std::string toLower(std::string_view text); ///< ASCII only
bool equalsIgnoringCase(std::string_view a, std::string_view b); ///< ASCII only

std::string base64Encode(std::string_view bytes);
std::optional<std::string>
base64Decode(std::string_view text); ///< line ends are skipped; nullopt when not base64

bool isValidUtf8(std::string_view bytes);
/// Text from outside made safe for a terminal or a label: control characters (C0, C1) and bidi
/// controls become visible escapes ("\x1b"), invalid UTF-8 becomes U+FFFD. Line ends and tabs stay.
std::string sanitised(std::string_view text);

/// How alike two words are, for "did you mean": Levenshtein distance.
std::size_t editDistance(std::string_view a, std::string_view b);

/// A name glob: * any run, ? any one character, [a-z] and [!a] sets (Go's path.Match without
/// separators).
bool globMatches(std::string_view pattern, std::string_view text);

} // namespace core
