// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/builtinhealth.h"

namespace gitops {

using core::Health;

core::HealthAssessment jobHealth(ObjectReader& object)
{
    const std::vector<Condition> conditions = object.conditions();
    for (const Condition& condition : conditions)
        if (condition.type == "Failed")
            return verdict(Health::Degraded, condition.message);
    for (const Condition& condition : conditions)
        if (condition.type == "Suspended" && condition.status == "True")
            return verdict(Health::Suspended, condition.message);
    for (const Condition& condition : conditions)
        if (condition.type == "Complete")
            return verdict(Health::Healthy, condition.message);
    return verdict(Health::Progressing,
                   conditions.empty() ? "Waiting for completion" : conditions.front().message);
}

} // namespace gitops
