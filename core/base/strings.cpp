// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace core {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

/// Length of the UTF-8 sequence at the start of bytes, 0 when it is none (overlong, surrogate,
/// cut).
std::size_t sequenceLength(std::string_view bytes, char32_t& codePoint)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) {
        codePoint = first;
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || bytes.size() < length)
        return 0;
    codePoint = first & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0) != 0x80)
            return 0;
        codePoint = codePoint << 6 | (at(i) & 0x3F);
    }
    static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (codePoint < smallest[length] || codePoint > 0x10FFFF
        || (codePoint >= 0xD800 && codePoint < 0xE000))
        return 0;
    return length;
}

bool isHarmful(char32_t c)
{
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
    const bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E
        || c == 0x200F || c == 0x061C;
    return control || bidi;
}

std::string visible(char32_t c)
{
    static constexpr char digits[] = "0123456789abcdef";
    if (c < 0x100)
        return std::string("\\x") + digits[c >> 4 & 15] + digits[c & 15];
    return std::string("\\u") + digits[c >> 12 & 15] + digits[c >> 8 & 15] + digits[c >> 4 & 15]
        + digits[c & 15];
}

/// Matches one character of a glob set that starts after '['; moves pattern behind the ']'.
bool setMatches(std::string_view& pattern, char c)
{
    const bool negated = !pattern.empty() && (pattern[0] == '!' || pattern[0] == '^');
    if (negated)
        pattern.remove_prefix(1);
    bool found = false;
    while (!pattern.empty() && pattern[0] != ']') {
        const char low = pattern[0];
        char high = low;
        if (pattern.size() > 2 && pattern[1] == '-' && pattern[2] != ']') {
            high = pattern[2];
            pattern.remove_prefix(2);
        }
        found = found || (low <= c && c <= high);
        pattern.remove_prefix(1);
    }
    if (!pattern.empty())
        pattern.remove_prefix(1);
    return found != negated;
}

} // namespace

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i)
        (out += i == 0 ? std::string_view {} : separator) += parts[i];
    return out;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string toLower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string base64Encode(std::string_view bytes)
{
    static constexpr char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group =
                group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        out += alphabet[group >> 18 & 63];
        out += alphabet[group >> 12 & 63];
        out += i + 1 < bytes.size() ? alphabet[group >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? alphabet[group & 63] : '=';
    }
    return out;
}

std::optional<std::string> base64Decode(std::string_view text)
{
    std::string out;
    std::uint32_t group = 0;
    int digits = 0;
    int padding = 0;
    for (char c : text) {
        int value = -1;
        if (c == '\n' || c == '\r')
            continue;
        if (c >= 'A' && c <= 'Z')
            value = c - 'A';
        else if (c >= 'a' && c <= 'z')
            value = c - 'a' + 26;
        else if (c >= '0' && c <= '9')
            value = c - '0' + 52;
        else if (c == '+' || c == '/')
            value = c == '+' ? 62 : 63;
        else if (c == '=' && ++padding <= 2)
            value = 0;
        if (value < 0 || (padding > 0 && c != '='))
            return std::nullopt;
        group = group << 6 | std::uint32_t(value);
        if (++digits == 4) {
            for (int k = 0; k < 3 - padding; ++k)
                out += char(group >> (16 - 8 * k) & 255);
            digits = 0;
            group = 0;
        }
    }
    return digits == 0 ? std::optional(out) : std::nullopt;
}

bool isValidUtf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        char32_t ignored = 0;
        const std::size_t length = sequenceLength(bytes, ignored);
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string sanitised(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        char32_t codePoint = 0;
        const std::size_t length = sequenceLength(text, codePoint);
        if (length == 0)
            out += "\xEF\xBF\xBD";
        else if (isHarmful(codePoint))
            out += visible(codePoint);
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
        }
    }
    return row[b.size()];
}

bool globMatches(std::string_view pattern, std::string_view text)
{
    // Greedy with one point of return: linear in pattern times text at worst.
    std::string_view starPattern;
    std::string_view starText;
    bool hasStar = false;
    for (;;) {
        if (!pattern.empty() && pattern[0] == '*') {
            pattern.remove_prefix(1);
            starPattern = pattern;
            starText = text;
            hasStar = true;
            continue;
        }
        if (text.empty() && pattern.empty())
            return true;
        bool matched = false;
        if (!text.empty() && !pattern.empty()) {
            std::string_view rest = pattern.substr(1);
            if (pattern[0] == '?')
                matched = true;
            else if (pattern[0] == '[')
                matched = setMatches(rest, text[0]);
            else
                matched = pattern[0] == text[0];
            if (matched) {
                pattern = rest;
                text.remove_prefix(1);
            }
        }
        if (matched)
            continue;
        if (!hasStar || starText.empty())
            return false;
        starText.remove_prefix(1);
        text = starText;
        pattern = starPattern;
    }
}

} // namespace core
