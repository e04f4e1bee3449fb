// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/jqpath.h"

#include "core/value/jsonpointer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace gitops {

using core::Json;

namespace {

constexpr std::size_t kMaximumLength = 4096;

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

/// Recursive descent over the expression; every function leaves m_position behind what it took.
class JqPath::Parser
{
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<std::vector<Step>> parse()
    {
        do {
            skipBlanks();
            if (!(m_text.substr(m_position).starts_with("select") ? takeSelect() : takePath()))
                return {};
            skipBlanks();
        } while (take('|'));
        return m_position == m_text.size() ? std::optional(std::move(m_steps)) : std::nullopt;
    }

private:
    void skipBlanks()
    {
        while (m_position < m_text.size()
               && (m_text[m_position] == ' ' || m_text[m_position] == '\n'))
            ++m_position;
    }
    bool take(char c)
    {
        if (m_position >= m_text.size() || m_text[m_position] != c)
            return false;
        ++m_position;
        return true;
    }
    std::optional<std::string> takeName()
    {
        const std::size_t begin = m_position;
        if (m_position < m_text.size() && isNameStart(m_text[m_position]))
            while (m_position < m_text.size()
                   && (isNameStart(m_text[m_position]) || isDigit(m_text[m_position])))
                ++m_position;
        if (m_position == begin)
            return {};
        return std::string(m_text.substr(begin, m_position - begin));
    }
    /// A JSON string, from its first quote on.
    std::optional<std::string> takeString()
    {
        const std::size_t begin = m_position;
        if (!take('"'))
            return {};
        while (m_position < m_text.size() && m_text[m_position] != '"')
            m_position += m_text[m_position] == '\\' ? 2 : 1;
        if (!take('"'))
            return {};
        const auto value = core::parseJson(m_text.substr(begin, m_position - begin));
        return value && value->is_string() ? std::optional<std::string>(value->get_string())
                                           : std::nullopt;
    }
    /// ".a", ".\"a b\"", ".[]", "[0]", "[\"a\"]", each with "?" behind it, in a row.
    bool takePath()
    {
        if (m_position >= m_text.size() || m_text[m_position] != '.')
            return false;
        bool any = false;
        while (m_position < m_text.size()
               && (m_text[m_position] == '.' || m_text[m_position] == '[')) {
            const bool dotted = take('.');
            if (take('[')) {
                if (!takeBracket())
                    return false;
            } else if (auto name = takeName(); name) {
                m_steps.push_back(Field {std::move(*name)});
            } else if (auto quoted = takeString(); quoted) {
                m_steps.push_back(Field {std::move(*quoted)});
            } else {
                return dotted && !any && m_position == m_text.size(); // "." alone
            }
            any = true;
            take('?');
        }
        return true;
    }
    bool takeBracket()
    {
        skipBlanks();
        if (take(']')) {
            m_steps.push_back(Each {});
            return true;
        }
        if (auto name = takeString()) {
            m_steps.push_back(Field {std::move(*name)});
        } else {
            At at;
            const char* const begin = m_text.data() + m_position;
            const auto [end, error] =
                std::from_chars(begin, m_text.data() + m_text.size(), at.index);
            if (error != std::errc())
                return false;
            m_position += std::size_t(end - begin);
            m_steps.push_back(at);
        }
        skipBlanks();
        return take(']');
    }
    /// select(.a.b == "x" and .c != 1 or .d == true), and a path right behind it.
    bool takeSelect()
    {
        m_position += std::string_view("select").size();
        skipBlanks();
        if (!take('('))
            return false;
        Select select {.anyOf = {{}}};
        while (true) {
            auto condition = takeCondition();
            if (!condition)
                return false;
            select.anyOf.back().push_back(std::move(*condition));
            skipBlanks();
            if (takeWord("or"))
                select.anyOf.emplace_back();
            else if (!takeWord("and"))
                break;
        }
        m_steps.push_back(std::move(select));
        if (!take(')'))
            return false;
        const bool hasPath =
            m_position < m_text.size() && (m_text[m_position] == '.' || m_text[m_position] == '[');
        return !hasPath || takePath();
    }
    bool takeWord(std::string_view word)
    {
        const std::string_view rest = m_text.substr(m_position);
        if (!rest.starts_with(word) || rest.size() == word.size() || rest[word.size()] != ' ')
            return false;
        m_position += word.size();
        return true;
    }
    /// Fields only on the left, a scalar on the right.
    std::optional<Condition> takeCondition()
    {
        skipBlanks();
        Parser left(m_text.substr(m_position));
        if (!left.takePath())
            return {};
        m_position += left.m_position;
        Condition condition;
        for (Step& step : left.m_steps) {
            auto* field = std::get_if<Field>(&step);
            if (!field)
                return {};
            condition.path.push_back(std::move(field->name));
        }
        skipBlanks();
        condition.isEqual = !take('!');
        if (!take('=') || (condition.isEqual && !take('=')))
            return {};
        skipBlanks();
        auto value = takeScalar();
        if (!value)
            return {};
        condition.value = std::move(*value);
        return condition;
    }
    std::optional<Json> takeScalar()
    {
        if (m_position < m_text.size() && m_text[m_position] == '"') {
            auto text = takeString();
            return text ? std::optional<Json>(std::move(*text)) : std::nullopt;
        }
        const std::size_t end = std::min(m_text.find_first_of(" )", m_position), m_text.size());
        auto value = core::parseJson(m_text.substr(m_position, end - m_position));
        if (!value || value->is_structured())
            return {};
        m_position = end;
        return std::move(*value);
    }

    std::string_view m_text;
    std::size_t m_position = 0;
    std::vector<Step> m_steps;
};

namespace {

using PathElements = std::span<const Json>;

void follow(PathElements rest, const Json& at, const std::string& pointer, std::size_t limit,
            std::vector<std::string>& found);

/// A place in a list as jq counts: from the end when it is below 0.
std::size_t placeIn(const core::JsonArray& list, double place)
{
    const double size = double(list.size());
    return std::size_t(std::clamp(place < 0 ? size + place : place, 0.0, size));
}

void followNumber(PathElements rest, const core::JsonArray& list, double place,
                  const std::string& pointer, std::size_t limit, std::vector<std::string>& found)
{
    if (place < -double(list.size()) || place >= double(list.size()))
        return; // it is not there
    const std::size_t index = placeIn(list, place);
    follow(rest, list[index], pointer + "/" + std::to_string(index), limit, found);
}

void followSlice(PathElements rest, const core::JsonArray& list, const Json& slice,
                 const std::string& pointer, std::size_t limit, std::vector<std::string>& found)
{
    const Json* start = core::find(slice, "start");
    const Json* end = core::find(slice, "end");
    std::size_t index = start && start->is_number() ? placeIn(list, start->to_number<double>()) : 0;
    const std::size_t last =
        end && end->is_number() ? placeIn(list, end->to_number<double>()) : list.size();
    for (; index < last; ++index)
        follow(rest, list[index], pointer + "/" + std::to_string(index), limit, found);
}

void follow(PathElements rest, const Json& at, const std::string& pointer, std::size_t limit,
            std::vector<std::string>& found)
{
    if (found.size() >= limit)
        return;
    if (rest.empty()) {
        found.push_back(pointer);
        return;
    }
    const Json& element = rest.front();
    rest = rest.subspan(1);
    if (element.is_string()) {
        if (const Json* next = core::find(at, element.get_string()))
            follow(rest, *next, pointer + "/" + core::escapedPointerToken(element.get_string()),
                   limit, found);
    } else if (at.is_array() && element.is_number()) {
        followNumber(rest, at.get_array(), element.to_number<double>(), pointer, limit, found);
    } else if (at.is_array() && element.is_object()) {
        followSlice(rest, at.get_array(), element, pointer, limit, found);
    }
}

} // namespace

std::vector<std::string> pointersOfPaths(const Json& paths, const Json& object, std::size_t limit)
{
    std::vector<std::string> found;
    if (paths.is_array())
        for (const Json& path : paths.get_array())
            if (path.is_array())
                follow({path.get_array().data(), path.get_array().size()}, object, "", limit,
                       found);
    return found;
}

core::Result<JqPath> JqPath::parse(std::string_view expression)
{
    if (expression.size() <= kMaximumLength)
        if (auto steps = Parser(expression).parse()) {
            JqPath path;
            path.m_steps = std::move(*steps);
            return path;
        }
    return core::failure(core::ErrorCode::Unsupported,
                         "ignoreDifferences has a jqPathExpression that is more than a path: "
                             + std::string(expression.substr(0, 200)),
                         {}, core::Fault::Repository);
}

std::vector<std::string> JqPath::select(const Json& object, std::size_t limit) const
{
    std::vector<std::string> found;
    std::string pointer;
    walk(object, 0, pointer, limit, found);
    return found;
}

bool JqPath::holds(const Condition& condition, const Json& value)
{
    const Json* member = &value;
    for (const std::string& name : condition.path)
        member = member ? core::find(*member, name) : nullptr;
    return core::isEqual(member ? *member : Json(), condition.value) == condition.isEqual;
}

void JqPath::walk(const Json& value, std::size_t step, std::string& pointer, std::size_t limit,
                  std::vector<std::string>& found) const
{
    if (found.size() >= limit)
        return;
    if (step == m_steps.size()) {
        found.push_back(pointer);
        return;
    }
    const std::size_t length = pointer.size();
    const auto descend = [&](const Json& next, std::string_view token) {
        pointer += '/';
        pointer += core::escapedPointerToken(token);
        walk(next, step + 1, pointer, limit, found);
        pointer.resize(length);
    };
    if (const auto* field = std::get_if<Field>(&m_steps[step])) {
        if (const Json* next = core::find(value, field->name))
            descend(*next, field->name);
    } else if (const auto* at = std::get_if<At>(&m_steps[step])) {
        if (value.is_array() && at->index < value.get_array().size())
            descend(value.get_array()[at->index], std::to_string(at->index));
    } else if (const auto* select = std::get_if<Select>(&m_steps[step])) {
        if (std::ranges::any_of(select->anyOf, [&](const std::vector<Condition>& all) {
                return std::ranges::all_of(
                    all, [&](const Condition& condition) { return holds(condition, value); });
            }))
            walk(value, step + 1, pointer, limit, found);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.get_array().size(); ++i)
            descend(value.get_array()[i], std::to_string(i));
    } else if (value.is_object()) {
        for (const auto& [name, next] : value.get_object())
            descend(next, name);
    }
}

} // namespace gitops
