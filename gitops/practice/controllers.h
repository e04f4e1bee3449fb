// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/controller.h"

#include <memory>
#include <vector>

namespace gitops::practice {

/// The controllers of Kubernetes itself that the practice cluster simulates: scheduler and kubelet
/// (Pod), the workload controllers, services and storage. Their delays have names in
/// resources/practice/workloads.yaml.
std::unique_ptr<Controller> makePodController();
std::unique_ptr<Controller> makeReplicaSetController();
std::unique_ptr<Controller> makeDeploymentController();
std::unique_ptr<Controller> makeStatefulSetController();
std::unique_ptr<Controller> makeDaemonSetController();
std::unique_ptr<Controller> makeJobController();
std::unique_ptr<Controller> makeCronJobController();
/// Without EndpointSlices where another controller writes them.
std::unique_ptr<Controller> makeServiceController(bool writesSlices);
std::unique_ptr<Controller> makeClaimController();
std::unique_ptr<Controller> makeVolumeController();
std::unique_ptr<Controller> makeQuotaController();
std::unique_ptr<Controller> makeAutoscalerController();
std::unique_ptr<Controller> makeIngressController();
std::unique_ptr<Controller> makeDisruptionBudgetController();

/// One that a data file describes (see templatecontroller.cpp for the words of the files).
core::Result<std::unique_ptr<Controller>> makeTemplateController(const core::Json& description);

/// A pod from a workload's template, owned by the workload. name may be a generateName ("web-").
core::Json podFromTemplate(const core::Json& owner, const core::Json& podTemplate,
                           std::string_view name, bool generate);

} // namespace gitops::practice
