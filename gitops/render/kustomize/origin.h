// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace gitops::kustomize {

/// Where an object comes from, or the configuration of a generator or transformer: what
/// `buildMetadata` writes into annotations. Paths are seen from the root kustomization's folder.
struct Origin
{
    std::string path;
    std::string repo; ///< of a remote base
    std::string ref;
    std::string configuredIn;
    std::string apiVersion; ///< of the configuration
    std::string kind;
    std::string name;
    std::string namespaceName;

    /// As YAML, as Kustomize writes it.
    std::string text() const;
};
using OriginPtr = std::shared_ptr<const Origin>;

/// Of several: a list in YAML.
std::string originList(const std::vector<OriginPtr>& origins);

} // namespace gitops::kustomize
