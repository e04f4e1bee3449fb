// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findingsmodel.h"

#include <algorithm>
#include <tuple>

namespace core {

/// What an update has to look at.
struct FindingsModel::Changes
{
    bool isAll = false; ///< nothing that was found before holds
    std::map<std::string, SpaceChange> spaces; ///< by namespace
    std::vector<ObjectKey> objects; ///< all that changed
    std::set<std::string> networks; ///< namespaces that others see otherwise
    std::set<std::string> claims; ///< namespaces that claim otherwise
    bool areSpacesOther = false;
    bool areRolesOther = false; ///< of the cluster's scope
};

namespace {

/// What findings look at of an input beside its objects.
bool areSameCircumstances(const PlatformInput& a, const PlatformInput& b)
{
    const auto tied = [](const PlatformApplication& each) {
        return std::tie(each.name, each.parent, each.wave);
    };
    return a.hasLive == b.hasLive && a.gaps.empty() == b.gaps.empty()
        && a.unknownKinds == b.unknownKinds
        && std::ranges::equal(a.applications, b.applications, {}, tied, tied);
}

} // namespace

FindingsModel::FindingsModel(TenantRules rules)
    : m_rules(std::move(rules))
{
}

FindingsModel::~FindingsModel() = default;

FindingsModel::Changes FindingsModel::changesOf(const PlatformModel& model)
{
    Changes out;
    const auto noted = model.changesSince(m_count);
    const PlatformInputPtr input = model.sharedInput();
    out.isAll = !m_input || !noted || (m_input != input && !areSameCircumstances(*m_input, *input));
    m_input = input;
    m_count = model.changeCount();
    out.areSpacesOther = out.isAll;
    if (out.isAll)
        return out;
    for (const ModelChange& change : *noted) {
        const std::string& name = change.key.namespaceName;
        const ModelAspects aspects = change.aspects;
        out.objects.push_back(change.key);
        if (aspects.isEmpty())
            continue;
        SpaceChange& space = out.spaces[name];
        space.aspects.add(aspects);
        if (aspects.has(ModelAspect::Itself))
            space.objects.push_back(change.key);
        if (aspects.has(ModelAspect::Network))
            out.networks.insert(name);
        if (aspects.has(ModelAspect::Claims))
            out.claims.insert(name);
        out.areRolesOther = out.areRolesOther || (name.empty() && aspects.has(ModelAspect::Rights));
        if (!aspects.has(ModelAspect::Spaces))
            continue;
        out.areSpacesOther = true;
        if (change.key.kind == "Namespace" && change.key.group.empty()) {
            // Its labels count for all that is in it.
            out.networks.insert(change.key.name);
            out.spaces[change.key.name].aspects.add(ModelAspect::Network);
            out.spaces[change.key.name].aspects.add(ModelAspect::Frame);
        }
    }
    return out;
}

/// Who is a tenant is told by labels of Namespaces and Capsule's objects, which are of the
/// cluster's scope, and by names. When it changes, everything is judged again.
void FindingsModel::judgeTenants(const PlatformModel& model, Changes& changes)
{
    if (!changes.areSpacesOther)
        return;
    m_tenants = tenantSpaces(model, m_rules);
    FindingGround ground(m_tenants);
    if (ground.tenantOf == m_ground.tenantOf)
        return;
    changes.isAll = true;
    m_ground = std::move(ground);
}

/// Lets go of namespaces that are there no more, and takes in those that are new.
void FindingsModel::matchSpaces(const PlatformModel& model, Changes& changes)
{
    if (!changes.isAll && !changes.areSpacesOther)
        return;
    for (auto at = m_spaces.begin(); at != m_spaces.end();) {
        if (!changes.isAll && model.namespaces().contains(at->first)) {
            ++at;
            continue;
        }
        at->second.leave(m_list);
        changes.claims.insert(at->first);
        at = m_spaces.erase(at);
    }
    for (const auto& [name, space] : model.namespaces())
        if (m_spaces.try_emplace(name, name).second) {
            changes.spaces[name].isNew = true;
            changes.claims.insert(name);
        }
}

void FindingsModel::readClaims(const PlatformModel& model, Changes& changes)
{
    if (changes.claims.empty())
        return;
    for (const std::string& name : changes.claims)
        if (const auto space = m_spaces.find(name); space != m_spaces.end())
            space->second.readClaims(model);
    std::map<std::string, MirroredNames> copies;
    for (const auto& [name, space] : m_spaces)
        for (const auto& [target, names] : space.claims().mirrored)
            copies[target].insert(names.begin(), names.end());
    for (auto& [name, space] : m_spaces)
        if (space.setCopies(std::move(copies[name])))
            changes.spaces[name].areCopiesOther = true;
}

void FindingsModel::judgeSpaces(const PlatformModel& model, const Changes& changes)
{
    static const SpaceChange none;
    static const SpaceChange roles {.isNew = false, .areRolesOther = true};
    const bool isOfAll = changes.areRolesOther || !changes.networks.empty();
    for (auto& [name, space] : m_spaces) {
        const auto known = changes.spaces.find(name);
        if (known == changes.spaces.end()) {
            if (isOfAll)
                m_statistics.objects +=
                    space.judge(model, m_ground, changes.areRolesOther ? roles : none,
                                changes.networks, m_list);
            continue;
        }
        SpaceChange change = known->second;
        change.areRolesOther = changes.areRolesOther;
        m_statistics.objects += space.judge(model, m_ground, change, changes.networks, m_list);
    }
}

void FindingsModel::judgeListeners(const PlatformModel& model, const Changes& changes,
                                   std::vector<Finding>& out)
{
    std::map<std::pair<ObjectKey, std::string>, Reached> reaches;
    for (const auto& [space, findings] : m_spaces)
        for (const PlainListener& listener : findings.claims().listeners) {
            const ModelObject* object = model.find(listener.object);
            if (!object)
                continue;
            const std::pair key(listener.object, listener.name);
            const bool isOther = changes.claims.contains(space) || changes.networks.contains(space);
            Reached& known = reaches[key];
            if (!isOther)
                known = std::move(m_reaches[key]);
            std::string tenants;
            for (const TenantSpaces& tenant : m_tenants)
                for (const std::string& name : tenant.namespaces) {
                    const auto [at, isNew] = known.try_emplace(name, false);
                    if (isNew || changes.networks.contains(name))
                        at->second = reachesListener(model, name, *object, listener);
                    if (at->second)
                        tenants += (tenants.empty() ? "" : ", ") + name;
                }
            if (!tenants.empty())
                out.push_back(plainListenerFinding(*object, listener, tenants));
        }
    m_reaches = std::move(reaches);
}

void FindingsModel::judgeShared(const PlatformModel& model, const Changes& changes)
{
    if (changes.claims.empty() && changes.networks.empty())
        return;
    std::vector<const NamespaceClaims*> claims;
    for (const auto& [name, space] : m_spaces)
        claims.push_back(&space.claims());
    std::vector<Finding> out;
    findCollisions(model, claims, out);
    judgeListeners(model, changes, out);
    m_list.replace(m_shared, std::move(out));
}

const std::vector<const Finding*>& FindingsModel::update(const PlatformModel& model,
                                                         const LineageGraphPtr& graph)
{
    m_statistics = {};
    Changes changes = changesOf(model);
    judgeTenants(model, changes);
    if (changes.isAll)
        m_reaches.clear();
    matchSpaces(model, changes);
    readClaims(model, changes);
    judgeSpaces(model, changes);
    judgeShared(model, changes);
    m_statistics.nodes =
        m_flows.update(model, graph, m_ground, changes.isAll ? nullptr : &changes.objects, m_list);
    return m_list.settle();
}

} // namespace core
