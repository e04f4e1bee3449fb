// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A Kubernetes quantity, "500m", "1.5Gi", "1e3" (apimachinery pkg/api/resource/quantity.go):
/// exact, in units of 1e-9; finer is rounded up, as the API server does. Values beyond ±2^63-1
/// whole units are capped, as there.
class Quantity
{
public:
    Quantity() = default;
    /// nullopt when the text is no quantity.
    static std::optional<Quantity> parse(std::string_view text);
    static Quantity ofInteger(std::int64_t units);

    /// The canonical spelling: "1000m" -> "1", "1024Ki" -> "1Mi", in the suffix family that was
    /// written.
    std::string canonical() const;
    double toDouble() const;
    bool isNegative() const { return m_nano < 0; }

    Quantity operator+(const Quantity& other) const;
    Quantity operator-(const Quantity& other) const;
    /// By value alone: "1000m" equals "1".
    bool operator==(const Quantity& other) const { return m_nano == other.m_nano; }
    std::strong_ordering operator<=>(const Quantity& other) const
    {
        return m_nano <=> other.m_nano;
    }

private:
    enum class Format
    {
        DecimalSI,
        BinarySI,
        DecimalExponent
    };
    __extension__ typedef __int128 Nano;
    Nano m_nano = 0;
    Format m_format = Format::DecimalSI;
};

} // namespace core
