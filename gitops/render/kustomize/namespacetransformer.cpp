// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

using core::YamlNode;

namespace {

const Creation kString {YamlNode::Type::Scalar, core::YamlTag::String};

class Setter
{
public:
    Setter(BuildContext& context, Resource& resource, const NamespaceRule& rule)
        : m_context(context)
        , m_resource(resource)
        , m_rule(rule)
    {
    }

    core::Result<void> run() const
    {
        static const FieldSpec kMetadata = makeFieldSpec("metadata/namespace", {}, true);
        const Gvk gvk = m_resource.id().gvk;
        if (!m_resource.id().isClusterScoped())
            if (auto done = at(kMetadata); !done)
                return done;
        const bool isBinding = gvk.kind == "RoleBinding" || gvk.kind == "ClusterRoleBinding";
        if (isBinding)
            if (auto done = inSubjects(); !done)
                return done;
        for (const FieldSpec& spec : m_rule.specs) {
            if (spec.path == "metadata/namespace")
                continue;
            const bool isForBindings =
                spec.gvk.kind == "RoleBinding" || spec.gvk.kind == "ClusterRoleBinding";
            if (isBinding && isForBindings && spec.path == "subjects/namespace")
                continue;
            // Only the core Namespace is renamed.
            if (spec.path == "metadata/name" && !(gvk.group.empty() && gvk.version == "v1"))
                continue;
            if (auto done = at(spec); !done)
                return done;
        }
        return {};
    }

private:
    core::Result<void> at(const FieldSpec& spec) const
    {
        return applyFieldSpec(m_context.yaml, spec, m_resource, kString,
                              [this](YamlNode& node) { return set(node); });
    }

    core::Result<void> set(YamlNode& node) const
    {
        if (!node.isScalar())
            return m_context.invalid("a namespace must be a scalar", &node);
        if (!m_rule.unsetOnly || node.isNull() || node.text.empty())
            setStringText(m_context.yaml, node, m_rule.name.value, m_rule.name.from);
        return {};
    }

    core::Result<void> inSubjects() const
    {
        const YamlNode* subjects = m_resource.node()->find("subjects");
        if (!subjects || !subjects->isSequence()
            || m_rule.subjects == NamespaceRule::Subjects::None)
            return {};
        const bool byName = m_rule.subjects == NamespaceRule::Subjects::Default;
        for (std::uint32_t i = 0; i < subjects->count; ++i) {
            YamlNode& subject = *subjects->item(i);
            const bool isMeant = byName ? subject.textAt("name") == "default"
                                        : subject.textAt("kind") == "ServiceAccount";
            if (!subject.isMapping() || !isMeant)
                continue;
            YamlNode* space = subject.find("namespace");
            if (!space) {
                m_context.yaml.setString(subject, "namespace", "");
                space = subject.find("namespace");
            }
            if (auto done = set(*space); !done)
                return done;
        }
        return {};
    }

    BuildContext& m_context;
    Resource& m_resource;
    const NamespaceRule& m_rule;
};

} // namespace

core::Result<void> setNamespaceIn(BuildContext& context, Resource& resource,
                                  const NamespaceRule& rule)
{
    auto done = Setter(context, resource, rule).run();
    resource.refresh();
    return done;
}

core::Result<void> setNamespace(BuildContext& context, ResourceMap& resources,
                                const NamespaceRule& rule)
{
    if (rule.name.isEmpty())
        return {};
    for (const ResourcePtr& resource : resources.all()) {
        resource->storePreviousId();
        if (auto done = setNamespaceIn(context, *resource, rule); !done)
            return done;
    }
    resources.idsChanged();
    if (const auto [first, second] = resources.conflict(); first)
        return context.invalid("the namespace '" + rule.name.value
                                   + "' makes two objects the same: " + second->id().text()
                                   + " is at " + context.placeOf(first->node()).text() + " too",
                               second->node());
    return {};
}

} // namespace gitops::kustomize
