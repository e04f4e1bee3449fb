// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/resource.h"
#include "gitops/render/renderer.h"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gitops::kustomize {

/// Which transformer changed which field of which object. It is told after each transformer and
/// compares with what it saw before, so it is only made for builds that are to be explained.
class History
{
public:
    /// What is new is as it stands in its file.
    void see(const ResourceMap& resources);
    /// A transformer or generator of the kustomization in that file had its turn.
    void note(const ResourceMap& resources, std::string_view by, const std::string& file);

    std::vector<FieldChange> changesOf(const Resource& resource) const;

private:
    using Fields = std::map<std::string, std::string>; ///< JSON pointer to text

    struct Object
    {
        ResourcePtr resource; ///< keeps the address its own
        Fields fields;
        std::vector<FieldChange> changes;
    };
    static void flatten(const core::YamlNode& node, const std::string& pointer, Fields& out);

    std::unordered_map<const Resource*, Object> m_objects;
};

} // namespace gitops::kustomize
