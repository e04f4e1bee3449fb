// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/objectlabels.h"

#include "core/object/selector.h"

#include <utility>

namespace widgets {

ObjectLabels::ObjectLabels(core::PlatformInputPtr input)
    : m_input(std::move(input))
{
}

const FilterRow::Labels* ObjectLabels::of(const core::ObjectKey& key) const
{
    const auto [found, isNew] = m_read.try_emplace(key);
    const core::PlatformObject* object = isNew ? m_input->find(key) : nullptr;
    if (!object)
        return &found->second;
    if (object->live && object->live->text)
        if (const auto value = core::parseJson(*object->live->text))
            found->second = core::labelsOf(*value);
    if (const core::Manifest* manifest = object->manifest())
        found->second.merge(core::labelsOf(manifest->value()));
    return &found->second;
}

} // namespace widgets
