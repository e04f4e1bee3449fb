// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/objectrouter.h"

#include "gitops/engine/ownership.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {
constexpr int kDepth = 10; ///< of owner references
}

ObjectRouter::ObjectRouter(const LiveState& live)
    : m_live(live)
{
}

void ObjectRouter::declare(const std::string& application, const std::set<core::ObjectKey>& keys)
{
    std::vector<const core::ObjectKey*> now;
    now.reserve(keys.size());
    for (const core::ObjectKey& key : keys) {
        const auto place = m_declared.try_emplace(key).first;
        if (!std::ranges::count(place->second, application))
            place->second.push_back(application);
        now.push_back(&place->first);
    }
    for (const core::ObjectKey* key : std::exchange(m_keys[application], {}))
        if (!keys.contains(*key)) {
            const auto place = m_declared.find(*key);
            std::erase(place->second, application);
            if (place->second.empty())
                m_declared.erase(place);
        }
    if (keys.empty())
        m_keys.erase(application);
    else
        m_keys[application] = std::move(now);
}

bool ObjectRouter::isDeclaredElsewhere(const core::ObjectKey& key,
                                       const std::string& application) const
{
    const auto found = m_declared.find(key);
    return found != m_declared.end()
        && std::ranges::any_of(found->second,
                               [&](const std::string& name) { return name != application; });
}

std::set<std::string> ObjectRouter::of(const LiveObject& object) const
{
    std::set<std::string> names;
    if (const auto found = m_declared.find(object.key); found != m_declared.end())
        names.insert(found->second.begin(), found->second.end());
    for (const std::string* tracking : {&object.tracking, &object.argoTracking})
        if (std::string name = trackedApplication(*tracking, object.key); !name.empty())
            names.insert(std::move(name));
    return names;
}

std::set<std::string> ObjectRouter::directly(const LiveChange& change) const
{
    std::set<std::string> names;
    if (change.before)
        names.merge(of(*change.before));
    if (change.after)
        names.merge(of(*change.after));
    return names;
}

std::set<std::string> ObjectRouter::byOwner(const LiveChange& change) const
{
    LiveObjectPtr object = change.after ? change.after : change.before;
    for (int depth = 0; depth < kDepth && object && !object->owners.empty(); ++depth) {
        LiveObjectPtr owner;
        for (const LiveObject::Owner& candidate : object->owners)
            if (auto found = m_live.findByUid(candidate.uid);
                found && (!owner || candidate.controller))
                owner = std::move(found);
        object = std::move(owner);
    }
    return object && object != change.after && object != change.before ? of(*object)
                                                                       : std::set<std::string>();
}

} // namespace gitops
