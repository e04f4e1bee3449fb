// SPDX-License-Identifier: GPL-3.0-or-later
// Services get endpoints and, where they ask for one, a load balancer's address; Ingresses too.
#include "core/object/selector.h"
#include "gitops/practice/controllers.h"
#include "gitops/practice/jsonpath.h"

#include <fmt/format.h>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kSlice {"discovery.k8s.io", "EndpointSlice"};

using Wait = std::optional<std::chrono::milliseconds>;

bool selects(const core::Json& service, const core::Json& pod)
{
    const core::Json* selector = core::findPath(service, {"spec", "selector"});
    if (!selector || !selector->is_object() || selector->get_object().empty())
        return false;
    for (const auto& [key, value] : selector->get_object())
        if (!value.is_string()
            || core::stringAt(pod, {"metadata", "labels", key})
                != std::string_view(value.get_string()))
            return false;
    return true;
}

/// An address in a block, the same for the same uid.
std::string addressFor(const core::Json& object, std::string_view block)
{
    const std::size_t hash =
        std::hash<std::string_view> {}(core::stringAt(object, {"metadata", "uid"}));
    return fmt::format("{}.{}", block, hash % 200 + 20);
}

class ServiceController : public Controller
{
public:
    explicit ServiceController(bool writesSlices)
        : m_writesSlices(writesSlices)
    {
    }
    core::GroupKind kind() const override { return {"", "Service"}; }
    std::vector<core::GroupKind> alsoFollows() const override
    {
        return m_writesSlices ? std::vector<core::GroupKind> {kPod}
                              : std::vector<core::GroupKind> {};
    }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override;
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    static core::JsonArray endpoints(const core::Json& service, ControllerContext& context);
    static core::JsonArray ports(const core::Json& service, ControllerContext& context);
    static void writeSlice(const core::Json& service, ControllerContext& context);

    bool m_writesSlices;
};

std::vector<ControllerKey> ServiceController::concerned(const core::Json& pod,
                                                        const ControllerContext& context) const
{
    std::vector<ControllerKey> keys;
    for (const ObjectPtr& service :
         context.client.list(kind(), core::stringAt(pod, {"metadata", "namespace"})))
        if (selects(*service, pod))
            keys.push_back({std::string(core::stringAt(*service, {"metadata", "namespace"})),
                            std::string(core::stringAt(*service, {"metadata", "name"}))});
    return keys;
}

core::JsonArray ServiceController::endpoints(const core::Json& service, ControllerContext& context)
{
    core::JsonArray list;
    for (const ObjectPtr& pod :
         context.client.list(kPod, core::stringAt(service, {"metadata", "namespace"}))) {
        const std::string_view address = core::stringAt(*pod, {"status", "podIP"});
        const std::string_view phase = core::stringAt(*pod, {"status", "phase"});
        if (address.empty() || !selects(service, *pod) || phase == "Succeeded" || phase == "Failed")
            continue;
        const bool ready = isPodReady(*pod);
        list.push_back(core::JsonObject {
            {"addresses", core::JsonArray {core::Json(address)}},
            {"conditions",
             core::JsonObject {
                 {"ready", ready}, {"serving", ready}, {"terminating", isTerminating(*pod)}}},
            {"targetRef",
             core::JsonObject {{"kind", "Pod"},
                               {"namespace", core::stringAt(*pod, {"metadata", "namespace"})},
                               {"name", core::stringAt(*pod, {"metadata", "name"})},
                               {"uid", core::stringAt(*pod, {"metadata", "uid"})}}},
            {"nodeName", core::stringAt(*pod, {"spec", "nodeName"})}});
    }
    return list;
}

/// A named target port is looked up in the first pod that has it.
core::JsonArray ServiceController::ports(const core::Json& service, ControllerContext& context)
{
    core::JsonArray list;
    for (const core::Json* port : valuesAt(service, ".spec.ports[*]")) {
        core::Json number = core::integerAt(*port, {"port"}, 0);
        const core::Json* target = core::find(*port, "targetPort");
        if (target && target->is_int64())
            number = *target;
        if (target && target->is_string())
            for (const ObjectPtr& pod :
                 context.client.list(kPod, core::stringAt(service, {"metadata", "namespace"})))
                if (selects(service, *pod))
                    for (const core::Json* each : valuesAt(*pod, ".spec.containers[*].ports[*]"))
                        if (core::stringAt(*each, {"name"})
                            == std::string_view(target->get_string()))
                            number = core::integerAt(*each, {"containerPort"}, 0);
        list.push_back(core::JsonObject {{"name", core::stringAt(*port, {"name"})},
                                         {"protocol", core::stringAt(*port, {"protocol"})},
                                         {"port", std::move(number)}});
    }
    return list;
}

void ServiceController::writeSlice(const core::Json& service, ControllerContext& context)
{
    const std::string name(core::stringAt(service, {"metadata", "name"}));
    const std::string space(core::stringAt(service, {"metadata", "namespace"}));
    core::Json list = endpoints(service, context);
    core::Json portList = ports(service, context);
    for (const ObjectPtr& slice : controlledBy(context, kSlice, service)) {
        const core::Json* before = core::find(*slice, "endpoints");
        const core::Json* portsBefore = core::find(*slice, "ports");
        if (before && portsBefore && core::isEqual(*before, list)
            && core::isEqual(*portsBefore, portList))
            return;
        core::Json next = *slice;
        next.as_object()["endpoints"] = std::move(list);
        next.as_object()["ports"] = std::move(portList);
        context.client.update(std::move(next), "");
        return;
    }
    core::JsonObject labels {
        {"kubernetes.io/service-name", name},
        {"endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"}};
    core::JsonObject metadata {{"generateName", name + "-"},
                               {"namespace", space},
                               {"labels", std::move(labels)},
                               {"ownerReferences", core::JsonArray {controllerReference(service)}}};
    context.client.create(core::JsonObject {{"apiVersion", "discovery.k8s.io/v1"},
                                            {"kind", "EndpointSlice"},
                                            {"metadata", std::move(metadata)},
                                            {"addressType", "IPv4"},
                                            {"endpoints", std::move(list)},
                                            {"ports", std::move(portList)}});
}

Wait ServiceController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr service = context.client.get(kind(), key.namespaceName, key.name);
    if (!service || isTerminating(*service))
        return std::nullopt;
    if (const core::Json* selector = core::findPath(*service, {"spec", "selector"});
        m_writesSlices && selector && selector->is_object() && !selector->get_object().empty())
        writeSlice(*service, context);
    if (core::stringAt(*service, {"spec", "type"}) != "LoadBalancer"
        || core::findPath(*service, {"status", "loadBalancer", "ingress"}))
        return std::nullopt;
    const auto age =
        since(context.now, core::stringAt(*service, {"metadata", "creationTimestamp"}));
    const auto wanted = context.delays.of("service.loadBalancer");
    if (age && *age < wanted)
        return wanted - *age;
    core::JsonObject ingress {{"ip", addressFor(*service, "192.168.49")}, {"ipMode", "VIP"}};
    setStatus(
        context, *service,
        {{"loadBalancer", core::JsonObject {{"ingress", core::JsonArray {std::move(ingress)}}}}});
    return std::nullopt;
}

class IngressController : public Controller
{
public:
    core::GroupKind kind() const override { return {"networking.k8s.io", "Ingress"}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override
    {
        const ObjectPtr ingress = context.client.get(kind(), key.namespaceName, key.name);
        if (!ingress || isTerminating(*ingress))
            return std::nullopt;
        const auto age =
            since(context.now, core::stringAt(*ingress, {"metadata", "creationTimestamp"}));
        const auto wanted = context.delays.of("ingress.address");
        if (age && *age < wanted)
            return wanted - *age;
        core::JsonObject address {{"ip", "192.168.49.10"}};
        setStatus(context, *ingress,
                  {{"loadBalancer",
                    core::JsonObject {{"ingress", core::JsonArray {std::move(address)}}}}});
        return std::nullopt;
    }
};

} // namespace

std::unique_ptr<Controller> makeServiceController(bool writesSlices)
{
    return std::make_unique<ServiceController>(writesSlices);
}

std::unique_ptr<Controller> makeIngressController()
{
    return std::make_unique<IngressController>();
}

} // namespace gitops::practice
