// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// SHA-256 of some bytes. Decides "equal" for manifests, renders and live objects.
struct Digest
{
    std::array<unsigned char, 32> bytes {};
    std::string hex() const; ///< 64 lower-case digits
    bool isNull() const { return *this == Digest {}; }
    bool operator==(const Digest&) const = default;
    auto operator<=>(const Digest&) const = default;
};

Digest sha256(std::string_view bytes);

struct DigestHash
{
    std::size_t operator()(const Digest& digest) const;
};

} // namespace core
