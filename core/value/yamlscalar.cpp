// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlscalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace core {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Which first characters can begin anything but a string: 'M' for a word of the tables, 'D' for a
/// digit, 'S' for a sign, '.' for a point.
char hintOf(char c)
{
    if (isDigit(c))
        return 'D';
    switch (c) {
    case '+':
    case '-':
        return 'S';
    case '.':
        return '.';
    case 'y':
    case 'Y':
    case 'n':
    case 'N':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'o':
    case 'O':
    case '~':
        return 'M';
    default:
        return 0;
    }
}

template<std::size_t N>
bool isOneOf(std::string_view text, const std::array<std::string_view, N>& words)
{
    for (std::string_view word : words)
        if (text == word)
            return true;
    return false;
}

constexpr std::array<std::string_view, 3> kTrue {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 8> kTrue11 {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"};
constexpr std::array<std::string_view, 8> kFalse11 {"n",  "N",   "no",  "No",
                                                    "NO", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 4> kNull {"~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kNaN {".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 6> kInfinity {".inf",  ".Inf",  ".INF",
                                                     "+.inf", "+.Inf", "+.INF"};
constexpr std::array<std::string_view, 3> kMinusInfinity {"-.inf", "-.Inf", "-.INF"};

/// A float in YAML's own form: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looksLikeFloat(std::string_view text)
{
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t start = i;
        while (i < text.size() && isDigit(text[i]))
            ++i;
        return i - start;
    };
    if (i < text.size() && (text[i] == '+' || text[i] == '-'))
        ++i;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (digits() == 0)
            return false;
    } else {
        if (digits() == 0)
            return false;
        if (i < text.size() && text[i] == '.') {
            ++i;
            digits();
        }
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-'))
            ++i;
        if (digits() == 0)
            return false;
    }
    return i == text.size();
}

/// The value of a float in YAML's form; nullopt when it is out of range, as Go says.
std::optional<double> parseFloat(std::string_view text)
{
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        // Too small is zero, too large is no number.
        const double wide = std::strtod(std::string(text).c_str(), nullptr);
        if (std::isinf(wide))
            return std::nullopt;
        return wide;
    }
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// An integer of any base by its prefix, without underscores; nullopt when it is none or too large.
std::optional<YamlNumber> parseInteger(std::string_view text)
{
    bool hasSign = false;
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        hasSign = true;
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    int base = 10;
    if (text.size() > 1 && text[0] == '0') {
        const char mark = static_cast<char>(text[1] | 0x20);
        base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
        text.remove_prefix(base == 0 ? 1 : 2);
        if (base == 0)
            base = 8;
    }
    std::uint64_t magnitude = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    constexpr auto kMax = std::uint64_t(std::numeric_limits<std::int64_t>::max());
    if (negative) {
        if (magnitude > kMax + 1)
            return std::nullopt;
        return YamlNumber(static_cast<std::int64_t>(0 - magnitude));
    }
    if (magnitude <= kMax)
        return YamlNumber(static_cast<std::int64_t>(magnitude));
    if (hasSign)
        return std::nullopt;
    return YamlNumber(magnitude);
}

std::string withoutUnderscores(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    for (char c : text)
        if (c != '_')
            plain.push_back(c);
    return plain;
}

/// Whether text can be a number at all: keeps long words that merely begin with a digit cheap.
bool hasOnlyNumberCharacters(std::string_view text)
{
    for (char c : text) {
        const char lower = static_cast<char>(c | 0x20);
        if (!isDigit(c) && !(lower >= 'a' && lower <= 'f') && lower != 'x' && lower != 'o'
            && c != '_' && c != '.' && c != '+' && c != '-')
            return false;
    }
    return true;
}

/// Reads Go's date and time layouts piece by piece.
class TimeScanner
{
public:
    explicit TimeScanner(std::string_view text)
        : m_rest(text)
    {
    }
    bool atEnd() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest[0] != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    char peek() const { return m_rest.empty() ? '\0' : m_rest[0]; }
    /// One to maximum digits, or -1.
    int number(std::size_t minimum, std::size_t maximum)
    {
        std::size_t count = 0;
        int value = 0;
        while (count < maximum && count < m_rest.size() && isDigit(m_rest[count]))
            value = value * 10 + (m_rest[count++] - '0');
        if (count < minimum)
            return -1;
        m_rest.remove_prefix(count);
        return value;
    }
    /// ".123" or ",123" with at most nine digits; without trailing zeros, "" when there is none.
    std::string fraction()
    {
        if (m_rest.size() < 2 || (m_rest[0] != '.' && m_rest[0] != ',') || !isDigit(m_rest[1]))
            return {};
        std::size_t count = 0;
        while (count < 9 && count + 1 < m_rest.size() && isDigit(m_rest[count + 1]))
            ++count;
        std::string digits(m_rest.substr(1, count));
        m_rest.remove_prefix(count + 1);
        while (!digits.empty() && digits.back() == '0')
            digits.pop_back();
        return digits.empty() ? digits : "." + digits;
    }

private:
    std::string_view m_rest;
};

bool isDate(int year, int month, int day)
{
    constexpr std::array<int, 12> kDays {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= kDays[std::size_t(month - 1)] + (month == 2 && leap ? 1 : 0);
}

void appendPadded(std::string& out, int value, int width)
{
    const std::string digits = std::to_string(value);
    out.append(std::size_t(std::max(0, width - int(digits.size()))), '0');
    out += digits;
}

/// "Z", "+01:00" or "-01:00" at the scanner; false when it is none of these.
bool appendZone(TimeScanner& scanner, std::string& out)
{
    if (scanner.take('Z')) {
        out += 'Z';
        return true;
    }
    const char sign = scanner.peek();
    if (sign != '+' && sign != '-')
        return false;
    scanner.take(sign);
    const int hours = scanner.number(2, 2);
    if (hours < 0 || hours > 24 || !scanner.take(':'))
        return false;
    const int minutes = scanner.number(2, 2);
    if (minutes < 0 || minutes > 60)
        return false;
    if (hours == 0 && minutes == 0) {
        out += 'Z';
        return true;
    }
    out += sign;
    appendPadded(out, hours, 2);
    out += ':';
    appendPadded(out, minutes, 2);
    return true;
}

/// The fewest digits that tell a finite double from its neighbours: 0.d1d2d3... x 10^point.
struct ShortestDigits
{
    bool negative = false;
    std::string digits;
    int point = 0;
};

ShortestDigits shortestDigits(double value)
{
    std::array<char, 64> buffer;
    const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::scientific)
                          .ptr;
    ShortestDigits result;
    const char* at = buffer.data();
    if (*at == '-') {
        result.negative = true;
        ++at;
    }
    for (; at != end && *at != 'e'; ++at)
        if (*at != '.')
            result.digits += *at;
    const char* first = at + 1;
    std::from_chars(*first == '+' ? first + 1 : first, end, result.point);
    ++result.point;
    return result;
}

/// A double in Go's FormatFloat(value, 'g', -1, 64).
void appendShortest(std::string& out, const ShortestDigits& number)
{
    const std::string& digits = number.digits;
    const int exponent = number.point - 1;
    if (number.negative)
        out += '-';
    if (exponent < -4 || exponent >= 6) {
        out += digits[0];
        if (digits.size() > 1)
            out.append(1, '.').append(digits, 1);
        out += exponent < 0 ? "e-" : "e+";
        appendPadded(out, std::abs(exponent), 2);
    } else if (number.point <= 0) {
        out.append("0.").append(std::size_t(-number.point), '0').append(digits);
    } else if (digits.size() <= std::size_t(number.point)) {
        out.append(digits).append(std::size_t(number.point) - digits.size(), '0');
    } else {
        out.append(digits, 0, std::size_t(number.point));
        out.append(1, '.').append(digits, std::size_t(number.point));
    }
}

} // namespace

YamlTag resolvePlain(std::string_view text, YamlSchema schema)
{
    if (text.empty())
        return YamlTag::Null;
    const char hint = hintOf(text[0]);
    if (hint == 0)
        return text == "<<" ? YamlTag::Merge : YamlTag::String;
    if (hint == 'M') {
        if (text.size() > 5)
            return YamlTag::String;
        if (isOneOf(text, kTrue) || isOneOf(text, kFalse))
            return YamlTag::Bool;
        if (isOneOf(text, kNull))
            return YamlTag::Null;
        if (schema == YamlSchema::Yaml11 && (isOneOf(text, kTrue11) || isOneOf(text, kFalse11)))
            return YamlTag::Bool;
        return YamlTag::String;
    }
    if (isOneOf(text, kNaN) || isOneOf(text, kInfinity) || isOneOf(text, kMinusInfinity))
        return YamlTag::Float;
    if (hint == '.')
        return looksLikeFloat(text) && parseFloat(text) ? YamlTag::Float : YamlTag::String;
    if (normalisedTimestamp(text))
        return YamlTag::Timestamp;
    if (!hasOnlyNumberCharacters(text))
        return YamlTag::String;
    const auto number = parseYamlNumber(text);
    if (!number)
        return YamlTag::String;
    return std::holds_alternative<double>(*number) ? YamlTag::Float : YamlTag::Int;
}

std::optional<YamlNumber> parseYamlNumber(std::string_view text)
{
    if (isOneOf(text, kNaN))
        return YamlNumber(std::numeric_limits<double>::quiet_NaN());
    if (isOneOf(text, kInfinity))
        return YamlNumber(std::numeric_limits<double>::infinity());
    if (isOneOf(text, kMinusInfinity))
        return YamlNumber(-std::numeric_limits<double>::infinity());
    std::string stripped;
    if (text.find('_') != std::string_view::npos) {
        stripped = withoutUnderscores(text);
        text = stripped;
    }
    if (auto integer = parseInteger(text))
        return integer;
    if (looksLikeFloat(text))
        if (auto value = parseFloat(text))
            return YamlNumber(*value);
    return std::nullopt;
}

bool isYamlTrue(std::string_view text)
{
    return isOneOf(text, kTrue) || isOneOf(text, kTrue11);
}

std::optional<std::string> normalisedTimestamp(std::string_view text)
{
    if (text.size() < 8 || text.size() > 48 || text[4] != '-')
        return std::nullopt;
    TimeScanner scanner(text);
    const int year = scanner.number(4, 4);
    if (year < 0 || !scanner.take('-'))
        return std::nullopt;
    const int month = scanner.number(1, 2);
    if (month < 0 || !scanner.take('-'))
        return std::nullopt;
    const int day = scanner.number(1, 2);
    if (!isDate(year, month, day))
        return std::nullopt;
    std::string out;
    appendPadded(out, year, 4);
    out += '-';
    appendPadded(out, month, 2);
    out += '-';
    appendPadded(out, day, 2);
    if (scanner.atEnd())
        return out + "T00:00:00Z";
    const char separator = scanner.peek();
    if (separator != 'T' && separator != 't' && separator != ' ')
        return std::nullopt;
    scanner.take(separator);
    out += 'T';
    constexpr std::array<int, 3> kLimits {24, 60, 60};
    for (std::size_t i = 0; i < kLimits.size(); ++i) {
        if (i > 0 && !scanner.take(':'))
            return std::nullopt;
        const int part = scanner.number(1, 2);
        if (part < 0 || part >= kLimits[i])
            return std::nullopt;
        out += i > 0 ? ":" : "";
        appendPadded(out, part, 2);
    }
    out += scanner.fraction();
    if (separator == ' ')
        out += 'Z';
    else if (!appendZone(scanner, out))
        return std::nullopt;
    return scanner.atEnd() ? std::optional(out) : std::nullopt;
}

void appendYamlNumber(std::string& out, const YamlNumber& number)
{
    std::array<char, 32> buffer;
    const auto integer = [&](auto value) {
        out.append(buffer.data(),
                   std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
    };
    if (const auto* value = std::get_if<std::int64_t>(&number))
        return integer(*value);
    if (const auto* value = std::get_if<std::uint64_t>(&number))
        return integer(*value);
    const double value = std::get<double>(number);
    if (value == 0)
        return integer(0);
    const ShortestDigits shortest = shortestDigits(value);
    // JSON stands between Kustomize and its emitter and prints integral values below 1e21 as
    // integers; those that fit 64 bits come back as such.
    if (std::trunc(value) == value && std::abs(value) < 1e21) {
        std::string text = shortest.negative ? "-" : "";
        text += shortest.digits;
        text.append(std::size_t(shortest.point) - shortest.digits.size(), '0');
        if (parseInteger(text)) {
            out += text;
            return;
        }
    }
    appendShortest(out, shortest);
}

} // namespace core
