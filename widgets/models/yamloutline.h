// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace widgets {

/// One entry of a block-style YAML document as our own writer prints it: a member of a mapping or
/// an item of a list, with the scalar behind it and the entries below it.
struct YamlNode
{
    enum class Type
    {
        Member,
        Item
    } type = Type::Member;
    std::string key; ///< of a Member, as written
    std::string value; ///< scalar as written; "" where entries follow
    std::vector<std::string>
        more; ///< further lines of the scalar (block and folded texts), unindented
    std::vector<YamlNode> children;

    const YamlNode* child(std::string_view key) const;
    bool operator==(const YamlNode&) const = default;
};

/// The entries of a document. This serves the diff view, not reconciling: a line it cannot place is
/// kept as text of the entry above, never dropped, and nesting deeper than 100 stays text.
std::vector<YamlNode> outlineYaml(std::string_view text);

/// A key without its quotes.
std::string bareKey(std::string_view key);

} // namespace widgets
