// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/platforminput.h"

#include <algorithm>
#include <iterator>

namespace core {

const PlatformObject* PlatformInput::find(const ObjectKey& key) const
{
    const auto found = std::ranges::lower_bound(objects, key, {}, &PlatformObject::key);
    return found != objects.end() && found->key == key ? &*found : nullptr;
}

const PlatformApplication* PlatformInput::application(std::string_view name) const
{
    const auto found = std::ranges::lower_bound(applications, name, {}, &PlatformApplication::name);
    return found != applications.end() && found->name == name ? &*found : nullptr;
}

void PlatformInputBuilder::declare(Declaration declaration)
{
    if (declaration.manifest->key().name.empty())
        return; // the server names it: there is nothing to find it by
    PlatformObject part {declaration.manifest->key(), {}, nullptr};
    part.declared.push_back(std::move(declaration));
    m_parts.push_back(std::move(part));
}

void PlatformInputBuilder::live(const ObjectKey& key, std::shared_ptr<const LiveRecord> record)
{
    m_parts.push_back({key, {}, std::move(record)});
}

PlatformInputPtr PlatformInputBuilder::build() &&
{
    std::ranges::stable_sort(m_parts, {}, &PlatformObject::key);
    m_input.objects.reserve(m_parts.size());
    for (PlatformObject& part : m_parts) {
        if (m_input.objects.empty() || m_input.objects.back().key != part.key) {
            m_input.objects.push_back(std::move(part));
            continue;
        }
        PlatformObject& whole = m_input.objects.back();
        std::ranges::move(part.declared, std::back_inserter(whole.declared));
        if (part.live)
            whole.live = std::move(part.live);
    }
    m_parts.clear();
    std::ranges::sort(m_input.applications, {}, &PlatformApplication::name);
    return std::make_shared<const PlatformInput>(std::move(m_input));
}

} // namespace core
