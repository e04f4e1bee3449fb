// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/kindtable.h"

#include "core/base/embedded.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <unordered_map>

namespace core {

namespace {

std::vector<std::string> strings(const Json& object, std::string_view key)
{
    std::vector<std::string> out;
    if (const Json* list = find(object, key); list && list->is_array())
        for (const Json& each : list->get_array())
            out.emplace_back(std::string_view(each.get_string()));
    return out;
}

KindInfo readKind(const Json& row)
{
    KindInfo info;
    info.kind = {std::string(stringAt(row, {"group"})), std::string(stringAt(row, {"version"})),
                 std::string(stringAt(row, {"kind"}))};
    info.plural = stringAt(row, {"plural"});
    info.scope = boolAt(row, {"namespaced"}) ? Scope::Namespaced : Scope::Cluster;
    info.shortNames = strings(row, "shortNames");
    info.categories = strings(row, "categories");
    info.subresources = strings(row, "subresources");
    return info;
}

} // namespace

const std::vector<KindInfo>& builtinKinds()
{
    static const std::vector<KindInfo> kinds = [] {
        const Result<Json> table = parseJson(embedded("resources/kinds.json"));
        assert(table && table->is_array());
        std::vector<KindInfo> out;
        std::ranges::transform(table->get_array(), std::back_inserter(out), readKind);
        return out;
    }();
    return kinds;
}

const KindInfo* builtinKind(const GroupKind& kind)
{
    static const std::map<GroupKind, const KindInfo*> index = [] {
        std::map<GroupKind, const KindInfo*> out;
        for (const KindInfo& info : builtinKinds())
            out.emplace(GroupKind {info.kind.group, info.kind.kind}, &info);
        return out;
    }();
    const auto found = index.find(kind);
    return found == index.end() ? nullptr : found->second;
}

int applyRank(std::string_view kind)
{
    static constexpr std::string_view order[] = {"Namespace",
                                                 "NetworkPolicy",
                                                 "ResourceQuota",
                                                 "LimitRange",
                                                 "PodSecurityPolicy",
                                                 "PodDisruptionBudget",
                                                 "ServiceAccount",
                                                 "Secret",
                                                 "SecretList",
                                                 "ConfigMap",
                                                 "StorageClass",
                                                 "PersistentVolume",
                                                 "PersistentVolumeClaim",
                                                 "CustomResourceDefinition",
                                                 "ClusterRole",
                                                 "ClusterRoleList",
                                                 "ClusterRoleBinding",
                                                 "ClusterRoleBindingList",
                                                 "Role",
                                                 "RoleList",
                                                 "RoleBinding",
                                                 "RoleBindingList",
                                                 "Service",
                                                 "DaemonSet",
                                                 "Pod",
                                                 "ReplicationController",
                                                 "ReplicaSet",
                                                 "Deployment",
                                                 "HorizontalPodAutoscaler",
                                                 "StatefulSet",
                                                 "Job",
                                                 "CronJob",
                                                 "IngressClass",
                                                 "Ingress",
                                                 "APIService"};
    return int(std::ranges::find(order, kind) - std::begin(order));
}

} // namespace core
