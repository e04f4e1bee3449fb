// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One instance of a managed resource.
struct TerraformResource
{
    std::string address; ///< "module.rds.aws_db_instance.this"
    std::string type;
    Json values; ///< attributes, without those that are sensitive
    std::vector<std::string> hidden; ///< top-level attributes that were left out
    int line = 0; ///< in the file, 0 where it is not known
};

/// What a state or the output of "terraform show -json" holds, whichever of the two it was.
struct TerraformState
{
    std::string version;
    std::vector<TerraformResource> resources;
    std::map<std::string, std::string> outputs; ///< texts that are not sensitive
    std::vector<std::string> gaps;
};

/// At most 64 MiB, 100,000 resources, modules 50 deep. A sensitive value is dropped before anything
/// looks at it; so is every attribute whose name speaks of a secret.
Result<TerraformState> readTerraformState(std::string_view text, const std::string& file);

} // namespace core
