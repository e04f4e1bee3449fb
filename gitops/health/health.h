// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/status.h"
#include "core/value/json.h"

namespace gitops {

/// Health of one live object: built-in kinds as Argo CD judges them (gitops-engine pkg/health),
/// custom resources by the condition tables of resources/health/*.yaml (healthrules.h has the
/// language). deletionTimestamp gives Progressing "Pending deletion", unless a hook's finalizer
/// keeps the object for its result. An observedGeneration behind metadata.generation gives
/// Progressing. No status: the kind has no health. Never fails: an object of an unexpected shape is
/// Unknown with a message. Pure; any thread.
core::HealthAssessment assessHealth(const core::Json& object);

/// It is on its way out, which goes before any other judgement.
bool isPendingDeletion(const core::Json& object);

} // namespace gitops
