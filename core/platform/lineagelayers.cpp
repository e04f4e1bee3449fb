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

std::string LineageLayers::byWords(const LineageNode& node) const
{
    if (!node.layer.empty() || node.type == LineageNodeType::Unresolved)
        return node.layer;
    for (const LineageLayerRule& rule : m_rules.layers)
        if (!rule.words.empty() && rule.needs.empty() && fits(rule, node))
            return rule.layer;
    return {};
}

std::string LineageLayers::byNeeds(const LineageNode& node) const
{
    if (node.type == LineageNodeType::Unresolved)
        return {};
    for (std::size_t i = 0; i < m_rules.layers.size(); ++i)
        if (m_fulfilled[i] && fits(m_rules.layers[i], node))
            return m_rules.layers[i].layer;
    return {};
}

std::vector<bool> LineageLayers::fulfilled() const
{
    std::vector<bool> out;
    for (const LineageLayerRule& rule : m_rules.layers) {
        const bool isByWords = !rule.words.empty() && rule.needs.empty();
        out.push_back(!isByWords && std::ranges::all_of(rule.needs, [&](const std::string& layer) {
            return m_present.contains(layer);
        }));
    }
    return out;
}

void LineageLayers::count(const std::string& layer, int by)
{
    if (layer.empty())
        return;
    std::size_t& number = m_present[layer];
    number = by > 0 ? number + 1 : number - 1;
    if (number == 0)
        m_present.erase(layer);
}

std::vector<LineageSlot> LineageLayers::settle(LineageNodes& nodes,
                                               std::vector<LineageSlot> touched)
{
    m_known.resize(nodes.size());
    std::vector<bool> isOther(nodes.size());
    for (const LineageSlot slot : touched) {
        LineageNodes::Node& node = nodes.at(slot);
        if (m_known[slot] == node.plain)
            continue;
        isOther[slot] = true;
        if (m_known[slot])
            count(node.wordLayer, -1);
        m_known[slot] = node.plain;
        node.wordLayer = node.plain ? byWords(*node.plain) : "";
        if (node.plain)
            count(node.wordLayer, 1);
    }
    if (std::vector<bool> now = fulfilled(); now != m_fulfilled) {
        m_fulfilled = std::move(now);
        touched.clear();
        for (LineageSlot slot = 0; slot < nodes.size(); ++slot) {
            touched.push_back(slot);
            isOther[slot] = true;
        }
    }
    for (const LineageSlot slot : touched) {
        LineageNodes::Node& node = nodes.at(slot);
        if (!isOther[slot])
            continue;
        if (!node.plain) {
            node.shown = nullptr;
            continue;
        }
        LineageNode next = *node.plain;
        next.layer = node.wordLayer.empty() ? byNeeds(next) : node.wordLayer;
        if (!node.shown || *node.shown != next)
            node.shown = std::make_shared<const LineageNode>(std::move(next));
    }
    return touched;
}

} // namespace core
