// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

#include <re2/re2.h>

namespace gitops::kustomize {

using core::YamlNode;

namespace {

struct ImageName
{
    std::string name;
    std::string tag;
    std::string digest;
};

ImageName splitImage(const std::string& image)
{
    // A host may have a port; what is before the first slash is not looked at.
    const std::size_t slash = image.find('/');
    const std::size_t start = slash == std::string::npos || slash == 0 ? 0 : slash;
    const std::size_t at = image.find('@', start);
    const std::size_t colon = image.find(':', start);
    if (at != std::string::npos && (colon == std::string::npos || at < colon))
        return {image.substr(0, at), "", image.substr(at + 1)};
    if (colon == std::string::npos)
        return {image, "", ""};
    if (at != std::string::npos)
        return {image.substr(0, colon), image.substr(colon + 1, at - colon - 1),
                image.substr(at + 1)};
    return {image.substr(0, colon), image.substr(colon + 1), ""};
}

std::string replaced(const std::string& current, const Image& image)
{
    ImageName parts = splitImage(current);
    if (!image.newName.empty())
        parts.name = image.newName;
    if (!image.newTag.empty() || !image.digest.empty()) {
        parts.tag = image.newTag;
        parts.digest = image.digest;
    } else if (!image.tagSuffix.empty()) {
        parts.tag += image.tagSuffix;
        parts.digest.clear();
    }
    return parts.name + (parts.tag.empty() ? "" : ":" + parts.tag)
        + (parts.digest.empty() ? "" : "@" + parts.digest);
}

/// The image fields of every list called containers or initContainers, at any depth.
void collectAnywhere(const YamlNode& node, std::vector<YamlNode*>& found)
{
    if (node.isSequence()) {
        for (std::uint32_t i = 0; i < node.count; ++i)
            collectAnywhere(*node.item(i), found);
        return;
    }
    for (std::size_t i = 0; i < node.size() && node.isMapping(); ++i) {
        const YamlNode& value = *node.value(i);
        if (value.isScalar())
            continue;
        collectAnywhere(value, found);
        const std::string_view key = node.key(i)->text;
        if (!value.isSequence() || (key != "containers" && key != "initContainers"))
            continue;
        for (std::uint32_t j = 0; j < value.count; ++j)
            if (YamlNode* image = value.item(j)->find("image"); image && image->isScalar())
                found.push_back(image);
    }
}

} // namespace

core::Result<void> setImages(BuildContext& context, ResourceMap& resources,
                             const std::vector<Image>& images, const std::vector<FieldSpec>& specs)
{
    if (images.empty())
        return {};
    std::vector<YamlNode*> anywhere;
    std::vector<YamlNode*> inPods;
    const FieldSetter collect = [&](YamlNode& node) -> core::Result<void> {
        if (!node.isScalar())
            return context.invalid("an image must be a scalar", &node);
        inPods.push_back(&node);
        return {};
    };
    for (const ResourcePtr& resource : resources.all()) {
        if (resource->id().gvk.kind == "CustomResourceDefinition")
            continue;
        collectAnywhere(*resource->node(), anywhere);
        for (const FieldSpec& spec : specs)
            if (auto done = applyFieldSpec(context.yaml, spec, *resource, {}, collect); !done)
                return done;
    }
    for (const Image& image : images) {
        // The name goes into the pattern as it is: Kustomize does so, and people use it.
        re2::RE2::Options options;
        options.set_log_errors(false);
        const re2::RE2 pattern(image.name + "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?",
                               options);
        if (!pattern.ok())
            return context.invalid("the image name '" + image.name + "' is no pattern", image.from);
        for (const std::vector<YamlNode*>* nodes : {&anywhere, &inPods})
            for (YamlNode* node : *nodes) {
                const std::string current(node->text);
                if (re2::RE2::FullMatch(current, pattern))
                    setScalarText(context.yaml, *node, replaced(current, image), image.from);
            }
    }
    return {};
}

} // namespace gitops::kustomize
