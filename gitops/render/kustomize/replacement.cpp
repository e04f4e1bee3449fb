// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/render/kustomize/fieldpath.h"
#include "gitops/render/kustomize/selection.h"
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;
using core::YamlTag;

namespace {

bool isSelected(const ResourceId& id, const Gvk& gvk, const std::string& name,
                const std::string& space)
{
    if (!name.empty() && name != id.name)
        return false;
    if (!space.empty()) {
        const ResourceId wanted {.gvk = gvk, .name = name, .namespaceName = space};
        if (wanted.effectiveNamespace() != id.effectiveNamespace())
            return false;
    }
    return id.gvk.isSelectedBy(gvk);
}

/// Whether the resource is, or was, called that.
bool isOrWas(const Resource& resource, const Gvk& gvk, const std::string& name,
             const std::string& space)
{
    const auto matches = [&](const ResourceId& id) { return isSelected(id, gvk, name, space); };
    return matches(resource.id())
        || std::any_of(resource.previousIds().begin(), resource.previousIds().end(), matches);
}

bool isEmptyId(const Selector& selector)
{
    return selector.group.empty() && selector.version.empty() && selector.kind.empty()
        && selector.name.empty() && selector.namespaceName.empty();
}

class Replacer
{
public:
    Replacer(BuildContext& context, ResourceMap& resources, const Replacement& replacement)
        : m_context(context)
        , m_resources(resources)
        , m_replacement(replacement)
    {
    }

    core::Result<void> run()
    {
        if ((!m_replacement.hasSource && !m_replacement.sourceValue)
            || m_replacement.targets.empty())
            return invalid("a replacement needs a source and at least one target");
        auto value = sourceValue();
        if (!value)
            return std::unexpected(std::move(value.error()));
        for (const ReplacementTarget& target : m_replacement.targets)
            if (auto done = apply(target, **value); !done)
                return done;
        return {};
    }

private:
    std::unexpected<core::Error> invalid(std::string message) const
    {
        return m_context.invalid(std::move(message), m_replacement.from);
    }

    core::Result<YamlNode*> sourceValue()
    {
        if (m_replacement.sourceValue)
            return m_context.yaml.newScalar(*m_replacement.sourceValue);
        const ObjectSelector& source = m_replacement.source;
        Resource* found = nullptr;
        for (const ResourcePtr& resource : m_resources.all()) {
            if (!isOrWas(*resource, source.gvk, source.name, source.namespaceName))
                continue;
            if (found)
                return invalid("the source of the replacement matches several objects: "
                               + found->id().text() + " and " + resource->id().text());
            found = resource.get();
        }
        if (!found)
            return invalid("the source of the replacement matches nothing: "
                           + ResourceId {source.gvk, source.name, source.namespaceName}.text());
        YamlNode* field = findField(*found->node(), splitFieldPath(m_replacement.fieldPath));
        if (!field || field->isNull() || (!field->isScalar() && field->count == 0))
            return invalid("the source " + found->id().text() + " of the replacement has no '"
                           + m_replacement.fieldPath + "'");
        return refined(*field);
    }

    core::Result<YamlNode*> refined(const YamlNode& field)
    {
        YamlNode* value = m_context.yaml.copy(field);
        const FieldOptions& options = m_replacement.options;
        if (options.delimiter.empty())
            return value;
        if (!field.isScalar())
            return invalid("a delimiter is for scalars only");
        const std::vector<std::string> parts = pieces(field.text, options.delimiter);
        if (options.index < 0 || std::size_t(options.index) >= parts.size())
            return invalid("the index " + std::to_string(options.index)
                           + " of the replacement's source is out of bounds");
        value->text = m_context.yaml.store(parts[std::size_t(options.index)]);
        return value;
    }

    static std::vector<std::string> pieces(std::string_view text, std::string_view delimiter)
    {
        std::vector<std::string> parts;
        for (std::size_t at = text.find(delimiter); at != std::string_view::npos;
             at = text.find(delimiter)) {
            parts.emplace_back(text.substr(0, at));
            text.remove_prefix(at + delimiter.size());
        }
        parts.emplace_back(text);
        return parts;
    }

    core::Result<Selection> labelsOf(const Selector& selector) const
    {
        return Selection::make({.labelSelector = selector.labelSelector,
                                .annotationSelector = selector.annotationSelector},
                               m_context.placeOf(m_replacement.from));
    }

    core::Result<bool> isRejected(const ReplacementTarget& target, const Resource& resource) const
    {
        for (const Selector& reject : target.reject) {
            if (!reject.labelSelector.empty() || !reject.annotationSelector.empty()) {
                auto labels = labelsOf(reject);
                if (!labels)
                    return std::unexpected(std::move(labels.error()));
                if (labels->matches(resource))
                    return true;
            }
            if (!isEmptyId(reject)
                && isOrWas(resource, {reject.group, reject.version, reject.kind}, reject.name,
                           reject.namespaceName))
                return true;
        }
        return false;
    }

    core::Result<void> apply(const ReplacementTarget& target, const YamlNode& value)
    {
        if (!target.hasSelect)
            return invalid("a target of a replacement must select objects");
        const Selector& select = target.select;
        auto labels = labelsOf(select);
        if (!labels)
            return std::unexpected(std::move(labels.error()));
        for (const ResourcePtr& resource : m_resources.all()) {
            if (!labels->matches(*resource)
                || !isOrWas(*resource, {select.group, select.version, select.kind}, select.name,
                            select.namespaceName))
                continue;
            auto rejected = isRejected(target, *resource);
            if (!rejected)
                return std::unexpected(std::move(rejected.error()));
            if (*rejected)
                continue;
            if (auto done = copyTo(*resource, target, value); !done)
                return done;
            resource->refresh();
        }
        m_resources.idsChanged();
        return {};
    }

    core::Result<void> copyTo(Resource& resource, const ReplacementTarget& target,
                              const YamlNode& value)
    {
        static const std::vector<std::string> kDefaultPaths {"metadata.name"};
        const auto& paths = target.fieldPaths.empty() ? kDefaultPaths : target.fieldPaths;
        for (const std::string& path : paths) {
            auto fields =
                findFields(m_context.yaml, *resource.node(), splitFieldPath(path),
                           target.options.create ? std::optional(value.type) : std::nullopt);
            if (!fields)
                return std::unexpected(std::move(fields.error()));
            if (fields->empty())
                return invalid("the replacement's target " + resource.id().text()
                               + " has no field '" + path + "'");
            for (YamlNode* field : *fields)
                if (auto done = set(*field, target.options, value); !done)
                    return done;
            if (resource.node()->isDeeperThan(2 * kMostLevels))
                return invalid("the replacement makes " + resource.id().text() + " too deep");
        }
        return {};
    }

    core::Result<void> set(YamlNode& field, const FieldOptions& options, const YamlNode& value)
    {
        std::string text(value.text);
        if (field.text.size() + text.size() > kMostTextBytes
            || m_context.yaml.nodeCount() > kMostNodes)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "the replacement makes the object too large",
                                 m_context.placeOf(m_replacement.from), core::Fault::Repository);
        if (!options.delimiter.empty()) {
            if (!field.isScalar() || !value.isScalar())
                return invalid("a delimiter is for scalars only");
            std::vector<std::string> parts = pieces(field.text, options.delimiter);
            if (options.index < 0)
                parts.insert(parts.begin(), text);
            else if (std::size_t(options.index) >= parts.size())
                parts.push_back(text);
            else
                parts[std::size_t(options.index)] = text;
            text = core::join(parts, options.delimiter);
        }
        if (!field.isScalar()) {
            YamlNode* copy = m_context.yaml.copy(value);
            copy->text = m_context.yaml.store(text);
            field = *copy;
            return {};
        }
        if (!value.isScalar())
            return invalid("a mapping or list cannot be put in the place of a scalar");
        return setScalar(field, text);
    }

    /// Only the text is copied: the field keeps its type, and a text that does not fit is an error.
    core::Result<void> setScalar(YamlNode& field, const std::string& text)
    {
        // A field just made has no type yet.
        if (field.tag == YamlTag::Merge || field.isNull()) {
            field.tag = YamlTag::String;
            field.style = YamlNode::Style::Plain;
            setScalarText(m_context.yaml, field, text, m_replacement.from);
            return {};
        }
        const YamlTag found = core::resolvePlain(text, core::YamlSchema::Resources);
        const bool fits = field.tag == YamlTag::String || field.tag == found
            || (field.tag == YamlTag::Float && found == YamlTag::Int);
        if (!fits)
            return invalid("the replacement puts a text in the place of a number or boolean");
        const YamlTag tag = field.tag;
        setScalarText(m_context.yaml, field, text, m_replacement.from);
        field.tag = tag;
        return {};
    }

    BuildContext& m_context;
    ResourceMap& m_resources;
    const Replacement& m_replacement;
};

} // namespace

core::Result<void> applyReplacement(const Folder& folder, ResourceMap& resources,
                                    const Replacement& replacement)
{
    BuildContext& context = folder.context();
    if (replacement.path.isEmpty())
        return Replacer(context, resources, replacement).run();
    if (replacement.hasSource || !replacement.targets.empty())
        return context.invalid("a replacement has either a path or a source with targets",
                               replacement.from);
    auto text = folder.read(replacement.path);
    if (!text)
        return std::unexpected(std::move(text.error()));
    auto loaded = readReplacements(context.yaml, *text, folder.pathOf(replacement.path));
    if (!loaded)
        return std::unexpected(std::move(loaded.error()));
    for (const Replacement& each : *loaded)
        if (auto done = Replacer(context, resources, each).run(); !done)
            return done;
    return {};
}

} // namespace gitops::kustomize
