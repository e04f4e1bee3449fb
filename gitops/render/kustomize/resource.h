// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"
#include "gitops/render/kustomize/origin.h"
#include "gitops/render/kustomize/resourceid.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace gitops::kustomize {

/// What a generator does about an object of its name that is there already.
enum class Behavior
{
    Unspecified,
    Create,
    Replace,
    Merge
};

/// One object of a build: its tree, its id, and what it was called before. The id is kept beside
/// the tree; whoever changes apiVersion, kind, name or namespace in the tree calls refresh().
class Resource
{
public:
    explicit Resource(core::YamlNode* node);

    core::YamlNode* node() const { return m_node; }
    bool isEmpty() const { return !m_node || m_node->size() == 0; }
    void clear() { m_node = nullptr; }
    /// Takes another tree; the history stays.
    void setNode(core::YamlNode* node);
    void refresh();

    const ResourceId& id() const { return m_id; }
    const std::string& key() const { return m_key; } ///< of the current id
    const ResourceId& originalId() const { return m_previous.empty() ? m_id : m_previous.front(); }
    /// Oldest first.
    const std::vector<ResourceId>& previousIds() const { return m_previous; }
    void storePreviousId();

    core::YamlNode* metadata() const { return m_node ? m_node->find("metadata") : nullptr; }

    std::vector<std::string> prefixes;
    std::vector<std::string> suffixes;
    std::vector<std::string> varNames; ///< of the vars that read this object
    OriginPtr origin; ///< kept only when the build asks for it
    std::vector<OriginPtr> transformations; ///< likewise
    bool needsHash = false;
    Behavior behavior = Behavior::Unspecified;

    /// What a merge or replacement by a generator keeps of the older object.
    void takeHistoryFrom(const Resource& older);

private:
    core::YamlNode* m_node;
    ResourceId m_id;
    std::string m_key;
    std::vector<ResourceId> m_previous;
};

using ResourcePtr = std::shared_ptr<Resource>;

/// The resources of a layer in order, found by id without a scan.
class ResourceMap
{
public:
    const std::vector<ResourcePtr>& all() const { return m_all; }
    /// False when an object with this id is there already.
    bool append(ResourcePtr resource);
    void replace(std::size_t index, ResourcePtr resource);
    /// Takes out resources that became empty.
    void dropEmpty();
    void setAll(std::vector<ResourcePtr> resources);
    /// Must be called after ids changed.
    void idsChanged();

    /// The indices of resources that have, or had, this id.
    std::vector<std::size_t> findByAnyId(const ResourceId& id) const;
    /// Two resources with one current id, or {nullptr, nullptr}.
    std::pair<const Resource*, const Resource*> conflict() const;

private:
    void buildIndex() const;

    std::vector<ResourcePtr> m_all;
    mutable bool m_isIndexed = false;
    mutable std::unordered_multimap<std::string, std::size_t> m_byCurrentId;
    mutable std::unordered_multimap<std::string, std::size_t> m_byPreviousId;
};

} // namespace gitops::kustomize
