// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/jsonpointer.h"

#include "core/base/strings.h"

#include <charconv>

namespace core {

namespace {

template<class Value>
Value* step(Value* at, const std::string& token)
{
    if (auto* object = at->if_object())
        return object->if_contains(token);
    auto* array = at->if_array();
    const auto index = arrayIndex(token);
    return array && index && *index < array->size() ? &(*array)[*index] : nullptr;
}

template<class Value>
Value* walk(Value& root, const std::vector<std::string>& tokens, std::size_t count)
{
    Value* at = &root;
    for (std::size_t i = 0; i < count && at; ++i)
        at = step(at, tokens[i]);
    return at;
}

} // namespace

std::optional<std::size_t> arrayIndex(std::string_view token)
{
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool whole = error == std::errc {} && end == token.data() + token.size();
    return whole && (token.size() == 1 || token[0] != '0') ? std::optional(index) : std::nullopt;
}

std::string escapedPointerToken(std::string_view token)
{
    std::string out;
    for (char c : token) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

Result<JsonPointer> JsonPointer::parse(std::string_view text)
{
    JsonPointer pointer;
    if (text.empty())
        return pointer;
    if (text[0] != '/')
        return failure(ErrorCode::Invalid,
                       "the JSON pointer \"" + std::string(text) + "\" must start with \"/\"");
    for (std::string_view part : split(text.substr(1), '/')) {
        std::string token;
        for (std::size_t i = 0; i < part.size(); ++i) {
            if (part[i] != '~') {
                token += part[i];
                continue;
            }
            if (i + 1 >= part.size() || (part[i + 1] != '0' && part[i + 1] != '1'))
                return failure(ErrorCode::Invalid,
                               "the JSON pointer \"" + std::string(text)
                                   + "\" has a \"~\" that is neither \"~0\" nor \"~1\"");
            token += part[++i] == '0' ? '~' : '/';
        }
        pointer.m_tokens.push_back(std::move(token));
    }
    return pointer;
}

JsonPointer JsonPointer::of(std::vector<std::string> tokens)
{
    JsonPointer pointer;
    pointer.m_tokens = std::move(tokens);
    return pointer;
}

std::string JsonPointer::text() const
{
    std::string out;
    for (const std::string& token : m_tokens)
        (out += '/') += escapedPointerToken(token);
    return out;
}

const Json* JsonPointer::find(const Json& root) const
{
    return walk(root, m_tokens, m_tokens.size());
}

Json* JsonPointer::find(Json& root) const
{
    return walk(root, m_tokens, m_tokens.size());
}

bool JsonPointer::remove(Json& root) const
{
    if (m_tokens.empty())
        return false;
    Json* parent = walk(root, m_tokens, m_tokens.size() - 1);
    if (!parent || !step(parent, m_tokens.back()))
        return false;
    if (JsonObject* object = parent->if_object())
        object->stable_erase(object->find(m_tokens.back()));
    else
        parent->get_array().erase(parent->get_array().begin()
                                  + std::ptrdiff_t(*arrayIndex(m_tokens.back())));
    return true;
}

} // namespace core
