// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/fieldpath.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace gitops::kustomize {

namespace {

using core::YamlNode;
using Nodes = std::vector<YamlNode*>;

bool isElement(std::string_view part)
{
    return part.starts_with('[') && part.ends_with(']');
}

bool isIndex(std::string_view part)
{
    return !part.empty()
        && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "[name=x]" -> name, x; the name is "" for "[=x]".
std::pair<std::string_view, std::string_view> elementParts(std::string_view part)
{
    part = part.substr(1, part.size() - 2);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos)
        return {part, {}};
    return {part.substr(0, equals), part.substr(equals + 1)};
}

std::size_t indexOf(std::string_view part)
{
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
    return error == std::errc() ? index : YamlNode::npos;
}

class Matcher
{
public:
    Matcher(core::YamlTree& tree, const std::vector<std::string>& path,
            std::optional<YamlNode::Type> create)
        : m_tree(tree)
        , m_path(path)
        , m_create(create)
    {
    }

    core::Result<Nodes> find(YamlNode& object)
    {
        constexpr std::size_t kLongestPath = 100;
        if (m_path.size() > kLongestPath)
            return invalid("the field path is too long", object);
        if (auto done = visit(object, 0); !done)
            return std::unexpected(std::move(done.error()));
        return std::move(m_found);
    }

private:
    std::unexpected<core::Error> invalid(std::string message, const YamlNode& at) const
    {
        return core::failure(core::ErrorCode::Invalid, std::move(message),
                             {.file = m_tree.fileName(at.file), .line = at.line},
                             core::Fault::Repository);
    }

    core::Result<void> visit(YamlNode& node, std::size_t depth)
    {
        if (depth == m_path.size()) {
            m_found.push_back(&node);
            return {};
        }
        const std::string& part = m_path[depth];
        if (isIndex(part))
            return visitIndex(node, depth);
        if (isElement(part))
            return visitElements(node, depth);
        if (part == "*") {
            if (!node.isSequence())
                return invalid("the '*' of the field path wants a list", node);
            for (std::uint32_t i = 0; i < node.count; ++i)
                if (auto done = visit(*node.item(i), depth + 1); !done)
                    return done;
            return {};
        }
        return visitField(node, depth);
    }

    /// What a missing part is made as depends on what follows it.
    YamlNode* make(std::size_t depth)
    {
        YamlNode::Type type = YamlNode::Type::Mapping;
        if (depth + 1 == m_path.size())
            type = *m_create;
        else if (isElement(m_path[depth + 1]) || isIndex(m_path[depth + 1]))
            type = YamlNode::Type::Sequence;
        if (type == YamlNode::Type::Mapping)
            return m_tree.newMapping();
        if (type == YamlNode::Type::Sequence)
            return m_tree.newSequence();
        // Untyped until it has a text.
        return m_tree.newScalar("", core::YamlTag::Merge);
    }

    core::Result<void> visitField(YamlNode& node, std::size_t depth)
    {
        if (!node.isMapping())
            return invalid("the field path wants a mapping before '" + m_path[depth] + "'", node);
        YamlNode* field = node.find(m_path[depth]);
        if (!field) {
            if (!m_create)
                return {};
            field = make(depth);
            m_tree.set(node, m_path[depth], field);
        }
        return visit(*field, depth + 1);
    }

    core::Result<void> visitIndex(YamlNode& node, std::size_t depth)
    {
        // A mapping may have a key of digits.
        if (node.isMapping())
            return visitField(node, depth);
        const std::size_t index = indexOf(m_path[depth]);
        if (node.isSequence() && index == node.count && m_create)
            m_tree.append(node, make(depth));
        if (!node.isSequence() || index >= node.count)
            return invalid("the field path's index " + m_path[depth] + " is out of bounds", node);
        return visit(*node.item(index), depth + 1);
    }

    core::Result<void> visitElements(YamlNode& node, std::size_t depth)
    {
        if (!node.isSequence())
            return invalid("the field path wants a list at '" + m_path[depth] + "'", node);
        const auto [field, pattern] = elementParts(m_path[depth]);
        re2::RE2::Options options;
        options.set_log_errors(false);
        const re2::RE2 regex({pattern.data(), pattern.size()}, options);
        if (!regex.ok())
            return invalid("'" + std::string(pattern) + "' is no regular expression", node);
        const std::size_t before = m_found.size();
        for (std::uint32_t i = 0; i < node.count; ++i) {
            YamlNode& item = *node.item(i);
            const YamlNode* value = field.empty() ? &item : item.find(field);
            if (!value || !value->isScalar()
                || !re2::RE2::PartialMatch({value->text.data(), value->text.size()}, regex))
                continue;
            if (field.empty())
                m_found.push_back(&item);
            else if (auto done = visit(item, depth + 1); !done)
                return done;
        }
        if (m_found.size() > before || !m_create)
            return {};
        YamlNode* made = m_tree.newScalar(pattern);
        if (!field.empty()) {
            YamlNode* mapping = m_tree.newMapping();
            m_tree.set(*mapping, field, made);
            made = mapping;
        }
        m_tree.append(node, made);
        if (field.empty()) {
            m_found.push_back(made);
            return {};
        }
        return visit(*made, depth + 1);
    }

    core::YamlTree& m_tree;
    const std::vector<std::string>& m_path;
    std::optional<YamlNode::Type> m_create;
    Nodes m_found;
};

} // namespace

std::vector<std::string> splitFieldPath(std::string_view path)
{
    std::vector<std::string> plain {""};
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '.')
            plain.back() += path[i];
        else if (plain.back().ends_with('\\'))
            plain.back().back() = '.';
        else
            plain.emplace_back();
    }
    if (plain.size() > 1 && plain.front().empty())
        plain.erase(plain.begin());
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        std::string part = plain[i];
        if (part.starts_with('[') && !part.ends_with(']')) {
            while (i + 1 < plain.size() && !part.ends_with(']'))
                part += '.' + plain[++i];
            if (part.find('=') == std::string::npos) {
                part.erase(0, part.find_first_not_of("[]"));
                part.erase(part.find_last_not_of("[]") + 1);
            }
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

core::Result<Nodes> findFields(core::YamlTree& tree, YamlNode& object,
                               const std::vector<std::string>& path,
                               std::optional<YamlNode::Type> create)
{
    return Matcher(tree, path, create).find(object);
}

YamlNode* findField(YamlNode& object, const std::vector<std::string>& path)
{
    YamlNode* node = &object;
    for (const std::string& part : path) {
        YamlNode* next = nullptr;
        if (node->isMapping()) {
            next = node->find(part);
        } else if (node->isSequence() && isIndex(part)) {
            const std::size_t index = indexOf(part);
            next = index < node->count ? node->item(index) : nullptr;
        } else if (node->isSequence() && part == "-") {
            next = node->count > 0 ? node->item(node->count - 1) : nullptr;
        } else if (node->isSequence() && isElement(part)) {
            const auto [field, text] = elementParts(part);
            for (std::uint32_t i = 0; !next && i < node->count; ++i) {
                const YamlNode* value = field.empty() ? node->item(i) : node->item(i)->find(field);
                if (value && value->isScalar() && value->text == text)
                    next = node->item(i);
            }
        }
        if (!next)
            return nullptr;
        node = next;
    }
    return node;
}

} // namespace gitops::kustomize
