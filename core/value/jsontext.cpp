// SPDX-License-Identifier: GPL-3.0-or-later
// The number and string writer behind toText: Go's spelling, because Kubernetes reads it back with
// Go.
#include "core/value/jsontext.h"

#include "core/value/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace core {

/// As Go's encoding/json: shortest digits, %f between 1e-6 and 1e21, else %e with a two-digit
/// exponent trimmed.
void appendJsonNumber(std::string& out, double number)
{
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char buffer[400];
    const double size = std::abs(number);
    const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, number,
                      exponent ? std::chars_format::scientific : std::chars_format::fixed)
            .ptr;
    std::string_view text(buffer, std::size_t(end - buffer));
    // 1e-09 becomes 1e-9; Go keeps two digits of positive exponents (1e+21).
    const std::size_t at = text.find("e-0");
    if (at != std::string_view::npos)
        (out += text.substr(0, at + 2)) += text.substr(at + 3);
    else
        out += text == "-0" ? std::string_view("-0") : text;
}

namespace {

/// Where the next byte may stand that must be escaped, looked for eight bytes at a time: in front
/// of it are none.
std::size_t skipPlain(std::string_view text, std::size_t from)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto hasZero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
    for (; from + 8 <= text.size(); from += 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + from, sizeof bytes);
        const std::uint64_t isControl = (bytes - ones * 0x20) & ~bytes & highs;
        if (isControl | hasZero(bytes ^ ones * '"') | hasZero(bytes ^ ones * '\\'))
            break;
    }
    return from;
}

} // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t start = 0;
    for (std::size_t i = skipPlain(text, 0); i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out += text.substr(start, i - start);
        start = i + 1;
        out += '\\';
        switch (c) {
        case '"':
        case '\\':
            out += char(c);
            break;
        case '\n':
            out += 'n';
            break;
        case '\t':
            out += 't';
            break;
        case '\r':
            out += 'r';
            break;
        case '\b':
            out += 'b';
            break;
        case '\f':
            out += 'f';
            break;
        default:
            (((out += "u00") += digits[c >> 4])) += digits[c & 15];
            break;
        }
        i = skipPlain(text, start) - 1;
    }
    out += text.substr(start);
    out += '"';
}

namespace {

void appendScalar(std::string& out, const Json& value)
{
    switch (value.kind()) {
    case boost::json::kind::null:
        out += "null";
        break;
    case boost::json::kind::bool_:
        out += value.get_bool() ? "true" : "false";
        break;
    case boost::json::kind::int64:
        out += std::to_string(value.get_int64());
        break;
    case boost::json::kind::uint64:
        out += std::to_string(value.get_uint64());
        break;
    case boost::json::kind::double_:
        appendJsonNumber(out, value.get_double());
        break;
    default:
        appendJsonString(out, value.get_string());
        break;
    }
}

struct Layout
{
    bool sorted = false;
    bool pretty = false;
};

void newLine(std::string& out, Layout layout, int depth)
{
    if (layout.pretty)
        out.append(1, '\n').append(std::size_t(depth) * 2, ' ');
}

void append(std::string& out, const Json& value, Layout layout, int depth);

void appendMember(std::string& out, const boost::json::key_value_pair& member, Layout layout,
                  int depth)
{
    appendJsonString(out, member.key());
    out += layout.pretty ? ": " : ":";
    append(out, member.value(), layout, depth);
}

void appendObject(std::string& out, const JsonObject& object, Layout layout, int depth)
{
    out += '{';
    const auto member = [&, first = true](const boost::json::key_value_pair& each) mutable {
        if (!first)
            out += ',';
        first = false;
        newLine(out, layout, depth + 1);
        appendMember(out, each, layout, depth + 1);
    };
    if (layout.sorted) {
        std::vector<const boost::json::key_value_pair*> members;
        members.reserve(object.size());
        for (const auto& each : object)
            members.push_back(&each);
        std::ranges::sort(members, {},
                          [](const auto* each) { return std::string_view(each->key()); });
        std::ranges::for_each(members,
                              [write = member](const auto* each) mutable { write(*each); });
    } else {
        std::ranges::for_each(object, member);
    }
    if (!object.empty())
        newLine(out, layout, depth);
    out += '}';
}

void append(std::string& out, const Json& value, Layout layout, int depth)
{
    if (const JsonObject* object = value.if_object()) {
        appendObject(out, *object, layout, depth);
    } else if (const JsonArray* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0)
                out += ',';
            newLine(out, layout, depth + 1);
            append(out, (*array)[i], layout, depth + 1);
        }
        if (!array->empty())
            newLine(out, layout, depth);
        out += ']';
    } else {
        appendScalar(out, value);
    }
}

std::string write(const Json& value, Layout layout)
{
    std::string out;
    append(out, value, layout, 0);
    return out;
}

} // namespace

std::string toText(const Json& value)
{
    return write(value, {});
}

std::string toPrettyText(const Json& value)
{
    return write(value, {.pretty = true});
}

std::string toCanonicalText(const Json& value)
{
    return write(value, {.sorted = true});
}

} // namespace core
