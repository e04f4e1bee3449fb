// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagefacts.h"
#include "core/platform/lineagerules.h"

#include <cstdint>
#include <string>
#include <vector>

namespace core {

/// The facts of one object with what is known of the object beside its text.
struct LineagePart
{
    LineageFactsPtr facts; ///< never null
    LineageFactsPtr observed; ///< of its live state: only what was observed counts; may be null
    std::string application;
    int wave = 0;
    bool declared = true;
    bool existing = false;
    std::uint32_t serial = 0; ///< tells those of one key apart

    /// Whether two say the same; facts are compared by address.
    bool operator==(const LineagePart&) const = default;
};

/// The order of parts: by key, files last. It decides where several say something of one node.
struct LineagePartOrder
{
    bool operator()(const LineagePart* a, const LineagePart* b) const;
};

/// Puts the facts of all objects together: addresses become the stores behind them, patterns the
/// datasets that they match, references the objects that they name. Pure. Nodes come out sorted by
/// id, edges by their ends.
LineageGraph joinLineage(const std::vector<LineagePart>& parts,
                         const LineageRules& rules = lineageRules());

} // namespace core
