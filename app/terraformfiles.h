// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/platform/terraform.h"

namespace app {

/// The files of --terraform, else those of the configuration's "terraform". An error names the file
/// that cannot be read or is nothing of Terraform's.
core::Result<std::vector<core::TerraformLayer>> terraformLayers(const Options& options);

/// An input with these layers; as it is where there are none.
core::Result<core::PlatformInputPtr> withTerraformLayers(const Options& options,
                                                         core::PlatformInputPtr input);

} // namespace app
