// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;

namespace {

bool hasOrHadId(const Resource& resource, const std::string& name, const Gvk& gvk)
{
    const auto matches = [&](const ResourceId& id) {
        return id.name == name && id.gvk.isSelectedBy(gvk);
    };
    return matches(resource.id())
        || std::any_of(resource.previousIds().begin(), resource.previousIds().end(), matches);
}

} // namespace

core::Result<void> setReplica(BuildContext& context, ResourceMap& resources, const Replica& replica,
                              const std::vector<FieldSpec>& specs)
{
    const Creation count {YamlNode::Type::Scalar, core::YamlTag::Int};
    const std::string text = std::to_string(replica.count);
    const FieldSetter set = [&](YamlNode& node) -> core::Result<void> {
        if (!node.isScalar())
            return context.invalid("replicas must be a number", &node);
        setScalarText(context.yaml, node, text, replica.from);
        return {};
    };
    bool isFound = false;
    for (const FieldSpec& spec : specs) {
        for (const ResourcePtr& resource : resources.all()) {
            if (!hasOrHadId(*resource, replica.name, spec.gvk))
                continue;
            isFound = true;
            if (auto done = applyFieldSpec(context.yaml, spec, *resource, count, set); !done)
                return done;
        }
    }
    if (!isFound)
        return context.invalid("replicas: no Deployment, ReplicationController, ReplicaSet or "
                               "StatefulSet is called '"
                                   + replica.name + "'",
                               replica.from);
    return {};
}

} // namespace gitops::kustomize
