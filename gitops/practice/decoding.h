// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectwriter.h"

#include <string>
#include <vector>

namespace gitops::practice {

/// Makes an object of a built-in kind what decoding leaves of it: unknown fields are dropped (400
/// with fieldValidation=Strict, a warning with Warn), a value of another type is 400. For what a
/// patch made both are 422, as faults of the patch. Custom resources stay as they are: their schema
/// decides.
ApiResult<void> decodeObject(const ResourceType& type, core::Json& object,
                             const WriteOptions& options);

/// 400 (422 of a patch) with fieldValidation=Strict, a warning for each field with Warn.
ApiResult<void> reportUnknown(const ResourceType& type, const core::Json& object,
                              const std::vector<std::string>& unknown, const WriteOptions& options);

/// 500, as the API server has it, for an apply configuration that its kind's schema does not allow.
ApiResult<void> checkConfiguration(const ResourceType& type, const core::Json& configuration);
/// "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): …"
std::unexpected<ApiError> noTypedPatch(const core::Json& configuration, const std::string& why);

} // namespace gitops::practice
