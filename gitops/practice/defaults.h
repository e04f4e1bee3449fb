// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// Fills in what the API server fills in for built-in kinds, so that what is read back differs from
/// what was sent exactly where it would on a real cluster (facts: k/k pkg/apis/*/v1/defaults.go).
void applyDefaults(const ResourceType& type, core::Json& object);

/// The part for a pod's spec; workloads have one in their template.
void defaultPodSpec(core::Json& spec);

} // namespace gitops::practice
