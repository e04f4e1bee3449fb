// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/digest.h"

#include <openssl/sha.h>

#include <cstring>

namespace core {

std::string Digest::hex() const
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (unsigned char byte : bytes)
        (out += digits[byte >> 4]) += digits[byte & 15];
    return out;
}

Digest sha256(std::string_view bytes)
{
    Digest digest;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.bytes.data());
    return digest;
}

std::size_t DigestHash::operator()(const Digest& digest) const
{
    std::size_t hash = 0;
    std::memcpy(&hash, digest.bytes.data(), sizeof hash);
    return hash;
}

} // namespace core
