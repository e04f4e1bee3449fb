// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/render/kustomize/resource.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::kustomize {

/// Where in which objects a transformer works: "spec/template/metadata/labels" of Deployments.
/// Lists are entered at any point of the path; "x[]" names a list and creates nothing.
struct FieldSpec
{
    struct Segment
    {
        std::string name;
        bool isSequence = false;
    };
    Gvk gvk;
    std::string path;
    std::vector<Segment> segments;
    bool create = false;
};

/// Splits the path at '/'; "\/" is a slash inside a name.
FieldSpec makeFieldSpec(std::string_view path, Gvk gvk = {}, bool create = false);

/// What is made where a path with create ends at nothing.
struct Creation
{
    core::YamlNode::Type type = core::YamlNode::Type::Mapping;
    core::YamlTag tag = core::YamlTag::Map;
};

using FieldSetter = std::function<core::Result<void>(core::YamlNode&)>;

/// Calls set on every node that the path leads to in this object, if the spec is for its type.
core::Result<void> applyFieldSpec(core::YamlTree& tree, const FieldSpec& spec, Resource& resource,
                                  const std::optional<Creation>& creation, const FieldSetter& set);

/// The built-in specs (Kustomize's builtinpluginconsts).
const std::vector<FieldSpec>& labelSpecs(); ///< metadata, templates and selectors
const std::vector<FieldSpec>& templateLabelSpecs(); ///< metadata and templates
const std::vector<FieldSpec>& annotationSpecs();
const std::vector<FieldSpec>& namespaceSpecs();
const std::vector<FieldSpec>& imageSpecs();
const std::vector<FieldSpec>& replicaSpecs();

/// Where objects are referred to by name: the target's type, and where in whom its name stands.
struct NameReference
{
    Gvk target;
    FieldSpec referrer;
};
const std::vector<NameReference>& nameReferences();

/// Writes text into a scalar as Kustomize's setters do: an unquoted one gets its type anew.
void setScalarText(core::YamlTree& tree, core::YamlNode& node, std::string_view text,
                   const core::YamlNode* from);
/// Writes a string, whatever stood there.
void setStringText(core::YamlTree& tree, core::YamlNode& node, std::string_view text,
                   const core::YamlNode* from);

} // namespace gitops::kustomize
