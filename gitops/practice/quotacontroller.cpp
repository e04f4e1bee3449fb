// SPDX-License-Identifier: GPL-3.0-or-later
// ResourceQuotas show what their namespace uses.
#include "gitops/practice/controllers.h"
#include "gitops/practice/quota.h"

namespace gitops::practice {

namespace {

class QuotaController : public Controller
{
public:
    core::GroupKind kind() const override { return {"", "ResourceQuota"}; }
    std::vector<core::GroupKind> alsoFollows() const override
    {
        return {{"", "Pod"},       {"", "Service"}, {"", "PersistentVolumeClaim"},
                {"", "ConfigMap"}, {"", "Secret"},  {"apps", "Deployment"}};
    }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override
    {
        std::vector<ControllerKey> keys;
        const std::string space(core::stringAt(changed, {"metadata", "namespace"}));
        for (const ObjectPtr& quota : context.client.list(kind(), space))
            keys.push_back({space, std::string(core::stringAt(*quota, {"metadata", "name"}))});
        return keys;
    }
    std::optional<std::chrono::milliseconds> reconcile(const ControllerKey& key,
                                                       ControllerContext& context) override;
};

/// The resource that a name in a quota counts.
core::GroupKind countedKind(std::string_view name)
{
    if (name == "persistentvolumeclaims" || name == "requests.storage")
        return {"", "PersistentVolumeClaim"};
    if (name.starts_with("services"))
        return {"", "Service"};
    if (name == "configmaps" || name == "count/configmaps")
        return {"", "ConfigMap"};
    if (name == "secrets" || name == "count/secrets")
        return {"", "Secret"};
    if (name == "count/deployments.apps")
        return {"apps", "Deployment"};
    return {"", "Pod"};
}

std::string_view storageOf(const core::GroupKind& kind)
{
    if (kind.kind == "PersistentVolumeClaim")
        return "persistentvolumeclaims";
    if (kind.kind == "Service")
        return "services";
    if (kind.kind == "ConfigMap")
        return "configmaps";
    if (kind.kind == "Secret")
        return "secrets";
    return kind.kind == "Deployment" ? "deployments.apps" : "pods";
}

std::optional<std::chrono::milliseconds> QuotaController::reconcile(const ControllerKey& key,
                                                                    ControllerContext& context)
{
    const ObjectPtr quota = context.client.get(kind(), key.namespaceName, key.name);
    const core::Json* hard = quota ? core::findPath(*quota, {"spec", "hard"}) : nullptr;
    if (!hard || !hard->is_object() || isTerminating(*quota))
        return std::nullopt;
    core::JsonObject used;
    for (const auto& [name, limit] : hard->get_object()) {
        const core::GroupKind counted = countedKind(name);
        core::Quantity total;
        for (const ObjectPtr& object : context.client.list(counted, key.namespaceName)) {
            const Amounts cost = quotaCost(storageOf(counted), *object);
            if (const auto amount = cost.find(std::string_view(name)); amount != cost.end())
                total = total == core::Quantity() ? amount->second : total + amount->second;
        }
        used[name] = total.canonical();
    }
    setStatus(context, *quota, {{"hard", *hard}, {"used", std::move(used)}});
    return std::nullopt;
}

} // namespace

std::unique_ptr<Controller> makeQuotaController()
{
    return std::make_unique<QuotaController>();
}

} // namespace gitops::practice
