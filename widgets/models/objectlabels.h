// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "widgets/models/filterwords.h"

#include <memory>
#include <unordered_map>

namespace widgets {

/// Labels of the objects of a platform, for filters: those in Git, and those in the cluster where
/// the engine keeps the whole object. Read when they are asked for. GUI thread only.
class ObjectLabels
{
public:
    explicit ObjectLabels(core::PlatformInputPtr input);

    /// Never null; empty for an object that is not there. Lives as long as this.
    const FilterRow::Labels* of(const core::ObjectKey& key) const;

private:
    core::PlatformInputPtr m_input;
    mutable std::unordered_map<core::ObjectKey, FilterRow::Labels, core::ObjectKeyHash> m_read;
};

using ObjectLabelsPtr = std::shared_ptr<const ObjectLabels>;

} // namespace widgets
