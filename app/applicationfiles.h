// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/settings.h"
#include "core/model/application.h"
#include "gitops/application/customizations.h"
#include "gitops/application/projectreader.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

/// The root applications that a command is about: those of -f (files or folders, any number of
/// documents; other kinds than Application are left out), one made from --path, else those of the
/// configuration. The error names file and line. An empty list is an error that says how to name
/// one.
core::Result<std::vector<core::Application>> loadApplications(const Options& options,
                                                              const Settings& settings);

/// The AppProjects that stand in the same files. The error names the file.
core::Result<std::vector<gitops::Project>> loadProjects(const Options& options,
                                                        const Settings& settings);

/// The ConfigMap argocd-cm of the same files, nullopt when none of them has it.
core::Result<std::optional<gitops::Customizations>> loadCustomizations(const Options& options,
                                                                       const Settings& settings);

/// Where wavewright-scripts is, which runs users' scripts: beside this program, or in libexec.
std::string scriptsProgram();

} // namespace app
