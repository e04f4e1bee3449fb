// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The API group of what Terraform made, as objects of the platform's input. No cluster has it.
inline constexpr std::string_view kTerraformGroup = "terraform.wavewright.dev";

/// What Terraform made below the cluster, as far as applications meet it: databases, caches,
/// buckets, registries. Each is an object of kind Database, Cache, Storage, Broker, Registry,
/// Cluster, Ingress, Certificate, Monitoring, Addon or Endpoint (an output that no resource
/// explains), with spec.{type, address, system, hosts, name, version, size, buckets, hidden}.
struct TerraformLayer
{
    std::string file;
    std::string version; ///< of Terraform
    std::vector<ManifestPtr> services; ///< by kind and name
    std::vector<std::string> gaps; ///< what could not be told, one sentence each
};

/// Reads the output of "terraform show -json", of a plan too, or a state file (version 4). Nothing
/// is run. Only the attributes that resources/terraform/services.yaml names are looked at, and of
/// those none that Terraform marks as sensitive (spec.hidden lists what was left out). Fails
/// (Invalid) where the text is neither.
Result<TerraformLayer> readTerraform(std::string_view text, const std::string& file);

/// The input with these layers' services, as declared by an application called "terraform".
PlatformInputPtr withTerraform(const PlatformInput& input,
                               const std::vector<TerraformLayer>& layers);

/// Whether an input has a layer of Terraform's.
bool hasTerraform(const PlatformInput& input);

} // namespace core
