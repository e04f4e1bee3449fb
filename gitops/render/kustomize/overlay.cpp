// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/overlay.h"

#include "core/base/strings.h"

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

std::unexpected<core::Error> invalid(std::string message)
{
    return core::failure(core::ErrorCode::Invalid, std::move(message), {}, core::Fault::User);
}

/// The application's entry takes the place of the file's; "*" keeps what the file says of a part.
core::Result<void> setImages(std::vector<Image>& images, const std::vector<std::string>& texts)
{
    for (const std::string& text : texts) {
        Image image = imageOf(text);
        if (image.name == text || image.name.empty())
            return invalid("the image '" + core::sanitised(text)
                           + "' of the application needs a new name, a tag or a digest");
        const auto known = std::find_if(images.begin(), images.end(), [&](const Image& other) {
            return other.name == image.name;
        });
        const auto keep = [&](std::string Image::* part) {
            if (image.*part == "*")
                image.*part = known == images.end() ? "" : (*known).*part;
        };
        keep(&Image::newName);
        keep(&Image::newTag);
        keep(&Image::digest);
        if (known == images.end())
            images.push_back(std::move(image));
        else
            *known = std::move(image);
    }
    std::stable_sort(images.begin(), images.end(),
                     [](const Image& a, const Image& b) { return a.name < b.name; });
    return {};
}

void setReplicas(std::vector<Replica>& replicas,
                 const std::vector<std::pair<std::string, int>>& counts)
{
    for (const auto& [name, count] : counts) {
        std::erase_if(replicas, [&](const Replica& replica) { return replica.name == name; });
        replicas.push_back({.name = name, .count = count});
    }
    std::stable_sort(replicas.begin(), replicas.end(),
                     [](const Replica& a, const Replica& b) { return a.name < b.name; });
}

core::Result<void> addPairs(Pairs& pairs, const std::map<std::string, std::string>& more,
                            bool force, std::string_view what)
{
    for (const auto& [key, value] : more) {
        const auto known = std::find_if(pairs.begin(), pairs.end(),
                                        [&](const auto& pair) { return pair.first == key; });
        if (known == pairs.end())
            pairs.emplace_back(key, Text {value});
        else if (force)
            known->second = Text {value};
        else
            return invalid("the kustomization has '" + core::sanitised(key)
                           + "' of the application's common" + std::string(what)
                           + " already; forceCommon" + std::string(what)
                           + ": true puts the application's in its place");
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return {};
}

core::Result<void> addLabels(Kustomization& kustomization, const core::KustomizeOptions& options)
{
    if (!options.labelWithoutSelector || options.commonLabels.empty())
        return addPairs(kustomization.commonLabels, options.commonLabels, options.forceCommonLabels,
                        "Labels");
    // As "kustomize edit add label --without-selector": the first entry of that kind takes them.
    std::vector<LabelRule>& rules = kustomization.labels;
    auto rule = std::find_if(rules.begin(), rules.end(), [&](const LabelRule& known) {
        return !known.includeSelectors && known.includeTemplates == options.labelIncludeTemplates;
    });
    if (rule == rules.end())
        rule = rules.insert(rule, {.includeTemplates = options.labelIncludeTemplates});
    return addPairs(rule->pairs, options.commonLabels, options.forceCommonLabels, "Labels");
}

void addComponents(const Folder& folder, Kustomization& kustomization,
                   const core::KustomizeOptions& options)
{
    std::vector<Text>& components = kustomization.components;
    for (const std::string& component : options.components) {
        if (std::any_of(components.begin(), components.end(),
                        [&](const Text& known) { return known.value == component; }))
            continue;
        const Text entry {component};
        if (const auto found = folder.find(entry); !found && options.ignoreMissingComponents
            && found.error().code == core::ErrorCode::NotFound && !folder.isElsewhere(entry))
            continue;
        components.push_back(entry);
    }
}

} // namespace

core::Result<void> layOver(const Folder& folder, Kustomization& kustomization,
                           const core::KustomizeOptions& options)
{
    if (!options.namePrefix.empty())
        kustomization.namePrefix = {options.namePrefix};
    if (!options.nameSuffix.empty())
        kustomization.nameSuffix = {options.nameSuffix};
    if (!options.namespaceName.empty())
        kustomization.namespaceName = {options.namespaceName};
    if (!options.images.empty())
        if (auto done = setImages(kustomization.images, options.images); !done)
            return done;
    if (!options.replicas.empty())
        setReplicas(kustomization.replicas, options.replicas);
    if (auto done = addLabels(kustomization, options); !done)
        return done;
    if (auto done = addPairs(kustomization.commonAnnotations, options.commonAnnotations,
                             options.forceCommonAnnotations, "Annotations");
        !done)
        return done;
    addComponents(folder, kustomization, options);
    for (const std::string& text : options.patches) {
        auto patch = readPatchEntry(folder.context().yaml, text);
        if (!patch)
            return std::unexpected(std::move(patch.error()).within("a patch of the application"));
        kustomization.patches.push_back(std::move(*patch));
    }
    return {};
}

} // namespace gitops::kustomize
