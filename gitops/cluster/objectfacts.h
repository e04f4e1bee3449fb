// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gitops {

/// What the text of a live object that is kept says of it, read without making a value.
struct ObjectFacts
{
    std::map<std::string, std::string> annotations;
    bool hasApplyEntry = false; ///< managedFields holds an Apply entry of ours
    std::optional<std::int64_t> observedGeneration; ///< of its status; never negative
    core::Digest status; ///< of the status alone, zeros without one
    std::string type; ///< spec.type
};

/// Nullopt: the text is no object. Where a key comes twice its last value counts, as everywhere.
std::optional<ObjectFacts> readObjectFacts(const std::string& text);

} // namespace gitops
