// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagelayers.h"

#include "core/base/strings.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace core {

namespace {

bool fits(const LineageLayerRule& rule, const LineageNode& node)
{
    const auto any = [](const std::vector<std::string>& patterns, std::string_view text) {
        return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
                   return globMatches(pattern, text);
               });
    };
    if (!any(rule.types, toString(node.type)) || !any(rule.systems, node.system)
        || !any(rule.kinds, node.object ? std::string_view(node.object->kind) : ""))
        return false;
    if (rule.words.empty())
        return true;
    std::string word;
    const std::string text = toLower(node.label + "/" + node.name) + "/";
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c))) {
            word += c;
            continue;
        }
        if (std::ranges::find(rule.words, word) != rule.words.end())
            return true;
        word.clear();
    }
    return false;
}

} // namespace

void assignLayers(std::vector<LineageNode>& nodes, const LineageRules& rules)
{
    std::set<std::string> present;
    for (const LineageNode& node : nodes)
        if (!node.layer.empty())
            present.insert(node.layer);
    for (const LineageLayerRule& rule : rules.layers)
        if (!rule.words.empty() && rule.needs.empty())
            for (LineageNode& node : nodes)
                if (node.layer.empty() && node.type != LineageNodeType::Unresolved
                    && fits(rule, node)) {
                    node.layer = rule.layer;
                    present.insert(rule.layer);
                }
    for (const LineageLayerRule& rule : rules.layers) {
        const bool has = std::ranges::all_of(
            rule.needs, [&](const std::string& layer) { return present.contains(layer); });
        if (!has || (!rule.words.empty() && rule.needs.empty()))
            continue;
        for (LineageNode& node : nodes)
            if (node.layer.empty() && node.type != LineageNodeType::Unresolved && fits(rule, node))
                node.layer = rule.layer;
    }
}

} // namespace core
