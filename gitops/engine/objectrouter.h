// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/livestate.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace gitops {

/// Which applications a live change concerns. On the engine's strand.
class ObjectRouter
{
public:
    explicit ObjectRouter(const LiveState& live);

    void declare(const std::string& application, const std::set<core::ObjectKey>& keys);
    bool isDeclaredElsewhere(const core::ObjectKey& key, const std::string& application) const;

    /// Those that declare the object, and the one that it says it belongs to.
    std::set<std::string> directly(const LiveChange& change) const;
    /// Those whose objects own it, over any number of steps.
    std::set<std::string> byOwner(const LiveChange& change) const;

private:
    std::set<std::string> of(const LiveObject& object) const;

    const LiveState& m_live;
    std::unordered_map<core::ObjectKey, std::vector<std::string>, core::ObjectKeyHash> m_declared;
    /// Keys of m_declared, in their order.
    std::map<std::string, std::vector<const core::ObjectKey*>> m_keys;
};

} // namespace gitops
