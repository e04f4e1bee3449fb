// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/builtinhealth.h"

namespace gitops {

using core::Health;

core::HealthAssessment serviceHealth(ObjectReader& object)
{
    if (object.text("spec.type") == "LoadBalancer"
        && object.objects("status.loadBalancer.ingress").empty())
        return verdict(Health::Progressing, "Waiting for a load balancer address");
    return verdict(Health::Healthy);
}

core::HealthAssessment ingressHealth(ObjectReader& object)
{
    if (object.objects("status.loadBalancer.ingress").empty())
        return verdict(Health::Progressing, "Waiting for a load balancer address");
    return verdict(Health::Healthy);
}

core::HealthAssessment apiServiceHealth(ObjectReader& object)
{
    for (const Condition& condition : object.conditions())
        if (condition.type == "Available")
            return verdict(condition.status == "True" ? Health::Healthy : Health::Progressing,
                           condition.message.empty() ? condition.reason : condition.message);
    return verdict(Health::Progressing, "Waiting to be processed");
}

} // namespace gitops
