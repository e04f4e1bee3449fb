// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// How Kubernetes treats a kind when it is written: what belongs to which subresource and what
/// counts as a new generation.

/// True for kinds whose objects have metadata.generation.
bool hasGeneration(const ResourceType& type);
/// True when the change from old to object is a new generation.
bool isNewGeneration(const ResourceType& type, const core::Json& old, const core::Json& object);
/// Keeps of object only what a write to subresource ("" for the object itself) may change; the rest
/// comes from old (null on create).
void isolateSubresource(const ResourceType& type, const core::Json* old, core::Json& object,
                        std::string_view subresource);
/// Gives a new Job the selector and labels that are made of its uid.
void selectOwnPods(core::Json& job);
/// Custom resources have to name the resourceVersion that they replace; most kinds need not.
bool allowsUnconditionalUpdate(const ResourceType& type);

} // namespace gitops::practice
