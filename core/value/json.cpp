// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/json.h"

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace core {

namespace {

/// Line and column, from 1, of an offset.
Place placeAt(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    Place place;
    place.line = int(std::ranges::count(before, '\n')) + 1;
    const std::size_t lineStart = before.rfind('\n');
    place.column = int(offset - (lineStart == std::string_view::npos ? 0 : lineStart + 1)) + 1;
    return place;
}

const Json* follow(const Json& value, std::initializer_list<std::string_view> path)
{
    const Json* at = &value;
    for (std::string_view key : path) {
        at = find(*at, key);
        if (!at)
            return nullptr;
    }
    return at;
}

bool isNumberEqual(const Json& a, const Json& b)
{
    if (a.is_double() || b.is_double())
        return a.to_number<double>() == b.to_number<double>();
    if (a.is_uint64() != b.is_uint64()) {
        const Json& maybeNegative = a.is_uint64() ? b : a;
        const Json& other = a.is_uint64() ? a : b;
        return maybeNegative.as_int64() >= 0
            && std::uint64_t(maybeNegative.as_int64()) == other.as_uint64();
    }
    return a == b;
}

} // namespace

Result<Json> parseJson(std::string_view text, const JsonLimits& limits)
{
    if (text.size() > limits.bytes)
        return failure(ErrorCode::LimitExceeded,
                       "the JSON text has " + std::to_string(text.size())
                           + " bytes, more than the limit of " + std::to_string(limits.bytes));
    boost::json::parse_options options;
    options.max_depth = std::size_t(limits.depth);
    boost::json::stream_parser parser({}, options);
    boost::json::error_code error;
    std::size_t consumed = parser.write_some(text.data(), text.size(), error);
    if (!error && consumed < text.size()) {
        const std::size_t rest = text.find_first_not_of(" \t\r\n", consumed);
        if (rest != std::string_view::npos)
            return failure(ErrorCode::Invalid, "there is more text after the end of the JSON value",
                           placeAt(text, rest));
    }
    if (!error)
        parser.finish(error);
    if (error) {
        const bool deep = error == boost::json::error::too_deep;
        return failure(deep ? ErrorCode::LimitExceeded : ErrorCode::Invalid,
                       deep ? "the JSON value is nested deeper than " + std::to_string(limits.depth)
                            : "this is not JSON: " + error.message(),
                       placeAt(text, std::min(consumed, text.size())));
    }
    return parser.release();
}

bool isEqual(const Json& a, const Json& b)
{
    if (a.is_number() && b.is_number())
        return isNumberEqual(a, b);
    if (a.kind() != b.kind())
        return false;
    if (const JsonArray* left = a.if_array())
        return std::ranges::equal(*left, b.get_array(), isEqual);
    if (const JsonObject* left = a.if_object()) {
        const JsonObject& right = b.get_object();
        return left->size() == right.size() && std::ranges::all_of(*left, [&](const auto& member) {
                   const Json* other = right.if_contains(member.key());
                   return other && isEqual(member.value(), *other);
               });
    }
    return a == b;
}

const Json* find(const Json& value, std::string_view key)
{
    const JsonObject* object = value.if_object();
    return object ? object->if_contains(key) : nullptr;
}

Json* find(Json& value, std::string_view key)
{
    JsonObject* object = value.if_object();
    return object ? object->if_contains(key) : nullptr;
}

const Json* findPath(const Json& value, std::initializer_list<std::string_view> path)
{
    return follow(value, path);
}

std::string_view stringAt(const Json& value, std::initializer_list<std::string_view> path)
{
    const Json* at = follow(value, path);
    const JsonString* text = at ? at->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view {};
}

std::int64_t integerAt(const Json& value, std::initializer_list<std::string_view> path,
                       std::int64_t fallback)
{
    const Json* at = follow(value, path);
    if (!at || !at->is_number())
        return fallback;
    if (at->is_int64())
        return at->get_int64();
    if (at->is_uint64()) {
        const std::uint64_t number = at->get_uint64();
        return number <= std::uint64_t(INT64_MAX) ? std::int64_t(number) : fallback;
    }
    const double number = at->get_double();
    const bool isWhole = std::nearbyint(number) == number && std::abs(number) < 9e15;
    return isWhole ? std::int64_t(number) : fallback;
}

bool boolAt(const Json& value, std::initializer_list<std::string_view> path, bool fallback)
{
    const Json* at = follow(value, path);
    return at && at->is_bool() ? at->get_bool() : fallback;
}

} // namespace core
