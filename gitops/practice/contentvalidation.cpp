// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/contentvalidation.h"

#include "core/base/strings.h"
#include "gitops/practice/cronschedule.h"
#include "gitops/practice/jsonpath.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gitops::practice {

namespace {

using Causes = std::vector<Cause>;

bool isEmptyAt(const core::Json& object, std::string_view key)
{
    const core::Json* value = core::find(object, key);
    return !value || value->is_null() || (value->is_string() && value->get_string().empty())
        || (value->is_array() && value->get_array().empty())
        || (value->is_object() && value->get_object().empty());
}

bool isConfigKey(std::string_view key)
{
    return !key.empty() && key.size() <= 253 && key != "." && key != ".."
        && std::ranges::all_of(key, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '_' || c == '.';
           });
}

void checkKeys(const core::Json& object, std::string_view member, Causes& causes)
{
    const core::Json* data = core::find(object, member);
    if (!data || !data->is_object())
        return;
    for (const auto& [key, value] : data->get_object())
        if (!isConfigKey(key))
            causes.push_back(fieldInvalidText(
                fmt::format("{}[{}]", member, std::string_view(key)), key,
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
                "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                "'[-._a-zA-Z0-9]+')"));
}

void checkConfigMap(const core::Json& object, Causes& causes)
{
    checkKeys(object, "data", causes);
    const core::Json* data = core::find(object, "data");
    const core::Json* binary = core::find(object, "binaryData");
    if (data && binary && data->is_object() && binary->is_object())
        for (const auto& [key, value] : data->get_object())
            if (binary->get_object().contains(key))
                causes.push_back(fieldInvalidText(fmt::format("data[{}]", std::string_view(key)),
                                                  key, "duplicate of key present in binaryData"));
    checkKeys(object, "binaryData", causes);
}

void checkSecret(const core::Json& object, Causes& causes)
{
    checkKeys(object, "data", causes);
    const std::string_view type = core::stringAt(object, {"type"});
    const auto has = [&](std::string_view key) {
        return core::findPath(object, {"data", key}) != nullptr;
    };
    const auto require = [&](std::string_view key) {
        causes.push_back(fieldRequired(fmt::format("data[{}]", key)));
    };
    if (type == "kubernetes.io/tls") {
        for (std::string_view key : {"tls.crt", "tls.key"})
            if (!has(key))
                require(key);
    } else if (type == "kubernetes.io/dockerconfigjson" && !has(".dockerconfigjson")) {
        require(".dockerconfigjson");
    } else if (type == "kubernetes.io/basic-auth" && !has("username") && !has("password")) {
        require("username");
        require("password");
    }
}

void checkRevision(const core::Json& object, Causes& causes)
{
    if (!core::find(object, "data"))
        causes.push_back(fieldRequired("data", "data is mandatory"));
}

void checkCronJob(const core::Json& object, Causes& causes)
{
    const std::string schedule(core::stringAt(object, {"spec", "schedule"}));
    if (schedule.empty() || schedule.starts_with('@') || CronSchedule::parse(schedule))
        return;
    std::vector<std::string> fields;
    for (std::string_view field : core::split(schedule, ' '))
        if (!field.empty())
            fields.emplace_back(field);
    causes.push_back(fieldInvalidText("spec.schedule", schedule,
                                      fields.size() == 5
                                          ? "it cannot be read"
                                          : fmt::format("expected exactly 5 fields, found {}: [{}]",
                                                        fields.size(), core::join(fields, " "))));
}

bool looksLikeAddress(std::string_view host)
{
    return !host.empty() && host.find_first_not_of("0123456789.") == host.npos
        && std::ranges::count(host, '.') == 3;
}

void checkIngress(const core::Json& object, Causes& causes)
{
    const core::Json* spec = core::find(object, "spec");
    if (!spec || (isEmptyAt(*spec, "rules") && !core::find(*spec, "defaultBackend"))) {
        causes.push_back(fieldInvalid("spec", core::Json(),
                                      "either `defaultBackend` or `rules` must be specified"));
        return;
    }
    std::size_t ruleIndex = 0;
    for (const core::Json* rule : valuesAt(*spec, ".rules[*]")) {
        const std::string at = fmt::format("spec.rules[{}]", ruleIndex++);
        if (const std::string_view host = core::stringAt(*rule, {"host"}); looksLikeAddress(host))
            causes.push_back(
                fieldInvalidText(at + ".host", host, "must be a DNS name, not an IP address"));
        std::size_t pathIndex = 0;
        for (const core::Json* path : valuesAt(*rule, ".http.paths[*]")) {
            const std::string here = fmt::format("{}.http.paths[{}]", at, pathIndex++);
            if (isEmptyAt(*path, "pathType"))
                causes.push_back(fieldRequired(here + ".pathType", "pathType must be specified"));
        }
    }
}

void checkRole(const core::Json& object, Causes& causes)
{
    std::size_t index = 0;
    for (const core::Json* rule : valuesAt(object, ".rules[*]")) {
        const std::string at = fmt::format("rules[{}]", index++);
        if (isEmptyAt(*rule, "verbs"))
            causes.push_back(fieldRequired(at + ".verbs", "verbs must contain at least one value"));
        if (!isEmptyAt(*rule, "nonResourceURLs"))
            continue;
        if (isEmptyAt(*rule, "apiGroups"))
            causes.push_back(fieldRequired(at + ".apiGroups",
                                           "resource rules must supply at least one api group"));
        if (isEmptyAt(*rule, "resources"))
            causes.push_back(fieldRequired(at + ".resources",
                                           "resource rules must supply at least one resource"));
    }
}

void checkBudget(const core::Json& object, Causes& causes)
{
    const core::Json* spec = core::find(object, "spec");
    if (spec && core::find(*spec, "minAvailable") && core::find(*spec, "maxUnavailable"))
        causes.push_back(
            fieldInvalid("spec", *spec, "minAvailable and maxUnavailable cannot be both set"));
}

void checkLease(const core::Json& object, Causes& causes)
{
    const core::Json* duration = core::findPath(object, {"spec", "leaseDurationSeconds"});
    if (duration && duration->is_int64() && duration->get_int64() <= 0)
        causes.push_back(
            fieldInvalid("spec.leaseDurationSeconds", *duration, "must be greater than 0"));
}

void checkEvent(const core::Json& object, Causes& causes)
{
    const std::string_view about = core::stringAt(object, {"involvedObject", "namespace"});
    if (!about.empty() && about != core::stringAt(object, {"metadata", "namespace"}))
        causes.push_back(
            fieldInvalidText("involvedObject.namespace", about, "does not match event.namespace"));
}

void checkAutoscaler(const core::Json& object, Causes& causes)
{
    const std::int64_t most = core::integerAt(object, {"spec", "maxReplicas"}, 0);
    if (most < 1)
        causes.push_back(fieldInvalid("spec.maxReplicas", most, "must be greater than 0"));
    if (most < core::integerAt(object, {"spec", "minReplicas"}, 1))
        causes.push_back(fieldInvalid("spec.maxReplicas", most,
                                      "must be greater than or equal to `minReplicas`"));
    for (std::string_view key : {"kind", "name"})
        if (core::stringAt(object, {"spec", "scaleTargetRef", key}).empty())
            causes.push_back(fieldRequired("spec.scaleTargetRef." + std::string(key)));
}

using Check = void (*)(const core::Json&, Causes&);

} // namespace

void checkContent(const ResourceType& type, const core::Json& object, std::vector<Cause>& causes)
{
    static const std::map<std::string_view, Check> table {
        {"configmaps", checkConfigMap},
        {"secrets", checkSecret},
        {"controllerrevisions.apps", checkRevision},
        {"cronjobs.batch", checkCronJob},
        {"ingresses.networking.k8s.io", checkIngress},
        {"roles.rbac.authorization.k8s.io", checkRole},
        {"clusterroles.rbac.authorization.k8s.io", checkRole},
        {"leases.coordination.k8s.io", checkLease},
        {"poddisruptionbudgets.policy", checkBudget},
        {"events", checkEvent},
        {"horizontalpodautoscalers.autoscaling", checkAutoscaler},
    };
    if (const auto check = table.find(type.storage); check != table.end())
        check->second(object, causes);
}

} // namespace gitops::practice
