// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/builtinhealth.h"

namespace gitops {

using core::Health;

core::HealthAssessment volumeClaimHealth(ObjectReader& object)
{
    const std::string phase = object.text("status.phase");
    if (phase == "Bound")
        return verdict(Health::Healthy);
    if (phase == "Lost")
        return verdict(Health::Degraded, "The volume of this claim is lost");
    if (phase == "Pending")
        return verdict(Health::Progressing,
                       object.annotation("volume.kubernetes.io/selected-node").empty()
                           ? "Waiting for a volume, or for the first pod that uses the claim"
                           : "Waiting for a volume on the chosen node");
    return verdict(Health::Unknown, phase.empty() ? "No phase yet" : "Unknown phase " + phase);
}

} // namespace gitops
