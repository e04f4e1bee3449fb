// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcetype.h"

#include <vector>

namespace gitops::practice {

/// The types that a CustomResourceDefinition (apiextensions.k8s.io/v1) serves, one per served
/// version. Missing names are filled in as the server would (singular, listKind).
std::vector<TypePtr> customTypes(const core::Json& crd);

} // namespace gitops::practice
