// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/yamloutline.h"

#include "core/base/strings.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace widgets {

namespace {

constexpr std::size_t kMaxDepth = 100;

std::size_t indentOf(std::string_view line)
{
    const std::size_t at = line.find_first_not_of(' ');
    return at == std::string_view::npos ? line.size() : at;
}

/// Where the colon of "key: value" stands; npos when the text is no mapping entry.
std::size_t colonOf(std::string_view text)
{
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote) {
            if (c == '\\' && quote == '"')
                ++i;
            else if (c == quote)
                quote = 0;
            continue;
        }
        if (i == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == '#' && i > 0 && text[i - 1] == ' ')
            return std::string_view::npos;
        else if (i == 0 && (c == '{' || c == '[' || c == '|' || c == '>'))
            return std::string_view::npos;
        else if (c == ':' && (i + 1 == text.size() || text[i + 1] == ' '))
            return i;
    }
    return std::string_view::npos;
}

bool isItem(std::string_view content)
{
    return content == "-" || content.starts_with("- ");
}

/// Reads lines from m_at on. Levels are the columns where entries begin.
class Reader
{
public:
    explicit Reader(std::string_view text)
        : m_lines(core::split(text, '\n'))
    {
        while (!m_lines.empty() && core::trimmed(m_lines.back()).empty())
            m_lines.pop_back();
    }

    std::vector<YamlNode> document()
    {
        std::vector<YamlNode> nodes;
        while (m_at < m_lines.size()) {
            const std::size_t before = m_at;
            for (YamlNode& node : entries(indentOf(line()), 0))
                nodes.push_back(std::move(node));
            if (m_at == before) // a line that opens nothing: kept as it is
                nodes.push_back({YamlNode::Type::Member, {}, std::string(m_lines[m_at++]), {}, {}});
        }
        return nodes;
    }

private:
    std::string_view line() const { return m_rest ? *m_rest : m_lines[m_at]; }

    /// Goes to the next line; the rest of an item's line counts as a line before that.
    void advance()
    {
        m_rest.reset();
        ++m_at;
    }

    bool atEntry(std::size_t column) const
    {
        return m_at < m_lines.size() && indentOf(line()) == column
            && !core::trimmed(line()).empty();
    }

    std::vector<YamlNode> entries(std::size_t column, std::size_t depth)
    {
        std::vector<YamlNode> nodes;
        while (atEntry(column)) {
            const std::string_view content = line().substr(column);
            if (isItem(content))
                nodes.push_back(item(column, depth));
            else if (colonOf(content) != std::string_view::npos)
                nodes.push_back(member(column, depth));
            else
                break;
        }
        return nodes;
    }

    YamlNode member(std::size_t column, std::size_t depth)
    {
        const std::string_view content = line().substr(column);
        const std::size_t colon = colonOf(content);
        YamlNode node;
        node.key = std::string(content.substr(0, colon));
        node.value = std::string(core::trimmed(content.substr(colon + 1)));
        advance();
        below(node, column, depth);
        return node;
    }

    YamlNode item(std::size_t column, std::size_t depth)
    {
        const std::string_view whole = line();
        const std::string_view content = whole.substr(column);
        YamlNode node;
        node.type = YamlNode::Type::Item;
        std::size_t inner = content.find_first_not_of(' ', 1);
        if (inner == std::string_view::npos) {
            advance();
            below(node, column, depth);
            return node;
        }
        const std::string_view rest = content.substr(inner);
        inner += column;
        if (depth < kMaxDepth && (isItem(rest) || colonOf(rest) != std::string_view::npos)) {
            // The item's first entry shares its line: blank the dash out and read on.
            m_rest = m_blanked.emplace_back(std::string(inner, ' ') + std::string(rest));
            node.children = entries(inner, depth + 1);
            return node;
        }
        node.value = std::string(rest);
        advance();
        more(node, column);
        return node;
    }

    /// What stands deeper than an entry: its children, or further lines of its text.
    void below(YamlNode& node, std::size_t column, std::size_t depth)
    {
        const bool text = !node.value.empty() && node.value.front() != '#';
        if (m_at < m_lines.size() && !text && depth < kMaxDepth) {
            const std::size_t next = indentOf(line());
            const bool itemsHere = next == column && node.type == YamlNode::Type::Member
                && isItem(line().substr(next));
            if (itemsHere || next > column)
                node.children = itemsHere ? items(column, depth + 1) : entries(next, depth + 1);
        }
        more(node, column);
    }

    std::vector<YamlNode> items(std::size_t column, std::size_t depth)
    {
        std::vector<YamlNode> nodes;
        while (atEntry(column) && isItem(line().substr(column)))
            nodes.push_back(item(column, depth));
        return nodes;
    }

    void more(YamlNode& node, std::size_t column)
    {
        std::size_t cut = std::string_view::npos;
        for (; m_at < m_lines.size(); advance()) {
            const std::string_view text = line();
            const bool blank = core::trimmed(text).empty();
            if (!blank && indentOf(text) <= column)
                break;
            if (!blank && cut == std::string_view::npos)
                cut = indentOf(text);
            const std::size_t from =
                blank ? text.size() : std::min(indentOf(text), std::max(cut, column + 1));
            node.more.emplace_back(text.substr(from));
        }
    }

    std::vector<std::string_view> m_lines;
    std::size_t m_at = 0;
    std::optional<std::string_view> m_rest; ///< what is left of the line at m_at
    std::deque<std::string> m_blanked; ///< what m_rest looked at; stays put while it grows
};

} // namespace

const YamlNode* YamlNode::child(std::string_view wanted) const
{
    const auto found = std::find_if(children.begin(), children.end(), [&](const YamlNode& node) {
        return node.type == Type::Member && bareKey(node.key) == wanted;
    });
    return found == children.end() ? nullptr : &*found;
}

std::vector<YamlNode> outlineYaml(std::string_view text)
{
    return Reader(text).document();
}

std::string bareKey(std::string_view key)
{
    if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front())
        key = key.substr(1, key.size() - 2);
    return std::string(key);
}

} // namespace widgets
