// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/localclient.h"

#include "gitops/practice/objectwriter.h"
#include "gitops/practice/resourceregistry.h"

namespace gitops::practice {

namespace {

const std::string kManager = "practice-controllers";

ObjectPtr valueOf(const StoredPtr& stored)
{
    return stored ? ObjectPtr(stored, &stored->value()) : nullptr;
}

} // namespace

LocalClient::LocalClient(ApiServer& server)
    : m_server(server)
{
    m_server.setObserver([this](const Change& change) { changed(change); });
}

LocalClient::~LocalClient()
{
    m_server.setObserver({});
}

TypePtr LocalClient::typeOf(const core::GroupKind& kind) const
{
    return m_server.registry().find(kind);
}

void LocalClient::changed(const Change& change)
{
    if (!m_listener)
        return;
    const core::GroupVersionKind kind = core::groupVersionKindOf(change.object->value());
    if (m_followed.contains({kind.group, kind.kind}))
        m_listener(change.object->value(), change.type == ChangeType::Deleted);
}

void LocalClient::follow(const core::GroupKind& kind)
{
    if (!m_followed.insert(kind).second || !m_listener)
        return;
    for (const ObjectPtr& object : list(kind, ""))
        m_listener(*object, false);
}

ObjectPtr LocalClient::get(const core::GroupKind& kind, std::string_view namespaceName,
                           std::string_view name) const
{
    const TypePtr type = typeOf(kind);
    return type ? valueOf(m_server.writer().find(*type, namespaceName, name)) : nullptr;
}

std::vector<ObjectPtr> LocalClient::list(const core::GroupKind& kind,
                                         std::string_view namespaceName) const
{
    std::vector<ObjectPtr> objects;
    const TypePtr type = typeOf(kind);
    if (!type)
        return objects;
    const std::string prefix =
        type->namespaced && !namespaceName.empty() ? std::string(namespaceName) + "/" : "";
    for (const StoredPtr& stored : m_server.store().list(type->storage, prefix).objects)
        objects.push_back(valueOf(stored));
    return objects;
}

void LocalClient::create(core::Json object, Refused refused)
{
    const core::GroupVersionKind kind = core::groupVersionKindOf(object);
    const TypePtr type = m_server.registry().find(kind);
    if (!type)
        return;
    const std::string space(core::stringAt(object, {"metadata", "namespace"}));
    const auto kept =
        m_server.writer().create(*type, space, std::move(object), {.fieldManager = kManager});
    if (!kept && refused)
        refused(kept.error());
    m_server.settle();
}

void LocalClient::update(core::Json object, std::string_view subresource, Refused refused)
{
    const TypePtr type = m_server.registry().find(core::groupVersionKindOf(object));
    const StoredPtr current = type
        ? m_server.writer().find(*type, core::stringAt(object, {"metadata", "namespace"}),
                                 core::stringAt(object, {"metadata", "name"}))
        : nullptr;
    if (!current)
        return;
    const auto kept = m_server.writer().update(
        *type, current, std::move(object),
        {.fieldManager = kManager, .subresource = std::string(subresource)});
    if (!kept && refused)
        refused(kept.error());
    m_server.settle();
}

void LocalClient::remove(const core::Json& object, bool now, Refused refused)
{
    const TypePtr type = m_server.registry().find(core::groupVersionKindOf(object));
    const StoredPtr current = type
        ? m_server.writer().find(*type, core::stringAt(object, {"metadata", "namespace"}),
                                 core::stringAt(object, {"metadata", "name"}))
        : nullptr;
    if (!current)
        return;
    DeleteRequest request;
    request.uid = core::stringAt(object, {"metadata", "uid"});
    if (now)
        request.gracePeriodSeconds = 0;
    const auto outcome = m_server.writer().remove(*type, current, request);
    if (!outcome && refused)
        refused(outcome.error());
    m_server.settle();
}

} // namespace gitops::practice
