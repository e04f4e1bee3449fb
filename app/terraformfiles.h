// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/platform/terraform.h"

namespace app {

/// The files of --terraform, else those of the configuration's "terraform". An error names the file
/// that cannot be read or is nothing of Terraform's.
core::Result<std::vector<core::TerraformLayer>> terraformLayers(const Options& options);

/// The same, but of a file that cannot be read there is a layer without services whose gap says so:
/// for views that stay.
std::vector<core::TerraformLayer> terraformLayersOrGaps(const std::vector<std::string>& files);
/// Their names: those of --terraform, else the configuration's.
core::Result<std::vector<std::string>> terraformFileNames(const Options& options);

/// An input with these layers; as it is where there are none.
core::Result<core::PlatformInputPtr> withTerraformLayers(const Options& options,
                                                         core::PlatformInputPtr input);

} // namespace app
