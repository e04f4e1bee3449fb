// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/resourceuse.h"

#include "gitops/cluster/clusteraccess.h"

namespace gitops {

namespace {

const core::JsonArray& arrayAt(const core::Json& value, std::string_view member)
{
    static const core::JsonArray none;
    const core::Json* found = core::find(value, member);
    return found && found->is_array() ? found->get_array() : none;
}

void add(ResourceUse& to, const core::Json& usage)
{
    if (const auto cpu = core::Quantity::parse(core::stringAt(usage, {"cpu"})))
        to.cpu = to.cpu + *cpu;
    if (const auto memory = core::Quantity::parse(core::stringAt(usage, {"memory"})))
        to.memory = to.memory + *memory;
}

core::Result<core::Json> read(ClusterAccess& access, const char* what)
{
    auto list = access.get(std::string("/apis/metrics.k8s.io/v1beta1/") + what);
    if (!list && list.error().code == core::ErrorCode::NotFound)
        return core::failure(core::ErrorCode::Unsupported,
                             "the server does not serve metrics.k8s.io (a metrics-server does)", {},
                             core::Fault::Cluster);
    return list;
}

} // namespace

std::map<std::string, ResourceUse> podUse(const core::Json& list)
{
    std::map<std::string, ResourceUse> out;
    for (const core::Json& pod : arrayAt(list, "items")) {
        const std::string space(core::stringAt(pod, {"metadata", "namespace"}));
        if (space.empty())
            continue;
        ResourceUse& use = out[space];
        ++use.pods;
        for (const core::Json& container : arrayAt(pod, "containers"))
            if (const core::Json* usage = core::find(container, "usage"))
                add(use, *usage);
    }
    return out;
}

std::map<std::string, ResourceUse> nodeUse(const core::Json& list)
{
    std::map<std::string, ResourceUse> out;
    for (const core::Json& node : arrayAt(list, "items")) {
        const std::string name(core::stringAt(node, {"metadata", "name"}));
        if (const core::Json* usage = core::find(node, "usage"); usage && !name.empty())
            add(out[name], *usage);
    }
    return out;
}

core::Result<std::map<std::string, ResourceUse>> readPodUse(ClusterAccess& access)
{
    const auto list = read(access, "pods");
    if (!list)
        return std::unexpected(list.error());
    return podUse(*list);
}

core::Result<std::map<std::string, ResourceUse>> readNodeUse(ClusterAccess& access)
{
    const auto list = read(access, "nodes");
    if (!list)
        return std::unexpected(list.error());
    return nodeUse(*list);
}

} // namespace gitops
