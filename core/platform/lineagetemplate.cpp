// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagetemplate.h"

#include "core/base/strings.h"

#include <cstddef>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxValues = 10'000;

std::string unescaped(std::string_view segment)
{
    std::string out;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] == '~' && i + 1 < segment.size()) {
            out += segment[++i] == '1' ? '/' : '~';
            continue;
        }
        out += segment[i];
    }
    return out;
}

std::string escaped(std::string_view key)
{
    std::string out;
    for (const char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

void addAll(const FoundValue& at, std::vector<FoundValue>& out)
{
    if (at.value->is_array()) {
        std::size_t index = 0;
        for (const Json& item : at.value->get_array())
            if (out.size() < kMaxValues)
                out.push_back({at.pointer + "/" + std::to_string(index++), &item});
    } else if (at.value->is_object()) {
        for (const auto& member : at.value->get_object())
            if (out.size() < kMaxValues)
                out.push_back({at.pointer + "/" + escaped(member.key()), &member.value()});
    }
}

void addOne(const FoundValue& at, const std::string& key, std::vector<FoundValue>& out)
{
    if (at.value->is_object()) {
        if (const Json* member = find(*at.value, key))
            out.push_back({at.pointer + "/" + escaped(key), member});
    } else if (at.value->is_array() && !key.empty() && key.size() < 6
               && key.find_first_not_of("0123456789") == std::string::npos) {
        const auto index = static_cast<std::size_t>(std::stoul(key));
        if (index < at.value->get_array().size())
            out.push_back({at.pointer + "/" + key, &at.value->get_array()[index]});
    }
}

/// The values of one pair of braces: the first alternative that finds something.
std::vector<ExpandedText> alternatives(std::string_view inside, const Json& object,
                                       const FoundValue& base)
{
    std::vector<ExpandedText> out;
    for (const std::string_view part : split(inside, '|')) {
        const std::string_view word = trimmed(part);
        if (word.starts_with('\'') && word.ends_with('\'') && word.size() >= 2)
            return {{std::string(word.substr(1, word.size() - 2)), ""}};
        for (const FoundValue& found : valuesAt(object, word, base))
            if (std::string text = found.text(); !text.empty())
                out.push_back({std::move(text), found.pointer});
        if (!out.empty())
            return out;
    }
    return out;
}

} // namespace

std::string FoundValue::text() const
{
    if (!value || value->is_null() || value->is_object() || value->is_array())
        return {};
    return value->is_string() ? std::string(value->get_string()) : toText(*value);
}

std::vector<FoundValue> valuesAt(const Json& object, std::string_view pointer,
                                 const FoundValue& base)
{
    std::vector<FoundValue> found {{"", &object}};
    if (pointer.starts_with('.')) {
        if (!base.value)
            return {};
        found = {base};
        pointer.remove_prefix(1);
    }
    if (pointer.empty())
        return found;
    for (const std::string_view segment : split(pointer.substr(1), '/')) {
        std::vector<FoundValue> next;
        const std::string key = unescaped(segment);
        for (const FoundValue& at : found) {
            if (segment == "*")
                addAll(at, next);
            else
                addOne(at, key, next);
        }
        found = std::move(next);
    }
    return found;
}

std::vector<ExpandedText> expandTemplate(std::string_view pattern, const Json& object,
                                         const FoundValue& base)
{
    std::vector<ExpandedText> out {{}};
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        for (ExpandedText& text : out)
            text.text += pattern.substr(0, open);
        if (open == std::string_view::npos)
            break;
        const std::size_t close = std::min(pattern.find('}', open), pattern.size());
        const auto values = alternatives(pattern.substr(open + 1, close - open - 1), object, base);
        std::vector<ExpandedText> next;
        for (const ExpandedText& text : out)
            for (const ExpandedText& value : values)
                if (next.size() < kMaxValues)
                    next.push_back({text.text + value.text,
                                    text.pointer.empty() ? value.pointer : text.pointer});
        out = std::move(next);
        pattern.remove_prefix(std::min(close + 1, pattern.size()));
    }
    return out;
}

std::string checkTemplate(std::string_view pattern)
{
    while (true) {
        const std::size_t open = pattern.find('{');
        if (open == std::string_view::npos)
            return pattern.find('}') == std::string_view::npos ? "" : "a brace is not opened";
        const std::size_t close = pattern.find('}', open);
        if (close == std::string_view::npos)
            return "a brace is not closed";
        for (const std::string_view part : split(pattern.substr(open + 1, close - open - 1), '|')) {
            const std::string_view word = trimmed(part);
            const bool isWord = word.size() >= 2 && word.front() == '\'' && word.back() == '\'';
            if (!isWord && !word.starts_with('/') && word != "." && !word.starts_with("./"))
                return "\"" + std::string(word) + "\" is no pointer and no 'word'";
        }
        pattern.remove_prefix(close + 1);
    }
}

} // namespace core
