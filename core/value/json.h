// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// The value type of everything after rendering. Boost.JSON stays behind these names; only this
/// header names it.
using Json = boost::json::value;
using JsonObject = boost::json::object; ///< keeps the order of insertion; erase with stable_erase
using JsonArray = boost::json::array;
using JsonString = boost::json::string;

struct JsonLimits
{
    std::size_t bytes = 64u << 20;
    int depth = 100;
};

/// RFC 8259 text to a value. Duplicate keys: the last wins. The error has line and column of the
/// text.
Result<Json> parseJson(std::string_view text, const JsonLimits& limits = {});

/// Compact text. Numbers as Go's encoding/json prints them (5.0 as 5, 1e21 as 1e+21), so that
/// Kubernetes reads them back as it wrote them; strings as UTF-8 with the least escapes. NaN and
/// infinities become null.
std::string toText(const Json& value);
/// Two blanks an indentation, as kubectl -o json prints.
std::string toPrettyText(const Json& value);
/// As toText, with the keys of every object sorted bytewise: what digests are made of.
std::string toCanonicalText(const Json& value);

/// Order of keys does not matter; 1 equals 1.0.
bool isEqual(const Json& a, const Json& b);

/// The member, or nullptr when value is no object or has none.
const Json* find(const Json& value, std::string_view key);
Json* find(Json& value, std::string_view key);
/// find along a dotted path of plain keys: findPath(deployment, {"spec", "template", "spec"}).
const Json* findPath(const Json& value, std::initializer_list<std::string_view> path);

/// The string at a path, or "" when absent or no string.
std::string_view stringAt(const Json& value, std::initializer_list<std::string_view> path);
/// The integer at a path (also a double without fraction), or fallback.
std::int64_t integerAt(const Json& value, std::initializer_list<std::string_view> path,
                       std::int64_t fallback);
bool boolAt(const Json& value, std::initializer_list<std::string_view> path, bool fallback = false);

} // namespace core
