// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/buildcontext.h"

#include <deque>

namespace gitops::kustomize {

namespace {

using core::YamlNode;

core::Result<void> check(const BuildContext& context, const YamlNode& node)
{
    if (!node.isMapping())
        return context.invalid("a manifest must be a mapping", &node);
    const std::string_view kind = node.textAt("kind");
    if (kind.empty())
        return context.invalid("the object has no kind", &node);
    const YamlNode* meta = node.find("metadata");
    if (meta && !meta->isNull() && !meta->isMapping())
        return context.invalid("metadata must be a mapping", meta);
    if (!kind.ends_with("List") && (!meta || meta->textAt("name").empty()))
        return context.invalid("the " + std::string(kind) + " has no metadata.name", &node);
    return {};
}

} // namespace

core::Result<std::vector<ResourcePtr>> makeResources(BuildContext& context,
                                                     std::vector<YamlNode*> documents)
{
    std::deque<YamlNode*> waiting;
    const auto take = [&](YamlNode* node) -> core::Result<void> {
        if (node->isNull() || (!node->isScalar() && node->count == 0))
            return {};
        auto good = check(context, *node);
        if (good)
            waiting.push_back(node);
        return good;
    };
    for (YamlNode* document : documents)
        if (auto taken = take(document); !taken)
            return std::unexpected(std::move(taken.error()));
    std::vector<ResourcePtr> result;
    while (!waiting.empty()) {
        YamlNode* node = waiting.front();
        waiting.pop_front();
        const YamlNode* items =
            node->textAt("kind").ends_with("List") ? node->find("items") : nullptr;
        if (!items) {
            if (++context.objectCount > context.limits.objects)
                return core::failure(core::ErrorCode::LimitExceeded,
                                     "the render makes more than "
                                         + std::to_string(context.limits.objects) + " objects",
                                     context.placeOf(node), core::Fault::Repository);
            result.push_back(std::make_shared<Resource>(node));
            continue;
        }
        if (items->isNull())
            continue;
        if (!items->isSequence())
            return context.invalid("the items of a list must be a list", items);
        // The items come after all other documents of the file.
        for (std::uint32_t i = 0; i < items->count; ++i)
            if (auto taken = take(items->item(i)); !taken)
                return std::unexpected(std::move(taken.error()));
    }
    return result;
}

core::Result<std::vector<ResourcePtr>> readResources(BuildContext& context, std::string_view text,
                                                     const std::string& file, int firstLine)
{
    auto documents =
        core::readYaml(context.yaml, text, file,
                       {.firstLine = firstLine, .limits = {.bytes = context.limits.fileBytes}});
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    return makeResources(context, std::move(*documents));
}

} // namespace gitops::kustomize
