// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gitops::practice {

/// All resources that the server serves: the built-in ones and those of the CRDs that are
/// established. Discovery, routing and the garbage collector read it. One thread.
class ResourceRegistry
{
public:
    ResourceRegistry();

    /// nullptr when not served.
    TypePtr find(std::string_view group, std::string_view version, std::string_view plural) const;
    TypePtr find(const core::GroupVersionKind& kind) const;
    /// The preferred version.
    TypePtr find(const core::GroupKind& kind) const;

    /// Groups in the order of discovery, "" (core) first.
    const std::vector<std::string>& groups() const { return m_groups; }
    /// Served versions of a group, preferred first.
    std::vector<std::string> versions(std::string_view group) const;
    std::vector<TypePtr> resources(std::string_view group, std::string_view version) const;
    /// One type per storage: what holds objects (in the preferred version).
    std::vector<TypePtr> stored() const;
    /// The type whose objects are kept under that name, in the preferred version; nullptr.
    TypePtr ofStorage(std::string_view storage) const;

    /// Takes over the versions of a CRD (a second call for the same CRD replaces them), or says
    /// which of its names another resource has.
    ApiResult<void> addCustom(const core::Json& crd);
    void removeCustom(const std::string& crdName);
    /// Types that are there from the start on, beside the built-in ones.
    void addFixed(std::vector<TypePtr> types);

    /// Grows with every change; discovery's ETag.
    std::uint64_t revision() const { return m_revision; }

private:
    void add(TypePtr type);
    void rebuild();

    std::vector<TypePtr> m_builtins;
    std::map<std::string, std::vector<TypePtr>> m_custom; ///< by CRD name
    std::vector<std::string> m_groups;
    std::map<std::string, std::vector<std::string>, std::less<>> m_versions;
    std::map<std::string, std::vector<TypePtr>, std::less<>> m_byVersion; ///< "group/version"
    std::map<core::GroupVersionKind, TypePtr> m_byKind;
    std::map<core::GroupKind, TypePtr> m_preferred;
    std::map<std::string, TypePtr, std::less<>> m_byStorage;
    std::uint64_t m_revision = 1;
};

/// GA before beta before alpha, then the higher number (apimachinery pkg/version).
bool versionComesBefore(std::string_view a, std::string_view b);

} // namespace gitops::practice
