// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/resourceregistry.h"

#include "core/base/strings.h"
#include "core/object/kindtable.h"
#include "gitops/practice/customresource.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gitops::practice {

namespace {

const std::vector<std::string> kAllVerbs {"create", "delete", "deletecollection", "get",
                                          "list",   "patch",  "update",           "watch"};

bool isCreateOnly(std::string_view kind)
{
    return kind == "Binding" || kind.ends_with("Review");
}

std::vector<std::string> builtinVerbs(const core::GroupVersionKind& kind)
{
    if (isCreateOnly(kind.kind))
        return {"create"};
    if (kind.kind == "ComponentStatus")
        return {"get", "list"};
    std::vector<std::string> verbs = kAllVerbs;
    if (kind.group.empty() && kind.kind == "Namespace")
        std::erase(verbs, "deletecollection");
    return verbs;
}

/// Kinds that two groups serve share one storage.
std::string builtinStorage(const core::KindInfo& info)
{
    if (info.kind.group == "events.k8s.io")
        return "events";
    return groupResource(info.plural, info.kind.group);
}

TypePtr fromKindInfo(const core::KindInfo& info)
{
    auto type = std::make_shared<ResourceType>();
    type->kind = info.kind;
    type->plural = info.plural;
    type->singular = core::toLower(info.kind.kind);
    type->listKind = info.kind.kind + "List";
    type->namespaced = info.scope == core::Scope::Namespaced;
    type->verbs = builtinVerbs(info.kind);
    type->shortNames = info.shortNames;
    type->categories = info.categories;
    type->subresources = {info.subresources.begin(), info.subresources.end()};
    type->storage = builtinStorage(info);
    type->typeSchema = std::make_shared<core::BuiltinTypeSchema>(
        core::GroupKind {info.kind.group, info.kind.kind});
    return type;
}

/// Upstream's order of groups in /apis.
constexpr std::array<std::string_view, 20> kGroupOrder {
    "apiregistration.k8s.io",
    "apps",
    "events.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "scheduling.k8s.io",
    "coordination.k8s.io",
    "node.k8s.io",
    "discovery.k8s.io",
    "resource.k8s.io",
    "flowcontrol.apiserver.k8s.io",
};

std::size_t groupRank(std::string_view group)
{
    if (group.empty())
        return 0;
    const auto found = std::ranges::find(kGroupOrder, group);
    return 1 + std::size_t(found - kGroupOrder.begin());
}

struct VersionParts
{
    int stage = 0; ///< 3 GA, 2 beta, 1 alpha, 0 something else
    int major = 0;
    int minor = 0;
};

VersionParts versionParts(std::string_view text)
{
    VersionParts parts;
    if (text.size() < 2 || text[0] != 'v')
        return parts;
    const char* end = text.data() + text.size();
    auto [at, error] = std::from_chars(text.data() + 1, end, parts.major);
    if (error != std::errc {})
        return {};
    const std::string_view rest(at, std::size_t(end - at));
    if (rest.empty()) {
        parts.stage = 3;
        return parts;
    }
    const bool beta = rest.starts_with("beta");
    const bool alpha = rest.starts_with("alpha");
    if (!beta && !alpha)
        return {};
    const char* digits = rest.data() + (beta ? 4 : 5);
    if (std::from_chars(digits, end, parts.minor).ptr != end)
        return {};
    parts.stage = beta ? 2 : 1;
    return parts;
}

} // namespace

std::string groupResource(std::string_view plural, std::string_view group)
{
    std::string text(plural);
    if (!group.empty())
        (text += '.') += group;
    return text;
}

bool ResourceType::hasVerb(std::string_view verb) const
{
    return std::ranges::find(verbs, verb) != verbs.end();
}

bool versionComesBefore(std::string_view a, std::string_view b)
{
    const VersionParts left = versionParts(a);
    const VersionParts right = versionParts(b);
    if (left.stage != right.stage)
        return left.stage > right.stage;
    if (left.stage == 0)
        return a < b;
    if (left.major != right.major)
        return left.major > right.major;
    return left.minor > right.minor;
}

ResourceRegistry::ResourceRegistry()
{
    for (const core::KindInfo& info : core::builtinKinds()) {
        m_builtins.push_back(fromKindInfo(info));
        if (info.kind.group == "autoscaling") { // also in its first version (see conversion.h)
            core::KindInfo first = info;
            first.kind.version = "v1";
            m_builtins.push_back(fromKindInfo(first));
        }
    }
    rebuild();
}

TypePtr ResourceRegistry::find(std::string_view group, std::string_view version,
                               std::string_view plural) const
{
    const auto found = m_byVersion.find(std::string(group) + "/" + std::string(version));
    if (found == m_byVersion.end())
        return nullptr;
    for (const TypePtr& type : found->second)
        if (type->plural == plural)
            return type;
    return nullptr;
}

TypePtr ResourceRegistry::find(const core::GroupVersionKind& kind) const
{
    const auto found = m_byKind.find(kind);
    return found == m_byKind.end() ? nullptr : found->second;
}

TypePtr ResourceRegistry::find(const core::GroupKind& kind) const
{
    const auto found = m_preferred.find(kind);
    return found == m_preferred.end() ? nullptr : found->second;
}

std::vector<std::string> ResourceRegistry::versions(std::string_view group) const
{
    const auto found = m_versions.find(group);
    return found == m_versions.end() ? std::vector<std::string> {} : found->second;
}

std::vector<TypePtr> ResourceRegistry::resources(std::string_view group,
                                                 std::string_view version) const
{
    const auto found = m_byVersion.find(std::string(group) + "/" + std::string(version));
    return found == m_byVersion.end() ? std::vector<TypePtr> {} : found->second;
}

std::vector<TypePtr> ResourceRegistry::stored() const
{
    std::vector<TypePtr> types;
    for (const auto& [storage, type] : m_byStorage)
        types.push_back(type);
    return types;
}

TypePtr ResourceRegistry::ofStorage(std::string_view storage) const
{
    const auto found = m_byStorage.find(storage);
    return found == m_byStorage.end() ? nullptr : found->second;
}

ApiResult<void> ResourceRegistry::addCustom(const core::Json& crd)
{
    const std::string name(core::stringAt(crd, {"metadata", "name"}));
    std::vector<TypePtr> types = customTypes(crd);
    for (const TypePtr& type : types) {
        const TypePtr sameKind = find(core::GroupKind {type->kind.group, type->kind.kind});
        const bool foreign = sameKind && (!sameKind->custom || sameKind->custom->crdName != name);
        if (foreign)
            return std::unexpected(
                conflict({"", "", name}, "\"" + type->kind.kind + "\" is already in use").error());
    }
    m_custom[name] = std::move(types);
    rebuild();
    return {};
}

void ResourceRegistry::removeCustom(const std::string& crdName)
{
    if (m_custom.erase(crdName) > 0)
        rebuild();
}

void ResourceRegistry::addFixed(std::vector<TypePtr> types)
{
    for (TypePtr& type : types)
        m_builtins.push_back(std::move(type));
    rebuild();
}

void ResourceRegistry::add(TypePtr type)
{
    const std::string& group = type->kind.group;
    const std::string& version = type->kind.version;
    if (std::ranges::find(m_groups, group) == m_groups.end())
        m_groups.push_back(group);
    std::vector<std::string>& versions = m_versions[group];
    if (std::ranges::find(versions, version) == versions.end())
        versions.push_back(version);
    m_byVersion[group + "/" + version].push_back(type);
    m_byKind[type->kind] = std::move(type);
}

void ResourceRegistry::rebuild()
{
    m_groups.clear();
    m_versions.clear();
    m_byVersion.clear();
    m_byKind.clear();
    m_preferred.clear();
    m_byStorage.clear();
    for (const TypePtr& type : m_builtins)
        add(type);
    for (const auto& [crd, types] : m_custom)
        for (const TypePtr& type : types)
            add(type);
    std::ranges::stable_sort(m_groups, [](const std::string& a, const std::string& b) {
        const std::size_t left = groupRank(a);
        const std::size_t right = groupRank(b);
        return left != right ? left < right : left > kGroupOrder.size() && a < b;
    });
    for (auto& [group, versions] : m_versions)
        std::ranges::stable_sort(versions, versionComesBefore);
    for (const auto& [group, versions] : m_versions)
        for (const std::string& version : versions)
            for (const TypePtr& type : m_byVersion[group + "/" + version])
                m_preferred.try_emplace({group, type->kind.kind}, type);
    for (const std::string& group : m_groups)
        for (const std::string& version : m_versions[group])
            for (const TypePtr& type : m_byVersion[group + "/" + version])
                if (type->isStored())
                    m_byStorage.try_emplace(type->storage, type);
    ++m_revision;
}

} // namespace gitops::practice
