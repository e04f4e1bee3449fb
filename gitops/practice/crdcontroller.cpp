// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/crdcontroller.h"

#include "core/base/strings.h"
#include "gitops/practice/customresource.h"
#include "gitops/practice/objectmeta.h"

#include <algorithm>

namespace gitops::practice {

namespace {

constexpr std::string_view kStorage = "customresourcedefinitions.apiextensions.k8s.io";
constexpr std::string_view kFinalizer = "customresourcecleanup.apiextensions.k8s.io";
const std::string kManager = "kube-apiserver";

std::string customStorage(const core::Json& crd)
{
    return groupResource(core::stringAt(crd, {"spec", "names", "plural"}),
                         core::stringAt(crd, {"spec", "group"}));
}

core::Json condition(const core::Json& crd, std::string_view type, bool is, std::string_view reason,
                     std::string_view message, const std::string& now)
{
    std::string since = now;
    if (const core::Json* list = core::findPath(crd, {"status", "conditions"});
        list && list->is_array())
        for (const core::Json& each : list->get_array())
            if (core::stringAt(each, {"type"}) == type
                && core::stringAt(each, {"status"}) == (is ? "True" : "False"))
                since = core::stringAt(each, {"lastTransitionTime"});
    return core::JsonObject {{"lastTransitionTime", since},
                             {"message", message},
                             {"reason", reason},
                             {"status", is ? "True" : "False"},
                             {"type", type}};
}

core::JsonArray storedVersions(const core::Json& crd)
{
    core::JsonArray versions;
    if (const core::Json* before = core::findPath(crd, {"status", "storedVersions"});
        before && before->is_array())
        versions = before->get_array();
    if (const core::Json* list = core::findPath(crd, {"spec", "versions"});
        list && list->is_array())
        for (const core::Json& each : list->get_array()) {
            const core::Json name(core::stringAt(each, {"name"}));
            if (core::boolAt(each, {"storage"})
                && std::find(versions.begin(), versions.end(), name) == versions.end())
                versions.push_back(name);
        }
    return versions;
}

/// spec.names with what the server fills in.
core::Json acceptedNames(const core::Json& crd)
{
    const core::Json* names = core::findPath(crd, {"spec", "names"});
    core::Json accepted = names ? *names : core::JsonObject {};
    core::JsonObject& fields = accepted.as_object();
    const std::string kind(core::stringAt(accepted, {"kind"}));
    if (!fields.contains("listKind"))
        fields["listKind"] = kind + "List";
    if (!fields.contains("singular"))
        fields["singular"] = core::toLower(kind);
    return accepted;
}

} // namespace

CrdController::CrdController(ObjectStore& store, ResourceRegistry& registry, ObjectWriter& writer,
                             WatchHub& hub)
    : m_store(store)
    , m_registry(registry)
    , m_writer(writer)
    , m_hub(hub)
{
}

void CrdController::start()
{
    for (const StoredPtr& crd : m_store.list(kStorage, "").objects) {
        m_queue.emplace(crd->name());
        (void)m_registry.addCustom(crd->value());
    }
}

void CrdController::changed(const Change& change)
{
    if (change.storage == kStorage) {
        if (change.type == ChangeType::Deleted)
            m_gone.emplace_back(change.key, change.object->value());
        else
            m_queue.insert(change.key);
        return;
    }
    if (change.type != ChangeType::Deleted)
        return;
    if (const StoredPtr crd = m_store.get(kStorage, change.storage); crd && crd->isTerminating())
        m_queue.insert(change.storage);
}

bool CrdController::work()
{
    if (m_queue.empty() && m_gone.empty())
        return false;
    for (const auto& [name, crd] : std::exchange(m_gone, {}))
        retire(name, crd);
    for (const std::string& name : std::exchange(m_queue, {})) {
        const StoredPtr crd = m_store.get(kStorage, name);
        if (!crd)
            continue;
        if (crd->isTerminating())
            empty(crd);
        else
            establish(crd);
    }
    return true;
}

void CrdController::establish(const StoredPtr& crd)
{
    const auto accepted = m_registry.addCustom(crd->value());
    const std::string now = core::formatRfc3339(m_writer.now());
    core::Json next = crd->value();
    core::Json& status = next.as_object()["status"];
    if (!status.is_object())
        status = core::JsonObject {};
    core::JsonArray conditions;
    if (accepted) {
        conditions.push_back(
            condition(next, "NamesAccepted", true, "NoConflicts", "no conflicts found", now));
        conditions.push_back(condition(next, "Established", true, "InitialNamesAccepted",
                                       "the initial names have been accepted", now));
    } else {
        conditions.push_back(
            condition(next, "NamesAccepted", false, "KindConflict", accepted.error().message, now));
        conditions.push_back(condition(next, "Established", false, "NotAccepted",
                                       "not all names are accepted", now));
    }
    status.get_object()["conditions"] = std::move(conditions);
    status.get_object()["acceptedNames"] =
        accepted ? acceptedNames(next) : core::Json(core::JsonObject {});
    status.get_object()["storedVersions"] = storedVersions(next);
    const TypePtr type = m_registry.ofStorage(kStorage);
    (void)m_writer.update(*type, crd, std::move(next),
                          {.fieldManager = kManager, .subresource = "status"});
}

void CrdController::empty(const StoredPtr& crd)
{
    const std::string storage = customStorage(crd->value());
    const TypePtr type = m_registry.ofStorage(storage);
    if (type && type->custom && type->custom->crdName == crd->name())
        for (const StoredPtr& object : m_store.list(storage, "").objects)
            if (!object->isTerminating())
                (void)m_writer.remove(*type, object, {});
    if (m_store.count(storage, "") > 0)
        return;
    std::vector<std::string> finalizers = finalizersOf(crd->value());
    std::erase(finalizers, kFinalizer);
    core::Json next = crd->value();
    setFinalizers(next, finalizers);
    (void)m_writer.update(*m_registry.ofStorage(kStorage), crd, std::move(next),
                          {.fieldManager = kManager});
}

void CrdController::retire(const std::string& name, const core::Json& crd)
{
    // A CRD of that name may have come back in the meantime; it then serves itself again.
    m_registry.removeCustom(name);
    if (m_store.get(kStorage, name))
        m_queue.insert(name);
    m_hub.failAll(customStorage(crd), unknownResource().error());
}

} // namespace gitops::practice
