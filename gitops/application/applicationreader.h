// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/manifest.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// Reads an Argo CD Application (argoproj.io/v1alpha1). A field of a wrong type or value is Invalid
/// (Argo CD's InvalidSpecError), and so named; what Wavewright does not do (several sources, Helm,
/// plugins, jsonnet) is Unsupported, by name, never left out silently. warnings gets one sentence
/// for each field or sync option that has no effect.
core::Result<core::Application> readApplication(const core::Json& object, core::Place place = {},
                                                std::vector<std::string>* warnings = nullptr);

/// nullopt when the manifest is no Application; else it, read (App of Apps). The caller sets
/// Application::parent.
std::optional<core::Result<core::Application>>
applicationOf(const core::Manifest& manifest, std::vector<std::string>* warnings = nullptr);

/// An application made of a folder on disk (--path): not automated, into the chosen context, read
/// as the files are now (repoUrl is "dir://" and root). root: "" for the working copy that the
/// folder is in, else the folder itself. name: "" for one made of the folder's.
core::Result<core::Application> applicationFromPath(const std::string& folder,
                                                    const std::string& name = {},
                                                    const std::string& root = {});

} // namespace gitops
