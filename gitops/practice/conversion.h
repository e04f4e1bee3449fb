// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// Objects of a resource are kept in one version. For most kinds the versions differ in apiVersion
/// alone (CRDs with conversion None); these two differ in shape:
/// Event (kept as v1, also served as events.k8s.io/v1) and HorizontalPodAutoscaler (kept as v2).

/// True when the type's shape differs from what is kept.
bool needsConversion(const ResourceType& type);
/// Turns a kept object into the type's version, in place.
void fromStorage(const ResourceType& type, core::Json& object);
/// Turns an object of the type's version into what is kept, in place.
void toStorage(const ResourceType& type, core::Json& object);
/// The version in which the type's objects are kept.
core::GroupVersionKind storageKind(const ResourceType& type);

} // namespace gitops::practice
