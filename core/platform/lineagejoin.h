// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagefacts.h"
#include "core/platform/lineagerules.h"

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
};

/// Puts the facts of all objects together: addresses become the stores behind them, patterns the
/// datasets that they match, references the objects that they name. Pure. Nodes come out sorted by
/// id, edges by their ends.
LineageGraph joinLineage(const std::vector<LineagePart>& parts,
                         const LineageRules& rules = lineageRules());

} // namespace core
