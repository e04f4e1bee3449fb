// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/status.h"
#include "gitops/health/objectreader.h"

namespace gitops {

// Verdicts on Kubernetes' own kinds, one function each (gitops-engine pkg/health). The reader's
// complaint, if it has one afterwards, outweighs what they return.

core::HealthAssessment deploymentHealth(ObjectReader& object);
core::HealthAssessment statefulSetHealth(ObjectReader& object);
core::HealthAssessment daemonSetHealth(ObjectReader& object);
core::HealthAssessment replicaSetHealth(ObjectReader& object);
core::HealthAssessment podHealth(ObjectReader& object);
core::HealthAssessment jobHealth(ObjectReader& object);
core::HealthAssessment serviceHealth(ObjectReader& object);
core::HealthAssessment ingressHealth(ObjectReader& object);
core::HealthAssessment apiServiceHealth(ObjectReader& object);
core::HealthAssessment volumeClaimHealth(ObjectReader& object);
core::HealthAssessment autoscalerHealth(ObjectReader& object);

} // namespace gitops
