// SPDX-License-Identifier: GPL-3.0-or-later
// PersistentVolumeClaims are bound to volumes that are made for them.
#include "gitops/practice/controllers.h"

namespace gitops::practice {

namespace {

const core::GroupKind kVolume {"", "PersistentVolume"};
const core::GroupKind kStorageClass {"storage.k8s.io", "StorageClass"};
/// Says to a real control plane that others remove the volume.
constexpr std::string_view kProvisionedBy = "pv.kubernetes.io/provisioned-by";
constexpr std::string_view kProvisioner = "practice.wavewright.dev/volumes";
constexpr std::string_view kIsDefault = "storageclass.kubernetes.io/is-default-class";

using Wait = std::optional<std::chrono::milliseconds>;

class ClaimController : public Controller
{
public:
    core::GroupKind kind() const override { return {"", "PersistentVolumeClaim"}; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kStorageClass, kVolume}; }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override;
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    static std::string classOf(const core::Json& claim, const ControllerContext& context);
    static void makeVolume(const core::Json& claim, const std::string& className,
                           const std::string& name, ControllerContext& context);
};

std::vector<ControllerKey> ClaimController::concerned(const core::Json&,
                                                      const ControllerContext& context) const
{
    std::vector<ControllerKey> keys;
    for (const ObjectPtr& claim : context.client.list(kind(), ""))
        if (core::stringAt(*claim, {"status", "phase"}) != "Bound")
            keys.push_back({std::string(core::stringAt(*claim, {"metadata", "namespace"})),
                            std::string(core::stringAt(*claim, {"metadata", "name"}))});
    return keys;
}

std::string ClaimController::classOf(const core::Json& claim, const ControllerContext& context)
{
    if (const core::Json* given = core::findPath(claim, {"spec", "storageClassName"});
        given && given->is_string())
        return std::string(given->get_string());
    for (const ObjectPtr& each : context.client.list(kStorageClass, ""))
        if (core::stringAt(*each, {"metadata", "annotations", kIsDefault}) == "true")
            return std::string(core::stringAt(*each, {"metadata", "name"}));
    return {};
}

void ClaimController::makeVolume(const core::Json& claim, const std::string& className,
                                 const std::string& name, ControllerContext& context)
{
    const ObjectPtr storage = context.client.get(kStorageClass, "", className);
    std::string_view reclaim = storage ? core::stringAt(*storage, {"reclaimPolicy"}) : "";
    core::JsonObject reference {{"apiVersion", "v1"},
                                {"kind", "PersistentVolumeClaim"},
                                {"namespace", core::stringAt(claim, {"metadata", "namespace"})},
                                {"name", core::stringAt(claim, {"metadata", "name"})},
                                {"uid", core::stringAt(claim, {"metadata", "uid"})}};
    core::JsonObject spec {
        {"capacity",
         core::JsonObject {
             {"storage", core::stringAt(claim, {"spec", "resources", "requests", "storage"})}}},
        {"claimRef", std::move(reference)},
        {"persistentVolumeReclaimPolicy", reclaim.empty() ? std::string_view("Delete") : reclaim},
        {"storageClassName", className},
        {"hostPath", core::JsonObject {{"path", "/practice/" + name}}}};
    if (const core::Json* modes = core::findPath(claim, {"spec", "accessModes"}))
        spec["accessModes"] = *modes;
    core::JsonObject metadata {{"name", name},
                               {"annotations", core::JsonObject {{kProvisionedBy, kProvisioner}}}};
    context.client.create(core::JsonObject {{"apiVersion", "v1"},
                                            {"kind", "PersistentVolume"},
                                            {"metadata", std::move(metadata)},
                                            {"spec", std::move(spec)}});
    if (const ObjectPtr volume = context.client.get(kVolume, "", name))
        setStatus(context, *volume, {{"phase", "Bound"}});
}

Wait ClaimController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    ObjectPtr claim = context.client.get(kind(), key.namespaceName, key.name);
    if (!claim || isTerminating(*claim))
        return std::nullopt;
    std::string volume(core::stringAt(*claim, {"spec", "volumeName"}));
    if (volume.empty()) {
        const std::string className = classOf(*claim, context);
        // A claim of a class that is not there stays Pending, as on a real cluster.
        if (className.empty() || !context.client.get(kStorageClass, "", className))
            return std::nullopt;
        const auto age =
            since(context.now, core::stringAt(*claim, {"metadata", "creationTimestamp"}));
        const auto wanted = context.delays.of("claim.bound");
        if (age && *age < wanted)
            return wanted - *age;
        volume = "pvc-" + std::string(core::stringAt(*claim, {"metadata", "uid"}));
        makeVolume(*claim, className, volume, context);
        core::Json next = *claim;
        core::JsonObject& spec = next.as_object()["spec"].as_object();
        spec["volumeName"] = volume;
        spec["storageClassName"] = className;
        context.client.update(std::move(next), "");
        claim = context.client.get(kind(), key.namespaceName, key.name);
        if (!claim)
            return std::nullopt;
    }
    core::JsonObject status {{"phase", "Bound"}};
    if (const core::Json* modes = core::findPath(*claim, {"spec", "accessModes"}))
        status["accessModes"] = *modes;
    status["capacity"] = core::JsonObject {
        {"storage", core::stringAt(*claim, {"spec", "resources", "requests", "storage"})}};
    setStatus(context, *claim, std::move(status));
    return std::nullopt;
}

/// Removes volumes that were made here once their claim is gone, as their reclaim policy says.
class VolumeController : public Controller
{
public:
    core::GroupKind kind() const override { return kVolume; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override
    {
        const ObjectPtr volume = context.client.get(kVolume, "", key.name);
        if (volume && !isTerminating(*volume)
            && core::stringAt(*volume, {"status", "phase"}) == "Released"
            && core::stringAt(*volume, {"spec", "persistentVolumeReclaimPolicy"}) == "Delete"
            && core::stringAt(*volume, {"metadata", "annotations", kProvisionedBy}) == kProvisioner)
            context.client.remove(*volume, false);
        return std::nullopt;
    }
};

} // namespace

std::unique_ptr<Controller> makeVolumeController()
{
    return std::make_unique<VolumeController>();
}

std::unique_ptr<Controller> makeClaimController()
{
    return std::make_unique<ClaimController>();
}

} // namespace gitops::practice
