// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamlreader.h"

namespace core {

/// A document's text between two separators, and the line that it begins at (from 0).
struct YamlChunk
{
    std::string_view text;
    int line = 0;
};

/// What can be told from the bytes alone, before a parser sees them: sizes, line length, and the
/// number of %TAG lines, each of which libyaml would compare with all others.
Result<void> checkYamlText(std::string_view text, const std::string& file,
                           const YamlLimits& limits);
std::string withUnixLineEnds(std::string_view text);
/// Cuts at lines "---", which may carry blanks and a comment but nothing else.
Result<std::vector<YamlChunk>> splitYamlDocuments(std::string_view text, const std::string& file,
                                                  int firstLine);

} // namespace core
