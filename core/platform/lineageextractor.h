// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagewriter.h"

namespace core {

/// Reads one object by the rules of its kind. Pure but for what it looks up; never fails: what it
/// cannot tell becomes an unresolved end with its place.
LineageFactsPtr extractLineage(const Manifest& manifest, const LineageLookup& lookup,
                               const LineageRules& rules = lineageRules());

/// Reads a DAG file that stands in a repository. Its key is {"", "File", "", path}.
LineageFactsPtr extractDagFile(const std::string& path, std::string_view text,
                               const LineageRules& rules = lineageRules());

} // namespace core
