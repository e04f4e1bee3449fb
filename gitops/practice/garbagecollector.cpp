// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/garbagecollector.h"

#include "gitops/practice/objectmeta.h"
#include "gitops/practice/presentation.h"

#include <algorithm>

namespace gitops::practice {

namespace {

constexpr std::string_view kForeground = "foregroundDeletion";
constexpr std::string_view kOrphan = "orphan";
const std::string kManager = "kube-controller-manager";

bool hasFinalizer(const StoredObject& object, std::string_view finalizer)
{
    const std::vector<std::string> finalizers = finalizersOf(object.value());
    return std::ranges::find(finalizers, finalizer) != finalizers.end();
}

} // namespace

GarbageCollector::GarbageCollector(ObjectStore& store, ResourceRegistry& registry,
                                   ObjectWriter& writer)
    : m_store(store)
    , m_registry(registry)
    , m_writer(writer)
{
}

std::vector<GarbageCollector::Owner> GarbageCollector::ownersOf(const core::Json& object)
{
    std::vector<Owner> owners;
    if (const core::Json* list = core::findPath(object, {"metadata", "ownerReferences"});
        list && list->is_array())
        for (const core::Json& each : list->get_array())
            owners.push_back({std::string(core::stringAt(each, {"uid"})),
                              core::boolAt(each, {"blockOwnerDeletion"})});
    return owners;
}

TypePtr GarbageCollector::typeOf(const StoredObject& object) const
{
    return m_registry.find(core::groupVersionKindOf(object.value()));
}

void GarbageCollector::start()
{
    for (const TypePtr& type : m_registry.stored())
        for (const StoredPtr& object : m_store.list(type->storage, "").objects)
            changed({object->resourceVersion(), ChangeType::Added, type->storage,
                     keyOf(object->value()), object, nullptr});
}

void GarbageCollector::changed(const Change& change)
{
    const std::string uid(change.object->uid());
    if (change.previous)
        for (const Owner& owner : ownersOf(change.previous->value()))
            if (const auto found = m_dependents.find(owner.uid); found != m_dependents.end())
                found->second.erase(uid);
    const std::vector<Owner> owners = ownersOf(change.object->value());
    if (change.type == ChangeType::Deleted) {
        if (const auto found = m_dependents.find(uid); found != m_dependents.end()) {
            m_queue.insert(m_queue.end(), found->second.begin(), found->second.end());
            m_dependents.erase(found);
        }
        for (const Owner& owner : owners)
            m_queue.push_back(owner.uid);
        return;
    }
    for (const Owner& owner : owners)
        m_dependents[owner.uid].insert(uid);
    if (!owners.empty() || change.object->isTerminating())
        m_queue.push_back(uid);
}

bool GarbageCollector::work()
{
    if (m_queue.empty())
        return false;
    while (!m_queue.empty()) {
        const std::string uid = std::move(m_queue.front());
        m_queue.pop_front();
        check(uid);
    }
    return true;
}

void GarbageCollector::check(const std::string& uid)
{
    const StoredPtr object = m_store.findUid(uid);
    if (!object)
        return;
    if (object->isTerminating() && hasFinalizer(*object, kOrphan))
        orphanDependents(object);
    else if (object->isTerminating() && hasFinalizer(*object, kForeground))
        deleteInForeground(object);
    else if (!object->isTerminating())
        checkOwners(object);
}

void GarbageCollector::orphanDependents(const StoredPtr& object)
{
    const std::string uid(object->uid());
    const std::set<std::string> dependents = m_dependents[uid];
    for (const std::string& dependent : dependents)
        if (const StoredPtr each = m_store.findUid(dependent))
            dropOwners(each, {uid});
    dropFinalizer(object, kOrphan);
}

void GarbageCollector::deleteInForeground(const StoredPtr& object)
{
    const std::string uid(object->uid());
    const std::set<std::string> dependents = m_dependents[uid];
    bool blocked = false;
    for (const std::string& dependent : dependents) {
        const StoredPtr each = m_store.findUid(dependent);
        const TypePtr type = each ? typeOf(*each) : nullptr;
        if (!type)
            continue;
        if (!each->isTerminating()) {
            const bool hasOwn =
                m_dependents.contains(dependent) && !m_dependents[dependent].empty();
            DeleteRequest request {.propagation =
                                       hasOwn ? Propagation::Foreground : Propagation::Background,
                                   .propagationGiven = true};
            request.uid = dependent;
            (void)m_writer.remove(*type, each, request);
        }
        if (const StoredPtr left = m_store.findUid(dependent))
            for (const Owner& owner : ownersOf(left->value()))
                blocked = blocked || (owner.uid == uid && owner.blocks);
    }
    if (!blocked)
        if (const StoredPtr latest = m_store.findUid(uid))
            dropFinalizer(latest, kForeground);
}

void GarbageCollector::checkOwners(const StoredPtr& object)
{
    const std::vector<Owner> owners = ownersOf(object->value());
    if (owners.empty())
        return;
    std::set<std::string> gone;
    bool waited = false;
    for (const Owner& owner : owners) {
        const StoredPtr there = m_store.findUid(owner.uid);
        if (!there) {
            gone.insert(owner.uid);
        } else if (there->isTerminating() && hasFinalizer(*there, kForeground)) {
            gone.insert(owner.uid);
            waited = true;
        }
    }
    if (gone.empty())
        return;
    if (gone.size() < owners.size()) {
        dropOwners(object, gone);
        return;
    }
    const TypePtr type = typeOf(*object);
    if (!type)
        return;
    const std::string uid(object->uid());
    DeleteRequest request;
    request.uid = uid;
    if (waited && m_dependents.contains(uid) && !m_dependents[uid].empty())
        request = {.propagation = Propagation::Foreground, .propagationGiven = true, .uid = uid};
    (void)m_writer.remove(*type, object, request);
}

void GarbageCollector::dropFinalizer(const StoredPtr& object, std::string_view finalizer)
{
    const TypePtr type = typeOf(*object);
    if (!type)
        return;
    std::vector<std::string> finalizers = finalizersOf(object->value());
    std::erase(finalizers, finalizer);
    core::Json next = objectValue(*type, *object);
    setFinalizers(next, finalizers);
    (void)m_writer.update(*type, object, std::move(next), {.fieldManager = kManager});
}

void GarbageCollector::dropOwners(const StoredPtr& object, const std::set<std::string>& owners)
{
    const TypePtr type = typeOf(*object);
    if (!type)
        return;
    core::Json next = objectValue(*type, *object);
    core::JsonArray left;
    for (const core::Json& each :
         core::findPath(next, {"metadata", "ownerReferences"})->get_array())
        if (!owners.contains(std::string(core::stringAt(each, {"uid"}))))
            left.push_back(each);
    if (left.empty())
        eraseMember(metadataOf(next), "ownerReferences");
    else
        metadataOf(next)["ownerReferences"] = std::move(left);
    (void)m_writer.update(*type, object, std::move(next), {.fieldManager = kManager});
}

} // namespace gitops::practice
