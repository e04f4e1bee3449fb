// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/foldedtext.h"

#include <algorithm>

namespace gitops::kustomize {

namespace {

bool beginsWithBlank(std::string_view line)
{
    return line.starts_with(' ') || line.starts_with('\t');
}

/// Text that is written in double quotes instead, which changes nothing: with blanks at the end of
/// lines, or with characters that need an escape.
bool cannotBeFolded(std::string_view text)
{
    if (text.ends_with(' ') || text.find(" \n") != std::string_view::npos)
        return true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F || c >= 0xF0
            || (c == 0xC2 && next < 0xA0) || text.substr(i).starts_with("\xEF\xBB\xBF"))
            return true;
    }
    return false;
}

} // namespace

std::string refoldedText(std::string_view text)
{
    const std::size_t first = text.find_first_not_of('\n');
    if (first == std::string_view::npos || cannotBeFolded(text))
        return std::string(text);
    // The emitter looks at the beginning of the text where it means the next line.
    const bool addsBreaks = !beginsWithBlank(text.substr(first));
    std::string out(first, '\n');
    std::string_view rest = text.substr(first);
    for (;;) {
        const std::size_t lineEnd = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, lineEnd);
        out += line;
        rest.remove_prefix(lineEnd);
        if (rest.empty())
            return out;
        const std::size_t breaks = std::min(rest.find_first_not_of('\n'), rest.size());
        rest.remove_prefix(breaks);
        const bool isIndented = beginsWithBlank(line);
        const std::size_t written = breaks + (!isIndented && addsBreaks ? 1 : 0);
        if (rest.empty()) // one break at the end is one however often it is written
            return out.append(breaks == 1 ? 1 : written, '\n');
        if (isIndented || beginsWithBlank(rest))
            out.append(written, '\n');
        else if (written == 1)
            out += ' ';
        else
            out.append(written - 1, '\n');
    }
}

void refold(core::YamlTree& tree, core::YamlNode& node)
{
    for (std::uint32_t i = 0; i < node.count; ++i)
        refold(tree, *node.children[i]);
    if (!node.isString() || node.style != core::YamlNode::Style::Folded)
        return;
    node.style = core::YamlNode::Style::Literal;
    if (node.text.find('\n') == std::string_view::npos)
        return;
    const std::string changed = refoldedText(node.text);
    if (changed != node.text)
        node.text = tree.store(changed);
}

} // namespace gitops::kustomize
