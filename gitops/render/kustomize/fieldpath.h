// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/yamltree.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::kustomize {

/// Splits a replacement's path: "a.b", "a\.b.c", "annotations.[a.b/c]",
/// "containers.[name=web].image". A part keeps its brackets when it names a list's element.
std::vector<std::string> splitFieldPath(std::string_view path);

/// The nodes that a path leads to, as kyaml's PathMatcher finds them: "[name=x]" by regular
/// expression, "0" by index, "*" all elements. With create, what is missing is made; the last part
/// as that type.
core::Result<std::vector<core::YamlNode*>> findFields(core::YamlTree& tree, core::YamlNode& object,
                                                      const std::vector<std::string>& path,
                                                      std::optional<core::YamlNode::Type> create);

/// The one node that a path leads to, "[name=x]" taken literally; nullptr when there is none.
core::YamlNode* findField(core::YamlNode& object, const std::vector<std::string>& path);

} // namespace gitops::kustomize
