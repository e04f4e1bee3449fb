// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/history.h"

#include "core/value/jsonpointer.h"

namespace gitops::kustomize {

void History::flatten(const core::YamlNode& node, const std::string& pointer, Fields& out)
{
    if (node.isScalar() || node.size() == 0) {
        out.emplace(pointer, node.isScalar() ? std::string(node.text) : "");
        return;
    }
    for (std::size_t i = 0; i < node.size(); ++i) {
        if (node.isMapping())
            flatten(*node.value(i), pointer + '/' + core::escapedPointerToken(node.key(i)->text),
                    out);
        else
            flatten(*node.item(i), pointer + '/' + std::to_string(i), out);
    }
}

void History::see(const ResourceMap& resources)
{
    for (const ResourcePtr& resource : resources.all()) {
        if (resource->isEmpty() || m_objects.contains(resource.get()))
            continue;
        Object& object = m_objects[resource.get()];
        object.resource = resource;
        flatten(*resource->node(), "", object.fields);
    }
}

void History::note(const ResourceMap& resources, std::string_view by, const std::string& file)
{
    for (const ResourcePtr& resource : resources.all()) {
        if (resource->isEmpty())
            continue;
        Object& object = m_objects[resource.get()];
        const bool isNew = !object.resource;
        object.resource = resource;
        Fields now;
        flatten(*resource->node(), "", now);
        if (isNew)
            object.changes.push_back({"", std::string(by), file, FieldChange::Kind::Made});
        for (const auto& [pointer, text] : now) {
            const auto before = object.fields.find(pointer);
            if (isNew || (before != object.fields.end() && before->second == text))
                continue;
            object.changes.push_back({pointer, std::string(by), file,
                                      before == object.fields.end() ? FieldChange::Kind::Added
                                                                    : FieldChange::Kind::Changed});
        }
        for (const auto& [pointer, text] : object.fields)
            if (!isNew && !now.contains(pointer))
                object.changes.push_back(
                    {pointer, std::string(by), file, FieldChange::Kind::Removed});
        object.fields = std::move(now);
    }
}

std::vector<FieldChange> History::changesOf(const Resource& resource) const
{
    const auto found = m_objects.find(&resource);
    return found == m_objects.end() ? std::vector<FieldChange>() : found->second.changes;
}

} // namespace gitops::kustomize
