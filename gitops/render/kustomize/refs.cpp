// SPDX-License-Identifier: GPL-3.0-or-later
// Names of other objects follow when those were renamed (Kustomize's api/filters/nameref).
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace gitops::kustomize {

using core::YamlNode;

namespace {

using Candidates = std::vector<const Resource*>;

/// Whether both histories end the same, as far as the shorter one goes.
bool endsAlike(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    const auto& shorter = a.size() < b.size() ? a : b;
    const auto& longer = a.size() < b.size() ? b : a;
    if (shorter.empty())
        return longer.empty();
    return std::equal(shorter.rbegin(), shorter.rend(), longer.rbegin());
}

bool hasSameContext(const Resource& a, const Resource& b, bool emptyMatches)
{
    const auto alike = [&](const auto& one, const auto& other) {
        return (emptyMatches && (one.empty() || other.empty())) || endsAlike(one, other);
    };
    return alike(a.prefixes, b.prefixes) && alike(a.suffixes, b.suffixes);
}

/// Fixes the references in one object.
class Referrer
{
public:
    using Index = std::unordered_map<std::string, Candidates>;

    Referrer(BuildContext& context, Resource& resource, const Index& byFormerName)
        : m_context(context)
        , m_resource(resource)
        , m_byFormerName(byFormerName)
        , m_isClusterScoped(resource.id().isClusterScoped())
        , m_namespace(resource.id().effectiveNamespace())
    {
        if (resource.id().gvk.kind == "RoleBinding")
            collectSubjectNamespaces();
    }

    core::Result<void> fix(const NameReference& reference)
    {
        m_reference = &reference;
        return applyFieldSpec(m_context.yaml, reference.referrer, m_resource, {},
                              [this](YamlNode& node) { return set(node); });
    }

private:
    void collectSubjectNamespaces()
    {
        const YamlNode* subjects = m_resource.node()->find("subjects");
        for (std::uint32_t i = 0; subjects && subjects->isSequence() && i < subjects->count; ++i)
            if (subjects->item(i)->textAt("kind") == "ServiceAccount")
                m_subjectNamespaces.emplace(subjects->item(i)->textAt("namespace"));
    }

    core::Result<void> set(YamlNode& node)
    {
        if (node.isNull())
            return {};
        if (node.isScalar())
            return setName(node);
        if (node.isMapping())
            return setNameAndNamespace(node);
        for (std::uint32_t i = 0; i < node.count; ++i) {
            YamlNode& item = *node.item(i);
            if (item.isNull())
                continue;
            if (item.isSequence())
                return m_context.invalid("a name, or a mapping with one, is wanted here", &item);
            auto done = item.isScalar() ? setName(item) : setNameAndNamespace(item);
            if (!done)
                return done;
        }
        return {};
    }

    core::Result<void> setName(YamlNode& node)
    {
        auto found = select(std::string(node.text), nullptr);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (*found && (*found)->id().name != node.text)
            setScalarText(m_context.yaml, node, (*found)->id().name, nullptr);
        return {};
    }

    core::Result<void> setNameAndNamespace(YamlNode& node)
    {
        const YamlNode* name = node.find("name");
        if (!name)
            return m_context.invalid("the reference has no name", &node);
        auto found = select(std::string(name->text), node.find("namespace"));
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (!*found)
            return {};
        const ResourceId& id = (*found)->id();
        if (id.name == name->text && id.namespaceName.empty())
            return {};
        setField(node, "name", id.name);
        if (!id.namespaceName.empty())
            setField(node, "namespace", id.namespaceName);
        return {};
    }

    void setField(YamlNode& mapping, std::string_view key, const std::string& text)
    {
        if (YamlNode* known = mapping.find(key); known && known->isScalar()) {
            setScalarText(m_context.yaml, *known, text, nullptr);
            return;
        }
        YamlNode* made = m_context.yaml.newScalar("");
        setScalarText(m_context.yaml, *made, text, &mapping);
        m_context.yaml.set(mapping, key, made);
    }

    bool isVisible(const Resource& target) const
    {
        if (m_isClusterScoped || target.id().isClusterScoped())
            return true;
        if (target.id().effectiveNamespace() == m_namespace)
            return true;
        // A RoleBinding may name accounts of the namespaces that its subjects are in.
        return target.id().gvk.kind == "ServiceAccount"
            && m_subjectNamespaces.contains(target.id().namespaceName);
    }

    bool hadName(const Resource& target, const std::string& name) const
    {
        const auto& ids = target.previousIds();
        return std::any_of(ids.begin(), ids.end(),
                           [&](const ResourceId& id) { return id.name == name; });
    }

    bool hadType(const Resource& target, const Gvk& gvk) const
    {
        const auto& ids = target.previousIds();
        return std::any_of(ids.begin(), ids.end(),
                           [&](const ResourceId& id) { return id.gvk.isSelectedBy(gvk); });
    }

    /// With a namespace in the reference: those that are, or first were, in it.
    Candidates ofNamespace(const Candidates& all, const YamlNode& space) const
    {
        const std::string name(space.text);
        const auto collect = [&](auto idOf) {
            Candidates found;
            for (const Resource* target : all)
                if (!idOf(*target).isClusterScoped() && idOf(*target).effectiveNamespace() == name)
                    found.push_back(target);
            return found;
        };
        Candidates found = collect([](const Resource& r) { return r.originalId(); });
        return found.empty() ? collect([](const Resource& r) { return r.id(); }) : found;
    }

    /// The one object that a name means, or nullptr.
    core::Result<const Resource*> select(const std::string& oldName, const YamlNode* space)
    {
        const auto known = m_byFormerName.find(oldName);
        if (known == m_byFormerName.end())
            return nullptr;
        Candidates found;
        for (const Resource* target : known->second)
            if (isVisible(*target))
                found.push_back(target);
        if (space)
            found = ofNamespace(found, *space);
        std::erase_if(found, [&](const Resource* target) {
            return !hadName(*target, oldName) || !hadType(*target, m_reference->target)
                || !fitsRoleRef(*target);
        });
        if (found.size() > 1)
            std::erase_if(found, [&](const Resource* target) {
                return !hasSameContext(*target, m_resource, true);
            });
        if (found.size() > 1)
            std::erase_if(found, [&](const Resource* target) {
                return !hasSameContext(*target, m_resource, false);
            });
        if (found.empty())
            return nullptr;
        for (const Resource* target : found)
            if (target->id().name != found[0]->id().name
                || (space && target->id().namespaceName != found[0]->id().namespaceName))
                return m_context.invalid("the name '" + oldName + "' could mean several objects: "
                                             + found[0]->id().text() + " and "
                                             + target->id().text(),
                                         m_resource.node());
        return found[0];
    }

    bool fitsRoleRef(const Resource& target) const
    {
        if (!m_reference->referrer.path.ends_with("roleRef/name"))
            return true;
        const YamlNode* roleRef = m_resource.node()->find("roleRef");
        if (!roleRef || !roleRef->find("apiGroup") || !roleRef->find("kind"))
            return true;
        return hadType(
            target,
            {std::string(roleRef->textAt("apiGroup")), "", std::string(roleRef->textAt("kind"))});
    }

    BuildContext& m_context;
    Resource& m_resource;
    const Index& m_byFormerName;
    bool m_isClusterScoped;
    std::string m_namespace;
    std::set<std::string, std::less<>> m_subjectNamespaces;
    const NameReference* m_reference = nullptr;
};

} // namespace

core::Result<void> fixNameReferences(BuildContext& context, ResourceMap& resources,
                                     const TransformerConfig& config)
{
    Referrer::Index byFormerName;
    for (const ResourcePtr& resource : resources.all())
        for (const ResourceId& id : resource->previousIds()) {
            Candidates& known = byFormerName[id.name];
            if (known.empty() || known.back() != resource.get())
                known.push_back(resource.get());
        }
    if (byFormerName.empty())
        return {};
    // By kind, so that an object is asked only for what its kind can refer to.
    std::unordered_map<std::string_view, std::vector<const NameReference*>> byKind;
    for (const NameReference& reference : nameReferences())
        byKind[reference.referrer.gvk.kind].push_back(&reference);
    for (const NameReference& reference : config.nameReferences)
        byKind[reference.referrer.gvk.kind].push_back(&reference);
    for (const ResourcePtr& resource : resources.all()) {
        Referrer referrer(context, *resource, byFormerName);
        // Those of any kind are under "".
        for (const std::string_view kind :
             {std::string_view(resource->originalId().gvk.kind), std::string_view()}) {
            const auto found = byKind.find(kind);
            if (found == byKind.end())
                continue;
            for (const NameReference* reference : found->second)
                if (auto done = referrer.fix(*reference); !done)
                    return done;
        }
    }
    return {};
}

} // namespace gitops::kustomize
