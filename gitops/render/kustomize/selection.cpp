// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/selection.h"

#include "core/object/selector.h"

#include <re2/re2.h>

namespace gitops::kustomize {

struct Selection::Private
{
    std::unique_ptr<re2::RE2> group, version, kind, name, namespaceName;
    std::optional<core::LabelSelector> labels;
    std::optional<core::LabelSelector> annotations;
};

Selection::Selection(std::unique_ptr<Private> parts)
    : d(std::move(parts))
{
}
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;
Selection::~Selection() = default;

namespace {

/// nullptr for an empty pattern, which matches all.
core::Result<std::unique_ptr<re2::RE2>> compile(const std::string& pattern,
                                                const core::Place& place)
{
    if (pattern.empty())
        return nullptr;
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_unique<re2::RE2>(pattern, options);
    if (!compiled->ok())
        return core::failure(core::ErrorCode::Invalid,
                             "'" + pattern + "' is no regular expression: " + compiled->error(),
                             place, core::Fault::Repository);
    return compiled;
}

core::Result<std::optional<core::LabelSelector>> parse(const std::string& text,
                                                       const core::Place& place)
{
    if (text.empty())
        return std::nullopt;
    auto parsed = core::LabelSelector::parse(text);
    if (!parsed) {
        parsed.error().place = place;
        return std::unexpected(std::move(parsed.error()));
    }
    return std::optional(std::move(*parsed));
}

bool matchesAll(const std::unique_ptr<re2::RE2>& pattern, const std::string& text)
{
    return !pattern || re2::RE2::FullMatch(text, *pattern);
}

} // namespace

core::Result<Selection> Selection::make(const Selector& selector, const core::Place& place)
{
    auto parts = std::make_unique<Private>();
    struct Part
    {
        const std::string& pattern;
        std::unique_ptr<re2::RE2>& compiled;
    };
    for (const Part& part :
         {Part {selector.group, parts->group}, Part {selector.version, parts->version},
          Part {selector.kind, parts->kind}, Part {selector.name, parts->name},
          Part {selector.namespaceName, parts->namespaceName}}) {
        auto compiled = compile(part.pattern, place);
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        part.compiled = std::move(*compiled);
    }
    auto labels = parse(selector.labelSelector, place);
    if (!labels)
        return std::unexpected(std::move(labels.error()));
    auto annotations = parse(selector.annotationSelector, place);
    if (!annotations)
        return std::unexpected(std::move(annotations.error()));
    parts->labels = std::move(*labels);
    parts->annotations = std::move(*annotations);
    return Selection(std::move(parts));
}

bool Selection::matches(const Resource& resource) const
{
    const ResourceId& now = resource.id();
    const ResourceId& first = resource.originalId();
    if (d->namespaceName && !matchesAll(d->namespaceName, first.effectiveNamespace())
        && !matchesAll(d->namespaceName, now.effectiveNamespace()))
        return false;
    if (!matchesAll(d->name, first.name) && !matchesAll(d->name, now.name))
        return false;
    if (!matchesAll(d->group, now.gvk.group) || !matchesAll(d->version, now.gvk.version)
        || !matchesAll(d->kind, now.gvk.kind))
        return false;
    const core::YamlNode* meta = resource.metadata();
    if (d->labels && !d->labels->matches(textMap(meta ? meta->find("labels") : nullptr)))
        return false;
    return !d->annotations
        || d->annotations->matches(textMap(meta ? meta->find("annotations") : nullptr));
}

std::map<std::string, std::string> textMap(const core::YamlNode* mapping)
{
    std::map<std::string, std::string> result;
    if (!mapping || !mapping->isMapping())
        return result;
    for (std::size_t i = 0; i < mapping->size(); ++i)
        if (mapping->value(i)->isScalar())
            result.emplace(mapping->key(i)->text, mapping->value(i)->text);
    return result;
}

} // namespace gitops::kustomize
