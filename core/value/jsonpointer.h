// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// RFC 6901. "" is the whole value; "~0" is '~', "~1" is '/'. A value type; any thread.
class JsonPointer
{
public:
    JsonPointer() = default;
    /// Invalid when the text is not empty and does not start with '/', or has a bad escape.
    static Result<JsonPointer> parse(std::string_view text);
    static JsonPointer of(std::vector<std::string> tokens);

    std::string text() const;
    const std::vector<std::string>& tokens() const { return m_tokens; }
    bool isEmpty() const { return m_tokens.empty(); }

    /// nullptr when a step leads nowhere. Array indices are plain decimals.
    const Json* find(const Json& root) const;
    Json* find(Json& root) const;
    /// Removes what it points at (order of the other members kept). False when nothing was there.
    bool remove(Json& root) const;

private:
    std::vector<std::string> m_tokens;
};

/// One token escaped for a pointer's text.
std::string escapedPointerToken(std::string_view token);

/// Array index of a token; nullopt when it is none ("-", "01", "x").
std::optional<std::size_t> arrayIndex(std::string_view token);

} // namespace core
