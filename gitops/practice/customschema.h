// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectwriter.h"

namespace gitops::practice {

/// Makes a custom resource what its CRD's structural schema says: drops unknown fields (400 with
/// fieldValidation=Strict, a warning with Warn), fills in defaults, and checks (422).
ApiResult<void> conformToSchema(const ResourceType& type, core::Json& object,
                                const WriteOptions& options);

} // namespace gitops::practice
