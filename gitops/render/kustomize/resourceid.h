// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace gitops::kustomize {

/// Group, version and kind; as a selector an empty member means any.
struct Gvk
{
    std::string group;
    std::string version;
    std::string kind;

    bool isSelectedBy(const Gvk& selector) const
    {
        return (selector.group.empty() || selector.group == group)
            && (selector.version.empty() || selector.version == version)
            && (selector.kind.empty() || selector.kind == kind);
    }
    bool operator==(const Gvk&) const = default;
};

/// Splits "apps/v1"; "v1" has no group.
Gvk makeGvk(std::string_view apiVersion, std::string_view kind);

/// Whether Kustomize's schema (Kubernetes 1.21) knows the type, and what it says of its scope.
enum class KnownScope
{
    Unknown,
    Namespaced,
    Cluster
};
KnownScope knownScope(const Gvk& gvk);

/// Scopes of types that a kustomization's own OpenAPI schema names ("group/version Kind"): they
/// count in this thread, beside the built-in ones, while this lives.
class CustomScopes
{
public:
    explicit CustomScopes(const std::unordered_map<std::string, KnownScope>& scopes);
    ~CustomScopes();
    CustomScopes(const CustomScopes&) = delete;
    CustomScopes& operator=(const CustomScopes&) = delete;
};

/// What names a resource inside a build.
struct ResourceId
{
    Gvk gvk;
    std::string name;
    std::string namespaceName; ///< as written

    bool isClusterScoped() const { return knownScope(gvk) == KnownScope::Cluster; }
    /// "default" for none; one common word for all of the cluster scope.
    std::string effectiveNamespace() const;
    /// Equal for ids that Kustomize holds to be the same object.
    std::string key() const;
    /// For people: "Deployment web", "Deployment shop/web".
    std::string text() const;
};

} // namespace gitops::kustomize
