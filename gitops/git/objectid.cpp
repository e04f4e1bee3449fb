// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/objectid.h"

// The plain functions, as in core/base/digest.cpp.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>

namespace gitops {

struct ObjectHasher::Private
{
    SHA_CTX context;
};

ObjectHasher::ObjectHasher(std::string_view type, std::uint64_t size)
    : d(std::make_unique<Private>())
{
    SHA1_Init(&d->context);
    std::string head(type);
    head += ' ';
    head += std::to_string(size);
    head += '\0';
    add(head);
}

ObjectHasher::~ObjectHasher() = default;

void ObjectHasher::add(std::string_view bytes)
{
    SHA1_Update(&d->context, bytes.data(), bytes.size());
}

std::string ObjectHasher::hex()
{
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, SHA_DIGEST_LENGTH> bytes {};
    SHA1_Final(bytes.data(), &d->context);
    std::string out;
    for (unsigned char byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string blobId(std::string_view content)
{
    ObjectHasher hasher("blob", content.size());
    hasher.add(content);
    return hasher.hex();
}

namespace {

int nibble(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/// Git sorts a tree's items as if the names of folders ended in '/'.
std::string sortKey(const TreeItem& item)
{
    return item.mode == FileMode::Tree ? item.name + '/' : item.name;
}

std::string octal(std::uint32_t value)
{
    std::string out;
    for (; value != 0; value >>= 3)
        out.insert(out.begin(), char('0' + (value & 7)));
    return out;
}

} // namespace

std::string treeId(std::vector<TreeItem> items)
{
    std::ranges::sort(items, {}, sortKey);
    std::string body;
    for (const TreeItem& item : items) {
        body += octal(static_cast<std::uint32_t>(item.mode)) + ' ' + item.name + '\0';
        for (std::size_t i = 0; i + 1 < item.id.size(); i += 2)
            body += char(nibble(item.id[i]) << 4 | nibble(item.id[i + 1]));
    }
    ObjectHasher hasher("tree", body.size());
    hasher.add(body);
    return hasher.hex();
}

bool isLfsPointer(std::string_view content)
{
    return content.size() <= 1024
        && content.starts_with("version https://git-lfs.github.com/spec/v")
        && content.find("\noid sha256:") != std::string_view::npos
        && content.find("\nsize ") != std::string_view::npos;
}

} // namespace gitops
