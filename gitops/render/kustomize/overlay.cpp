// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/overlay.h"

#include <algorithm>

namespace gitops::kustomize {

namespace {

/// "name=newName:tag@digest", where each part after the name may be missing; or "name:tag".
Image imageOf(const std::string& text)
{
    Image image;
    std::string rest = text;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) {
        image.name = text.substr(0, equals);
        rest = text.substr(equals + 1);
    }
    if (const std::size_t at = rest.find('@'); at != std::string::npos) {
        image.digest = rest.substr(at + 1);
        rest.resize(at);
    }
    // A colon before the last slash belongs to a port.
    const std::size_t slash = rest.rfind('/');
    const std::size_t colon = rest.find(':', slash == std::string::npos ? 0 : slash);
    if (colon != std::string::npos) {
        image.newTag = rest.substr(colon + 1);
        rest.resize(colon);
    }
    (equals == std::string::npos ? image.name : image.newName) = rest;
    return image;
}

void setImage(std::vector<Image>& images, Image image)
{
    const auto known = std::find_if(images.begin(), images.end(),
                                    [&](const Image& other) { return other.name == image.name; });
    if (known == images.end()) {
        images.push_back(std::move(image));
        return;
    }
    // A name alone keeps what the file says of the tag.
    if (image.newName.empty())
        image.newName = known->newName;
    if (image.newTag.empty() && image.digest.empty()) {
        image.newTag = known->newTag;
        image.digest = known->digest;
    }
    *known = std::move(image);
}

void setPairsOf(Pairs& pairs, const std::map<std::string, std::string>& more)
{
    for (const auto& [key, value] : more) {
        const auto known = std::find_if(pairs.begin(), pairs.end(),
                                        [&](const auto& pair) { return pair.first == key; });
        if (known == pairs.end())
            pairs.emplace_back(key, Text {value});
        else
            known->second = Text {value};
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
}

} // namespace

core::Result<void> layOver(BuildContext& context, Kustomization& kustomization,
                           const core::KustomizeOptions& options)
{
    if (!options.namePrefix.empty())
        kustomization.namePrefix = {options.namePrefix};
    if (!options.nameSuffix.empty())
        kustomization.nameSuffix = {options.nameSuffix};
    if (!options.namespaceName.empty())
        kustomization.namespaceName = {options.namespaceName};
    for (const std::string& image : options.images)
        setImage(kustomization.images, imageOf(image));
    for (const auto& [name, count] : options.replicas) {
        std::erase_if(kustomization.replicas,
                      [&](const Replica& replica) { return replica.name == name; });
        kustomization.replicas.push_back({.name = name, .count = count});
    }
    setPairsOf(kustomization.commonLabels, options.commonLabels);
    setPairsOf(kustomization.commonAnnotations, options.commonAnnotations);
    for (const std::string& component : options.components)
        kustomization.components.push_back({component});
    for (const std::string& text : options.patches) {
        auto patch = readPatchEntry(context.yaml, text);
        if (!patch)
            return std::unexpected(std::move(patch.error()).within("a patch of the application"));
        kustomization.patches.push_back(std::move(*patch));
    }
    return {};
}

} // namespace gitops::kustomize
