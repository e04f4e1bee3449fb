// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/quantity.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace core {

namespace {

__extension__ typedef __int128 Wide;

constexpr Wide kNano = 1'000'000'000;
constexpr Wide kCap = Wide(std::numeric_limits<std::int64_t>::max()) * kNano;

struct Suffix
{
    std::string_view text;
    Wide factor; ///< in units of 1e-9
};

constexpr Suffix kDecimal[] = {{"n", 1},
                               {"u", 1000},
                               {"m", 1'000'000},
                               {"", kNano},
                               {"k", kNano * 1000},
                               {"M", kNano * 1'000'000},
                               {"G", kNano * 1'000'000'000},
                               {"T", kNano * 1'000'000'000'000},
                               {"P", kNano * 1'000'000'000'000'000},
                               {"E", kNano * 1'000'000'000'000'000'000}};
constexpr Suffix kBinary[] = {{"Ki", kNano << 10}, {"Mi", kNano << 20}, {"Gi", kNano << 30},
                              {"Ti", kNano << 40}, {"Pi", kNano << 50}, {"Ei", kNano << 60}};

struct Number
{
    Wide digits = 0; ///< without the point
    int fraction = 0; ///< digits behind the point
    bool rest = false; ///< something but zeros was cut off at the end
};

/// Reads digits and one point; moves text behind them. False when there is no digit.
bool readNumber(std::string_view& text, Number& number)
{
    bool point = false;
    bool any = false;
    while (!text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'))) {
        if (text[0] == '.') {
            if (point)
                return false;
            point = true;
        } else {
            any = true;
            // 30 digits are enough for what the cap lets through; later ones only decide rounding.
            if (number.digits < Wide(1'000'000'000'000'000) * 1'000'000'000'000'000) {
                number.digits = number.digits * 10 + (text[0] - '0');
                number.fraction += point ? 1 : 0;
            } else if (point) {
                number.rest = number.rest || text[0] != '0';
            } else {
                number.digits = kCap * 10;
            }
        }
        text.remove_prefix(1);
    }
    return any;
}

Wide scaled(const Number& number, Wide factor)
{
    Wide divisor = 1;
    for (int i = 0; i < number.fraction; ++i) {
        if (factor % 10 == 0)
            factor /= 10;
        else
            divisor *= 10;
    }
    if (number.digits != 0 && factor > kCap / number.digits * divisor + kNano)
        return kCap;
    const Wide product = number.digits * factor;
    const bool up = product % divisor != 0 || number.rest;
    return std::min(kCap, product / divisor + (up ? 1 : 0));
}

std::optional<Wide> decimalExponent(std::string_view text)
{
    int exponent = 0;
    text.remove_prefix(1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    if (exponent < -9)
        return 0;
    Wide factor = 1;
    for (int i = -9; i < std::min(exponent, 19); ++i)
        factor *= 10;
    return factor;
}

std::string wideText(Wide value)
{
    std::string out;
    const bool negative = value < 0;
    for (Wide rest = negative ? -value : value; rest > 0 || out.empty(); rest /= 10)
        out += char('0' + int(rest % 10));
    if (negative)
        out += '-';
    std::ranges::reverse(out);
    return out;
}

} // namespace

std::optional<Quantity> Quantity::parse(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    Number number;
    if (!readNumber(text, number))
        return std::nullopt;
    Quantity result;
    Wide factor = -1;
    for (const Suffix& suffix : kDecimal)
        if (text == suffix.text)
            factor = suffix.factor;
    for (const Suffix& suffix : kBinary)
        if (text == suffix.text) {
            factor = suffix.factor;
            result.m_format = Format::BinarySI;
        }
    if (factor < 0 && text.size() > 1 && (text[0] == 'e' || text[0] == 'E')) {
        factor = decimalExponent(text).value_or(-1);
        result.m_format = Format::DecimalExponent;
        if (factor == 0) { // finer than 1e-9: rounds up to it unless it is zero
            factor = 1;
            number.digits = number.digits == 0 ? 0 : 1;
            number.fraction = 0;
        }
    }
    if (factor < 0)
        return std::nullopt;
    result.m_nano = scaled(number, factor);
    if (negative)
        result.m_nano = -result.m_nano;
    return result;
}

Quantity Quantity::ofInteger(std::int64_t units)
{
    Quantity result;
    result.m_nano = Wide(units) * kNano;
    return result;
}

std::string Quantity::canonical() const
{
    if (m_nano == 0)
        return "0";
    if (m_format == Format::BinarySI && m_nano % kNano == 0) {
        for (const Suffix& suffix :
             {kBinary[5], kBinary[4], kBinary[3], kBinary[2], kBinary[1], kBinary[0]})
            if (m_nano % suffix.factor == 0)
                return wideText(m_nano / suffix.factor) + std::string(suffix.text);
        return wideText(m_nano / kNano);
    }
    for (int i = int(std::size(kDecimal)) - 1; i >= 0; --i) {
        const Suffix& suffix = kDecimal[i];
        if (m_nano % suffix.factor != 0)
            continue;
        const std::string digits = wideText(m_nano / suffix.factor);
        if (m_format != Format::DecimalExponent || suffix.text.empty())
            return digits + std::string(suffix.text);
        return digits + "e" + std::to_string((i - 3) * 3);
    }
    return wideText(m_nano) + "n";
}

double Quantity::toDouble() const
{
    return double(m_nano) / 1e9;
}

Quantity Quantity::operator+(const Quantity& other) const
{
    Quantity result = *this;
    result.m_nano = std::clamp(m_nano + other.m_nano, -kCap, kCap);
    if (m_nano == 0)
        result.m_format = other.m_format;
    return result;
}

Quantity Quantity::operator-(const Quantity& other) const
{
    Quantity negated = other;
    negated.m_nano = -other.m_nano;
    return *this + negated;
}

} // namespace core
