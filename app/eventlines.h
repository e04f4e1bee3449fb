// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace app {

/// The lines of text that say an event to a person, in the order of the events. Of the objects that
/// an operation deletes the first ones are named, the others are counted when it ends. Why a sync
/// failed is said once: with the operation, not again with the condition that follows from it.
class EventLines
{
public:
    static constexpr std::size_t kNamedPrunes = 20;

    std::vector<std::string> of(const core::Event& event);

private:
    std::map<std::string, std::size_t> m_pruned; ///< by application, of its running operation
    std::set<std::string> m_failed; ///< applications whose failure was the last that was said
};

} // namespace app
