// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/sharedlist.h"

#include <utility>
#include <vector>

namespace tests {

/// Changes a list's rows as a vector's. Nothing is shared with the list before.
template<class T, class Change>
void edit(core::SharedList<T>& list, Change change)
{
    std::vector<T> rows = list.rows();
    change(rows);
    list = std::move(rows);
}

template<class T>
void append(core::SharedList<T>& list, T row)
{
    edit(list, [&](std::vector<T>& rows) { rows.push_back(std::move(row)); });
}

} // namespace tests
