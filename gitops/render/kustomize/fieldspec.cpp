// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/fieldspec.h"

namespace gitops::kustomize {

namespace {

using core::YamlNode;

class Walk
{
public:
    Walk(core::YamlTree& tree, const FieldSpec& spec, const std::optional<Creation>& creation,
         const FieldSetter& set)
        : m_tree(tree)
        , m_spec(spec)
        , m_creation(creation)
        , m_set(set)
    {
    }

    core::Result<void> visit(YamlNode& node, std::size_t depth)
    {
        if (depth == m_spec.segments.size())
            return m_set(node);
        if (node.isNull())
            return {};
        if (node.isSequence()) {
            for (std::size_t i = 0; i < node.count; ++i)
                if (auto done = visit(*node.item(i), depth); !done)
                    return done;
            return {};
        }
        if (!node.isMapping())
            return core::failure(
                core::ErrorCode::Invalid,
                "expected a mapping or a list on the way to field '" + m_spec.path + "'",
                {.file = m_tree.fileName(node.file), .line = node.line}, core::Fault::Repository);
        return enter(node, depth);
    }

private:
    core::Result<void> enter(YamlNode& mapping, std::size_t depth)
    {
        const FieldSpec::Segment& segment = m_spec.segments[depth];
        const bool isLast = depth + 1 == m_spec.segments.size();
        const bool mayCreate = m_spec.create && m_creation && !segment.isSequence;
        const Creation made = isLast && m_creation ? *m_creation : Creation {};
        YamlNode* field = mapping.find(segment.name);
        if (!field) {
            if (!mayCreate)
                return {};
            field = make(made);
            m_tree.set(mapping, segment.name, field);
        } else if (field->isNull()) {
            if (segment.isSequence) {
                field->type = YamlNode::Type::Sequence;
                field->tag = core::YamlTag::Sequence;
                field->text = {};
            } else if (mayCreate) {
                field->type = made.type;
                field->tag = made.tag;
                field->text = {};
            }
        }
        return visit(*field, depth + 1);
    }

    YamlNode* make(const Creation& creation)
    {
        if (creation.type == YamlNode::Type::Mapping)
            return m_tree.newMapping();
        return m_tree.newScalar("", creation.tag);
    }

    core::YamlTree& m_tree;
    const FieldSpec& m_spec;
    const std::optional<Creation>& m_creation;
    const FieldSetter& m_set;
};

void takePlace(YamlNode& node, const YamlNode* from)
{
    if (!from || from->line == 0)
        return;
    node.file = from->file;
    node.line = from->line;
    node.column = from->column;
}

} // namespace

FieldSpec makeFieldSpec(std::string_view path, Gvk gvk, bool create)
{
    FieldSpec spec {.gvk = std::move(gvk), .path = std::string(path), .create = create};
    std::string name;
    const auto finish = [&] {
        FieldSpec::Segment segment {.name = name};
        if (name.ends_with("[]")) {
            segment.name.resize(name.size() - 2);
            segment.isSequence = true;
        }
        spec.segments.push_back(std::move(segment));
        name.clear();
    };
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '\\' && i + 1 < path.size() && path[i + 1] == '/') {
            name += '/';
            ++i;
        } else if (path[i] == '/') {
            finish();
        } else {
            name += path[i];
        }
    }
    finish();
    // A leading slash counts for nothing.
    if (spec.segments.size() > 1 && spec.segments.front().name.empty())
        spec.segments.erase(spec.segments.begin());
    return spec;
}

core::Result<void> applyFieldSpec(core::YamlTree& tree, const FieldSpec& spec, Resource& resource,
                                  const std::optional<Creation>& creation, const FieldSetter& set)
{
    if (resource.isEmpty() || !resource.id().gvk.isSelectedBy(spec.gvk))
        return {};
    return Walk(tree, spec, creation, set).visit(*resource.node(), 0);
}

void setScalarText(core::YamlTree& tree, YamlNode& node, std::string_view text,
                   const YamlNode* from)
{
    node.text = tree.store(text);
    node.tag = node.style == YamlNode::Style::Plain
        ? core::resolvePlain(node.text, core::YamlSchema::Resources)
        : core::YamlTag::String;
    // A word that YAML 1.1 would read as a boolean is kept a string; so are names like "<<".
    if (node.tag == core::YamlTag::Merge)
        node.tag = core::YamlTag::String;
    takePlace(node, from);
}

void setStringText(core::YamlTree& tree, YamlNode& node, std::string_view text,
                   const YamlNode* from)
{
    node.type = YamlNode::Type::Scalar;
    node.count = 0;
    node.text = tree.store(text);
    node.tag = core::YamlTag::String;
    takePlace(node, from);
}

} // namespace gitops::kustomize
