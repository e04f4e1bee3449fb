// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/digest.h"

// The plain functions: OpenSSL 3's newer ones look their algorithm up each time, and start all of
// the library for it.
#define OPENSSL_SUPPRESS_DEPRECATED
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
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes.data(), bytes.size());
    SHA256_Final(digest.bytes.data(), &context);
    return digest;
}

std::size_t DigestHash::operator()(const Digest& digest) const
{
    std::size_t hash = 0;
    std::memcpy(&hash, digest.bytes.data(), sizeof hash);
    return hash;
}

} // namespace core
