// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/jsonpath.h"

#include "core/base/strings.h"

#include <charconv>
#include <optional>

namespace gitops::practice {

namespace {

using Values = std::vector<const core::Json*>;

/// One step of a path and what is left of it.
struct Step
{
    enum class Kind
    {
        Member,
        Every,
        Index,
        Filter
    } kind = Kind::Member;
    std::string name; ///< Member; for a Filter the path left of the operator
    std::string wanted; ///< Filter: the literal
    int index = 0;
};

std::string_view unquoted(std::string_view text)
{
    text = core::trimmed(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'')
        && text.back() == text.front())
        return text.substr(1, text.size() - 2);
    return text;
}

std::optional<Step> bracketStep(std::string_view inside)
{
    inside = core::trimmed(inside);
    Step step;
    if (inside == "*") {
        step.kind = Step::Kind::Every;
        return step;
    }
    if (inside.starts_with("?(") && inside.ends_with(")")) {
        const std::string_view condition = inside.substr(2, inside.size() - 3);
        const std::size_t equals = condition.find("==");
        std::string_view left = core::trimmed(condition.substr(0, equals));
        if (equals == std::string_view::npos || !left.starts_with('@'))
            return std::nullopt;
        step.kind = Step::Kind::Filter;
        step.name = left.substr(1);
        step.wanted = unquoted(condition.substr(equals + 2));
        return step;
    }
    if (!inside.empty() && (inside.front() == '\'' || inside.front() == '"')) {
        step.name = unquoted(inside);
        return step;
    }
    const auto [end, error] =
        std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
    if (error != std::errc {} || end != inside.data() + inside.size())
        return std::nullopt;
    step.kind = Step::Kind::Index;
    return step;
}

/// Takes the first step off the path; nullopt at a syntax error.
std::optional<Step> takeStep(std::string_view& path)
{
    if (path.starts_with('[')) {
        std::size_t end = 1;
        for (char quote = 0; end < path.size() && (quote != 0 || path[end] != ']'); ++end)
            if (path[end] == '"' || path[end] == '\'')
                quote = quote == 0 ? path[end] : quote == path[end] ? 0 : quote;
        if (end >= path.size())
            return std::nullopt;
        const std::string_view inside = path.substr(1, end - 1);
        path.remove_prefix(end + 1);
        return bracketStep(inside);
    }
    if (path.starts_with('.'))
        path.remove_prefix(1);
    Step step;
    std::size_t at = 0;
    for (; at < path.size() && path[at] != '.' && path[at] != '['; ++at) {
        if (path[at] == '\\' && at + 1 < path.size())
            ++at;
        step.name += path[at];
    }
    path.remove_prefix(at);
    if (step.name == "*")
        step.kind = Step::Kind::Every;
    return step;
}

bool passes(const core::Json& item, const Step& filter)
{
    for (const core::Json* found : valuesAt(item, filter.name)) {
        const std::string text =
            found->is_string() ? std::string(found->get_string()) : core::toText(*found);
        if (text == filter.wanted)
            return true;
    }
    return false;
}

void addChildren(const core::Json& value, const Step& step, Values& out)
{
    if (step.kind == Step::Kind::Member) {
        if (const core::Json* member = core::find(value, step.name))
            out.push_back(member);
        return;
    }
    if (value.is_object() && step.kind == Step::Kind::Every) {
        for (const auto& [key, member] : value.get_object())
            out.push_back(&member);
        return;
    }
    if (!value.is_array())
        return;
    const core::JsonArray& list = value.get_array();
    if (step.kind == Step::Kind::Index) {
        const std::int64_t at =
            step.index < 0 ? std::int64_t(list.size()) + step.index : step.index;
        if (at >= 0 && std::size_t(at) < list.size())
            out.push_back(&list[std::size_t(at)]);
        return;
    }
    for (const core::Json& item : list)
        if (step.kind == Step::Kind::Every || passes(item, step))
            out.push_back(&item);
}

} // namespace

std::vector<const core::Json*> valuesAt(const core::Json& value, std::string_view path)
{
    path = core::trimmed(path);
    if (path.starts_with('{') && path.ends_with('}'))
        path = path.substr(1, path.size() - 2);
    if (path.starts_with('$'))
        path.remove_prefix(1);
    Values values {&value};
    while (!path.empty() && !values.empty()) {
        const auto step = takeStep(path);
        if (!step)
            return {};
        Values next;
        for (const core::Json* each : values)
            addChildren(*each, *step, next);
        values = std::move(next);
    }
    return values;
}

} // namespace gitops::practice
