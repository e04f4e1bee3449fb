// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/embedded.h"

#include <map>

namespace core {

namespace {

std::map<std::string_view, std::string_view>& files()
{
    static std::map<std::string_view, std::string_view> all;
    return all;
}

} // namespace

EmbeddedFile::EmbeddedFile(const char* name, const unsigned char* bytes, std::size_t size)
{
    files()[name] = {reinterpret_cast<const char*>(bytes), size};
}

std::string_view embedded(std::string_view name)
{
    const auto found = files().find(name);
    return found == files().end() ? std::string_view {} : found->second;
}

std::vector<std::string_view> embeddedNames(std::string_view prefix)
{
    std::vector<std::string_view> names;
    for (auto it = files().lower_bound(prefix);
         it != files().end() && it->first.starts_with(prefix); ++it)
        names.push_back(it->first);
    return names;
}

} // namespace core
