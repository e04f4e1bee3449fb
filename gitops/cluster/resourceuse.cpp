// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/resourceuse.h"

#include "gitops/cluster/jsonbody.h"

#include <algorithm>

namespace gitops {

namespace {

using State = core::MeasuredUse::State;

/// A metrics-server measures every 15 to 60 seconds, and clocks differ.
constexpr std::chrono::minutes kOld {5};

void add(core::ResourceUse& to, const core::Json& usage)
{
    if (const auto cpu = core::Quantity::parse(core::stringAt(usage, {"cpu"})))
        to.cpu = to.cpu + *cpu;
    if (const auto memory = core::Quantity::parse(core::stringAt(usage, {"memory"})))
        to.memory = to.memory + *memory;
}

void addPod(const core::Json& pod, core::MeasuredUse& to)
{
    const std::string space(core::stringAt(pod, {"metadata", "namespace"}));
    if (space.empty())
        return;
    core::ResourceUse& use = to.namespaces[space];
    ++use.pods;
    if (const auto at = core::parseRfc3339(core::stringAt(pod, {"timestamp"})))
        to.at = std::max(to.at, *at);
    if (core::stringAt(pod, {"metadata", "annotations", core::kSimulatedAnnotation}) == "true")
        to.simulated = true;
    const core::Json* containers = core::find(pod, "containers");
    if (!containers || !containers->is_array())
        return;
    for (const core::Json& container : containers->get_array())
        if (const core::Json* usage = core::find(container, "usage"))
            add(use, *usage);
}

} // namespace

const ApiResource& podMetrics()
{
    static const ApiResource resource = [] {
        ApiResource made;
        made.kind = {"metrics.k8s.io", "v1beta1", "PodMetrics"};
        made.plural = "pods";
        made.verbs = {"get", "list"};
        return made;
    }();
    return resource;
}

core::MeasuredUse podUse(const std::vector<std::string_view>& items)
{
    core::MeasuredUse out;
    out.state = State::Known;
    out.why.clear();
    for (const std::string_view text : items)
        if (const auto pod = parseBody(text))
            addPod(*pod, out);
    return out;
}

core::MeasuredUse withoutUse(const core::Error& error)
{
    core::MeasuredUse out;
    switch (error.code) {
    case core::ErrorCode::NotFound:
        out.state = State::NotServed;
        out.why = "the cluster does not serve metrics.k8s.io (a metrics-server does)";
        break;
    case core::ErrorCode::Forbidden:
    case core::ErrorCode::Unauthorized:
        out.state = State::Refused;
        out.why = "we may not list pods.metrics.k8s.io in all namespaces";
        break;
    default:
        out.state = State::Failed;
        out.why = "metrics.k8s.io does not answer: " + error.message;
    }
    return out;
}

core::MeasuredUsePtr freshUse(core::MeasuredUsePtr use, core::WallTime now)
{
    const bool isDated = use->state == State::Known && use->at != core::WallTime();
    if (!isDated || now - use->at <= kOld)
        return use;
    core::MeasuredUse old;
    old.state = State::Failed;
    old.at = use->at;
    old.why = "the newest measurement of metrics.k8s.io is "
        + core::describeDuration(
                  std::chrono::duration_cast<std::chrono::milliseconds>(now - use->at))
        + " old by this machine's clock";
    return std::make_shared<const core::MeasuredUse>(std::move(old));
}

} // namespace gitops
