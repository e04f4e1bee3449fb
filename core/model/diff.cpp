// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/diff.h"

#include <algorithm>

namespace core {

bool ResourceDiff::isQuiet() const
{
    return verdict == Verdict::Different
        && std::ranges::all_of(changes, [](const FieldChange& change) {
               return change.type == FieldChange::Type::NotOurs;
           });
}

} // namespace core
