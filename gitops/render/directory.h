// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"
#include "gitops/render/renderer.h"

namespace gitops {

/// Reads the manifests of a plain folder by Argo CD's rules: yaml, yml and json files in the order
/// of their paths, those below only with recurse, include and exclude on the path inside the
/// folder; lists taken apart.
core::Result<std::vector<core::YamlNode*>>
readDirectory(core::YamlTree& tree, const FileTree& files, const RenderRequest& request);

/// Argo CD's globs: "*" passes '/', "{a,b}" is either.
bool pathMatches(std::string_view pattern, std::string_view path);

} // namespace gitops
