// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/discovery.h"

#include "core/base/http.h"

namespace gitops {

std::string ApiResource::path(std::string_view namespaceName, std::string_view name,
                              std::string_view subresource) const
{
    std::string out =
        kind.group.empty() ? "/api/" : "/apis/" + core::percentEncode(kind.group) + "/";
    out += core::percentEncode(kind.version);
    if (namespaced && !namespaceName.empty())
        out += "/namespaces/" + core::percentEncode(namespaceName);
    out += "/" + core::percentEncode(plural);
    if (!name.empty())
        out += "/" + core::percentEncode(name);
    if (!name.empty() && !subresource.empty())
        out += "/" + std::string(subresource);
    return out;
}

void Discovery::add(ApiResource resource, bool preferredVersion)
{
    const core::GroupVersionKind kind = resource.kind;
    const core::GroupKind groupKind {kind.group, kind.kind};
    if (preferredVersion || !m_preferred.contains(groupKind))
        m_preferred.insert_or_assign(groupKind, kind);
    m_resources.try_emplace(kind, std::move(resource));
}

const ApiResource* Discovery::find(const core::GroupVersionKind& kind) const
{
    const auto it = m_resources.find(kind);
    return it == m_resources.end() ? nullptr : &it->second;
}

const ApiResource* Discovery::find(const core::GroupKind& kind) const
{
    const auto it = m_preferred.find(kind);
    return it == m_preferred.end() ? nullptr : find(it->second);
}

std::vector<const ApiResource*> Discovery::all() const
{
    std::vector<const ApiResource*> out;
    for (const auto& [kind, resource] : m_resources)
        out.push_back(&resource);
    return out;
}

} // namespace gitops
