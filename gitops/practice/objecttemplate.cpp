// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objecttemplate.h"

#include "core/base/strings.h"
#include "gitops/practice/jsonpath.h"

#include <algorithm>
#include <optional>

namespace gitops::practice {

namespace {

core::Json firstAt(const core::Json& value, std::string_view path)
{
    const auto found = valuesAt(value, path);
    return found.empty() ? core::Json() : *found.front();
}

core::Json literal(std::string_view text)
{
    text = core::trimmed(text);
    if (auto value = core::parseJson(text))
        return std::move(*value);
    return core::Json(text);
}

std::string textOf(const core::Json& value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? std::string(value.get_string()) : core::toText(value);
}

core::Json fillText(std::string_view text, const TemplateScope& scope)
{
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos)
        return core::Json(text);
    const bool whole = open == 0 && text.ends_with("}}") && text.find("}}") == text.size() - 2;
    if (whole)
        return evaluate(text.substr(2, text.size() - 4), scope);
    std::string out;
    while (!text.empty()) {
        const std::size_t begin = text.find("{{");
        const std::size_t end = begin == text.npos ? text.npos : text.find("}}", begin);
        out += text.substr(0, end == text.npos ? text.npos : begin);
        if (end == text.npos)
            break;
        out += textOf(evaluate(text.substr(begin + 2, end - begin - 2), scope));
        text.remove_prefix(end + 2);
    }
    return core::Json(out);
}

core::Json fillEach(const core::JsonObject& directive, const TemplateScope& scope)
{
    const core::Json source = evaluate(core::stringAt(directive, {"$forEach"}), scope);
    core::JsonArray list;
    if (source.is_array())
        for (const core::Json& item : source.get_array()) {
            const TemplateScope inner {scope.object, &item, std::int64_t(list.size()), scope.now};
            list.push_back(fillTemplate(directive.at("$item"), inner));
        }
    return list;
}

core::Json fillKeys(const core::JsonObject& directive, const TemplateScope& scope)
{
    const core::Json source = evaluate(core::stringAt(directive, {"$eachKey"}), scope);
    core::JsonObject map;
    if (source.is_object())
        for (const auto& [key, item] : source.get_object())
            map[key] =
                fillTemplate(directive.at("$value"), {scope.object, &item, scope.index, scope.now});
    return map;
}

core::Json fillCount(const core::JsonObject& directive, const TemplateScope& scope)
{
    const core::Json number = evaluate(core::stringAt(directive, {"$count"}), scope);
    const std::int64_t count =
        number.is_int64() ? std::clamp<std::int64_t>(number.get_int64(), 0, 1000) : 0;
    core::JsonObject map;
    for (std::int64_t index = 0; index < count; ++index) {
        const TemplateScope inner {scope.object, scope.item, index, scope.now};
        map[textOf(fillTemplate(directive.at("$key"), inner))] =
            fillTemplate(directive.at("$value"), inner);
    }
    return map;
}

core::Json fillObject(const core::JsonObject& text, const TemplateScope& scope)
{
    if (text.contains("$forEach") && text.contains("$item"))
        return fillEach(text, scope);
    if (text.contains("$eachKey") && text.contains("$value"))
        return fillKeys(text, scope);
    if (text.contains("$count") && text.contains("$key") && text.contains("$value"))
        return fillCount(text, scope);
    if (const core::Json* when = text.if_contains("$when");
        when && !isTruthy(evaluate(textOf(*when), scope)))
        return nullptr;
    core::JsonObject out;
    for (const auto& [key, value] : text) {
        if (key == "$when")
            continue;
        core::Json filled = fillTemplate(value, scope);
        if (!filled.is_null())
            out[textOf(fillText(key, scope))] = std::move(filled);
    }
    return out;
}

} // namespace

core::Json evaluate(std::string_view expression, const TemplateScope& scope)
{
    expression = core::trimmed(expression);
    const std::size_t bar = expression.find(" | default ");
    const std::string_view path = core::trimmed(expression.substr(0, bar));
    core::Json value;
    if (path == "index")
        value = scope.index;
    else if (path == "now")
        value = core::Json(scope.now);
    else if (path.starts_with('@'))
        value = scope.item ? firstAt(*scope.item, path.substr(1)) : core::Json();
    else
        value = firstAt(scope.object, path);
    if (value.is_null() && bar != std::string_view::npos)
        return literal(expression.substr(bar + 11));
    return value;
}

bool isTruthy(const core::Json& value)
{
    if (value.is_null())
        return false;
    if (value.is_bool())
        return value.get_bool();
    if (value.is_string())
        return !value.get_string().empty() && value.get_string() != "false"; // an annotation's no
    if (value.is_array())
        return !value.get_array().empty();
    return value.is_object() || core::toText(value) != "0"; // "entityOperator: {}" asks for one
}

core::Json fillTemplate(const core::Json& text, const TemplateScope& scope)
{
    if (text.is_string())
        return fillText(text.get_string(), scope);
    if (text.is_object())
        return fillObject(text.get_object(), scope);
    if (!text.is_array())
        return text;
    core::JsonArray out;
    for (const core::Json& each : text.get_array())
        if (core::Json filled = fillTemplate(each, scope); !filled.is_null())
            out.push_back(std::move(filled));
    return out;
}

} // namespace gitops::practice
