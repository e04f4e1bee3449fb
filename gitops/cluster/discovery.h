// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// One resource that the server serves.
struct ApiResource
{
    core::GroupVersionKind kind;
    std::string plural;
    std::string singular;
    bool namespaced = true;
    std::set<std::string> verbs;
    std::vector<std::string> shortNames;
    std::vector<std::string> categories;
    std::set<std::string> subresources;
    bool hasVerb(const std::string& verb) const { return verbs.contains(verb); }
    bool operator==(const ApiResource&) const = default;
    /// "/apis/apps/v1/namespaces/shop/deployments/web"; namespaceName and name "" for the
    /// collection.
    std::string path(std::string_view namespaceName, std::string_view name,
                     std::string_view subresource = {}) const;
};

/// What a server serves. A value; immutable once made.
class Discovery
{
public:
    void add(ApiResource resource, bool preferredVersion);
    void markStale(std::string group) { m_stale.insert(std::move(group)); }
    /// The exact version, or nullptr.
    const ApiResource* find(const core::GroupVersionKind& kind) const;
    /// The preferred version of a kind, or nullptr.
    const ApiResource* find(const core::GroupKind& kind) const;
    /// A group whose answer could not be had: its kinds are unknown, never absent. Nothing of it is
    /// pruned.
    bool isStale(const std::string& group) const { return m_stale.contains(group); }
    bool hasStale() const { return !m_stale.empty(); }
    std::vector<const ApiResource*> all() const;
    bool operator==(const Discovery&) const = default;

private:
    std::map<core::GroupVersionKind, ApiResource> m_resources;
    std::map<core::GroupKind, core::GroupVersionKind> m_preferred;
    std::set<std::string> m_stale;
};

} // namespace gitops
