// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findingsspace.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

/// The findings that a rule finds.
template<class Rule>
std::vector<Finding> found(const Rule& rule)
{
    std::vector<Finding> out;
    rule(out);
    return out;
}

} // namespace

FindingGround::FindingGround(const std::vector<TenantSpaces>& spaces)
{
    for (const TenantSpaces& tenant : spaces)
        for (const std::string& name : tenant.namespaces) {
            tenantOf.emplace(name, tenant.tenant);
            tenants.insert(name);
        }
}

bool SpaceFindings::setCopies(MirroredNames copies)
{
    if (m_copies == copies)
        return false;
    m_copies = std::move(copies);
    return true;
}

void SpaceFindings::leave(OfObject& of, FindingList& list)
{
    for (std::vector<Finding>* slot : {&of.own, &of.network, &of.references, &of.bounds})
        list.clear(*slot);
}

void SpaceFindings::leave(FindingList& list)
{
    for (auto& [key, of] : m_objects)
        leave(of, list);
    m_objects.clear();
    for (std::vector<Finding>* slot : {&m_isolation, &m_quotas, &m_rights})
        list.clear(*slot);
}

void SpaceFindings::judgeNetwork(const PlatformModel& model, const ModelObject& object,
                                 OfObject& of, FindingList& list)
{
    list.replace(of.network, found([&](auto& out) { findNetworkOf(model, object, out); }));
}

void SpaceFindings::judgeObject(const PlatformModel& model, const FindingGround& ground,
                                const ObjectKey& key, FindingList& list)
{
    const ModelObject* object = model.find(key);
    if (!object) {
        if (const auto known = m_objects.find(key); known != m_objects.end()) {
            leave(known->second, list);
            m_objects.erase(known);
        }
        return;
    }
    OfObject& of = m_objects[key];
    of.named = namedBy(*object);
    judgeNetwork(model, *object, of, list);
    list.replace(of.own, found([&](auto& out) {
                     findCredentialsOf(*object, out);
                     findTwiceOf(*object, out);
                     findUnclearAcceptsOf(*object, out);
                 }));
    list.replace(of.references,
                 found([&](auto& out) { findReferencesOf(model, *object, m_copies, out); }));
    list.replace(of.bounds,
                 found([&](auto& out) { findBoundsOf(model, *object, ground.tenants, out); }));
    // Most objects have no say in what changes around them.
    const bool isQuiet = of.own.empty() && of.network.empty() && of.references.empty()
        && of.bounds.empty() && !object->isWorkload();
    if (isQuiet)
        m_objects.erase(key);
}

std::size_t SpaceFindings::judgeNetworks(const PlatformModel& model, bool isOwnOther,
                                         const std::set<std::string>& networks, FindingList& list)
{
    std::size_t count = 0;
    const auto look = [&](const ModelObject& object) {
        judgeNetwork(model, object, m_objects[object.key()], list);
        ++count;
    };
    if (isOwnOther) {
        const ModelNamespace& space = model.space(m_name);
        for (const ModelObject* object : space.workloads())
            look(*object);
        for (const ModelObject* object : space.services())
            look(*object);
        return count;
    }
    const auto isNamed = [&](const std::string& name) { return networks.contains(name); };
    for (auto& [key, of] : m_objects)
        if (std::ranges::any_of(of.named, isNamed))
            if (const ModelObject* object = model.find(key))
                look(*object);
    return count;
}

/// Of what bounds the namespace, and what its pods may name.
void SpaceFindings::judgeWorkloads(const PlatformModel& model, const FindingGround& ground,
                                   const SpaceChange& change, FindingList& list)
{
    const bool areNamesOther = change.aspects.has(ModelAspect::Names) || change.areCopiesOther;
    const bool isFrameOther = change.aspects.has(ModelAspect::Frame);
    if (!areNamesOther && !isFrameOther)
        return;
    for (const ModelObject* object : model.space(m_name).workloads()) {
        OfObject& of = m_objects[object->key()];
        if (areNamesOther)
            list.replace(of.references, found([&](auto& out) {
                             findReferencesOf(model, *object, m_copies, out);
                         }));
        if (isFrameOther)
            list.replace(of.bounds, found([&](auto& out) {
                             findBoundsOf(model, *object, ground.tenants, out);
                         }));
    }
}

/// What is found of the namespace as a whole.
void SpaceFindings::judgeWhole(const PlatformModel& model, const FindingGround& ground,
                               const SpaceChange& change, FindingList& list)
{
    const auto isOther = [&](ModelAspect aspect) {
        return change.isNew || change.aspects.has(aspect);
    };
    const auto tenant = ground.tenantOf.find(m_name);
    if (isOther(ModelAspect::Frame) && tenant != ground.tenantOf.end())
        list.replace(m_isolation, found([&](auto& out) {
                         findIsolationIn(model, tenant->second, m_name, out);
                     }));
    if (isOther(ModelAspect::Needs))
        list.replace(m_quotas, found([&](auto& out) { findQuotasIn(model, m_name, out); }));
    if (isOther(ModelAspect::Rights) || change.areRolesOther)
        list.replace(m_rights,
                     found([&](auto& out) { findRightsIn(model, m_name, ground.tenants, out); }));
}

std::size_t SpaceFindings::judge(const PlatformModel& model, const FindingGround& ground,
                                 const SpaceChange& change, const std::set<std::string>& networks,
                                 FindingList& list)
{
    const ModelNamespace& space = model.space(m_name);
    std::size_t count = change.objects.size();
    if (change.isNew) {
        count = space.objects().size();
        for (const auto& [key, object] : space.objects())
            judgeObject(model, ground, key, list);
    } else {
        for (const ObjectKey& key : change.objects)
            judgeObject(model, ground, key, list);
        count += judgeNetworks(model, change.aspects.has(ModelAspect::Network), networks, list);
        judgeWorkloads(model, ground, change, list);
    }
    judgeWhole(model, ground, change, list);
    return count;
}

} // namespace core
