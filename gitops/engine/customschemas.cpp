// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/customschemas.h"

#include <utility>

namespace gitops {

CustomSchemas::Keys CustomSchemas::find(const core::GroupKind& kind) const
{
    const auto name = m_names.find(kind);
    const auto found = name == m_names.end() ? m_known.end() : m_known.find(name->second);
    return found == m_known.end() ? nullptr : found->second;
}

void CustomSchemas::ask(const ApiResource& definitions, const ApiResource& kind, Done done)
{
    const std::string name = kind.plural + "." + kind.kind.group;
    m_names[{kind.kind.group, kind.kind.kind}] = name;
    std::vector<Done>& waiting = m_asking[name];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1)
        return;
    m_api.get(definitions, "", name, m_alive.guard([this, name](core::Result<ApiObject> answer) {
        answered(name, answer);
    }));
}

void CustomSchemas::answered(const std::string& name, const core::Result<ApiObject>& answer)
{
    core::Result<Keys> keys;
    if (answer)
        keys = core::CustomListKeys::of(answer->object);
    else if (answer.error().code == core::ErrorCode::NotFound)
        keys = core::CustomListKeys::none(); // an aggregated API has no definition
    else
        keys = std::unexpected(answer.error());
    if (keys)
        m_known[name] = *keys;
    const auto waiting = m_asking.extract(name);
    if (!waiting.empty())
        for (const Done& done : waiting.mapped())
            done(keys);
}

void CustomSchemas::forget(const std::string& definition)
{
    m_known.erase(definition);
}

} // namespace gitops
