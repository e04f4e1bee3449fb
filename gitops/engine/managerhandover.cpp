// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/managerhandover.h"

#include "core/object/identity.h"
#include "core/schema/handover.h"

#include <algorithm>

namespace gitops {

std::set<std::string> managersToReplace(const std::string& migrationManager, bool isAdopted)
{
    std::set<std::string> managers {"kubectl-client-side-apply"};
    if (!migrationManager.empty())
        managers.insert(migrationManager);
    if (isAdopted)
        managers.insert({"argocd-controller", "argocd-application-controller", "helm",
                         "helm-controller", "kubectl", "kustomize-controller"});
    return managers;
}

std::string handOverPatch(const core::Json& object, const std::set<std::string>& from)
{
    auto managed = core::ManagedFields::of(object);
    const std::string version(core::stringAt(object, {"metadata", "resourceVersion"}));
    if (!managed || version.empty())
        return {};
    const auto next = core::handedOver(std::move(*managed), from, core::kFieldManager);
    if (!next)
        return {};
    const auto replace = [](const char* path, core::Json value) {
        return core::JsonObject {{"op", "replace"}, {"path", path}, {"value", std::move(value)}};
    };
    return core::toText(
        core::JsonArray {replace("/metadata/managedFields", next->toJson()),
                         replace("/metadata/resourceVersion", core::Json(version))});
}

std::string handOverPatch(const LiveObject& live, const std::set<std::string>& from)
{
    if (!live.manifest || std::ranges::none_of(from, [&](const std::string& manager) {
            return live.manifest->find('"' + manager + '"') != std::string::npos;
        }))
        return {};
    const auto object = core::parseJson(*live.manifest);
    return object ? handOverPatch(*object, from) : std::string();
}

} // namespace gitops
