// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"

#include <string>
#include <vector>

namespace widgets {

/// Live and desired side by side, entry by entry, so that order and quoting make no difference.
/// Which rows count as differences is the engine's verdict alone: where the texts differ but the
/// engine found no change, the row says that and is no difference.
struct DiffRow
{
    enum class Kind
    {
        Same,
        Changed, ///< both have it, with different values
        OnlyDesired, ///< Git declares it, live has it not
        OnlyLive, ///< we own it, Git declares it no more (or the whole object goes)
        NotOurs, ///< equal, but owned by somebody else: taken back quietly
        Undeclared, ///< live has it, Git does not speak of it: defaults, other people's fields
        Spelling, ///< written differently, the same for the server
    } kind = Kind::Same;
    std::string id; ///< where it stands: unique in the list and the same after an update
    std::string live; ///< the line; "" and hasLive false when that side has it not
    std::string desired;
    bool hasLive = false;
    bool hasDesired = false;
    int change = -1; ///< place in ResourceDiff::changes on the first row of a change
    bool operator==(const DiffRow&) const = default;
    bool isDifference() const
    {
        return kind == Kind::Changed || kind == Kind::OnlyDesired || kind == Kind::OnlyLive;
    }
};

std::vector<DiffRow> diffRows(const core::ManifestsAnswer& manifests);

} // namespace widgets
