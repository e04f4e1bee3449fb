// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/resource.h"

#include <algorithm>

namespace gitops::kustomize {

Resource::Resource(core::YamlNode* node)
    : m_node(node)
{
    refresh();
}

void Resource::setNode(core::YamlNode* node)
{
    m_node = node;
    refresh();
}

void Resource::refresh()
{
    if (!m_node)
        return;
    m_id.gvk = makeGvk(m_node->textAt("apiVersion"), m_node->textAt("kind"));
    const core::YamlNode* meta = metadata();
    m_id.name = meta ? meta->textAt("name") : "";
    m_id.namespaceName = meta ? meta->textAt("namespace") : "";
    m_key = m_id.key();
    // Group and version of former ids are always the current ones.
    for (ResourceId& id : m_previous) {
        id.gvk.group = m_id.gvk.group;
        id.gvk.version = m_id.gvk.version;
    }
}

void Resource::storePreviousId()
{
    ResourceId id = m_id;
    id.namespaceName = id.effectiveNamespace();
    m_previous.push_back(std::move(id));
}

void Resource::takeHistoryFrom(const Resource& older)
{
    m_previous = older.m_previous;
    prefixes = older.prefixes;
    suffixes = older.suffixes;
    varNames = older.varNames;
    needsHash = needsHash && older.needsHash;
    transformations = older.transformations;
    if (behavior == Behavior::Merge)
        origin = older.origin;
    behavior = older.behavior;
    refresh();
}

bool ResourceMap::append(ResourcePtr resource)
{
    buildIndex();
    if (m_byCurrentId.contains(resource->key()))
        return false;
    const std::size_t index = m_all.size();
    m_byCurrentId.emplace(resource->key(), index);
    for (const ResourceId& id : resource->previousIds())
        m_byPreviousId.emplace(id.key(), index);
    m_all.push_back(std::move(resource));
    return true;
}

void ResourceMap::replace(std::size_t index, ResourcePtr resource)
{
    m_all[index] = std::move(resource);
    idsChanged();
}

void ResourceMap::dropEmpty()
{
    if (std::erase_if(m_all, [](const ResourcePtr& resource) { return resource->isEmpty(); }) > 0)
        idsChanged();
}

void ResourceMap::setAll(std::vector<ResourcePtr> resources)
{
    m_all = std::move(resources);
    idsChanged();
}

void ResourceMap::idsChanged()
{
    m_isIndexed = false;
}

void ResourceMap::buildIndex() const
{
    if (m_isIndexed)
        return;
    m_byCurrentId.clear();
    m_byPreviousId.clear();
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        if (m_all[i]->isEmpty())
            continue;
        m_byCurrentId.emplace(m_all[i]->key(), i);
        for (const ResourceId& id : m_all[i]->previousIds())
            m_byPreviousId.emplace(id.key(), i);
    }
    m_isIndexed = true;
}

std::vector<std::size_t> ResourceMap::findByAnyId(const ResourceId& id) const
{
    buildIndex();
    std::vector<std::size_t> found;
    const std::string key = id.key();
    for (const auto* index : {&m_byCurrentId, &m_byPreviousId}) {
        const auto [first, last] = index->equal_range(key);
        for (auto at = first; at != last; ++at)
            if (!m_all[at->second]->isEmpty())
                found.push_back(at->second);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::pair<const Resource*, const Resource*> ResourceMap::conflict() const
{
    std::unordered_map<std::string_view, const Resource*> seen;
    seen.reserve(m_all.size());
    for (const ResourcePtr& resource : m_all) {
        if (resource->isEmpty())
            continue;
        const auto [known, isNew] = seen.emplace(resource->key(), resource.get());
        if (!isNew)
            return {known->second, resource.get()};
    }
    return {nullptr, nullptr};
}

} // namespace gitops::kustomize
