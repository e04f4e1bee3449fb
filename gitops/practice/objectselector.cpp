// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectselector.h"

#include "core/base/strings.h"

#include <algorithm>
#include <map>

namespace gitops::practice {

namespace {

/// Field labels beyond metadata.name and metadata.namespace, by resource.
const std::map<std::string, std::vector<std::string>, std::less<>>& knownFields()
{
    static const std::vector<std::string> event {"involvedObject.kind",
                                                 "involvedObject.namespace",
                                                 "involvedObject.name",
                                                 "involvedObject.uid",
                                                 "involvedObject.apiVersion",
                                                 "involvedObject.resourceVersion",
                                                 "involvedObject.fieldPath",
                                                 "reason",
                                                 "reportingComponent",
                                                 "source",
                                                 "type",
                                                 "regarding.kind",
                                                 "regarding.namespace",
                                                 "regarding.name",
                                                 "regarding.uid"};
    static const std::map<std::string, std::vector<std::string>, std::less<>> table {
        {"events", event},
        {"pods",
         {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
          "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs",
          "status.nominatedNodeName"}},
        {"secrets", {"type"}},
        {"namespaces", {"status.phase"}},
        {"nodes", {"spec.unschedulable"}},
        {"replicasets.apps", {"status.replicas"}},
        {"replicationcontrollers", {"status.replicas"}},
        {"jobs.batch", {"status.successful"}},
        {"certificatesigningrequests.certificates.k8s.io", {"spec.signerName"}},
        {"services", {"spec.clusterIP", "spec.type"}},
    };
    return table;
}

bool isSupported(const ResourceType& type, std::string_view path)
{
    if (path == "metadata.name" || path == "metadata.namespace")
        return true;
    if (type.custom)
        return std::ranges::any_of(type.custom->selectableFields, [&](std::string_view each) {
            return each == path || (each.starts_with('.') && each.substr(1) == path);
        });
    const auto known = knownFields().find(type.storage);
    return known != knownFields().end()
        && std::ranges::find(known->second, path) != known->second.end();
}

std::string fieldText(const core::Json& object, std::string_view path)
{
    if (path.starts_with("regarding."))
        return fieldText(object, "involvedObject." + std::string(path.substr(10)));
    const core::Json* value = &object;
    for (std::string_view part : core::split(path, '.')) {
        value = core::find(*value, part);
        if (!value)
            return {};
    }
    if (value->is_string())
        return std::string(value->get_string());
    return value->is_null() || value->is_structured() ? std::string {} : core::toText(*value);
}

} // namespace

ApiResult<ObjectSelector> ObjectSelector::make(const ResourceType& type,
                                               std::string_view labelSelector,
                                               std::string_view fieldSelector)
{
    ObjectSelector selector;
    if (!labelSelector.empty()) {
        auto labels = core::LabelSelector::parse(labelSelector);
        if (!labels)
            return badRequest("unable to parse requirement: " + labels.error().message);
        selector.m_labels = std::move(*labels);
    }
    if (fieldSelector.empty())
        return selector;
    auto fields = core::parseFieldSelector(fieldSelector);
    if (!fields)
        return badRequest("invalid field selector: " + fields.error().message);
    for (const core::FieldRequirement& field : *fields)
        if (!isSupported(type, field.path))
            return badRequest("field label not supported: " + field.path);
    selector.m_fields = std::move(*fields);
    return selector;
}

bool ObjectSelector::matches(const core::Json& object) const
{
    for (const core::FieldRequirement& field : m_fields)
        if ((fieldText(object, field.path) == field.value) != field.equal)
            return false;
    return m_labels.isEmpty() || m_labels.matches(core::labelsOf(object));
}

std::string_view ObjectSelector::name() const
{
    for (const core::FieldRequirement& field : m_fields)
        if (field.path == "metadata.name" && field.equal)
            return field.value;
    return {};
}

} // namespace gitops::practice
