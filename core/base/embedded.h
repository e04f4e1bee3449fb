// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace core {

/// One file that the build compiled in (cmake/Embed.cmake makes these). Registers itself before
/// main.
class EmbeddedFile
{
public:
    EmbeddedFile(const char* name, const unsigned char* bytes, std::size_t size);
};

/// The bytes of an embedded file by its path from the project's root, such as
/// "resources/health/strimzi.yaml"; a null view when this program has no such file. Valid for the
/// program's life. Any thread, after main began.
std::string_view embedded(std::string_view name);

/// The names of all embedded files that start with prefix, sorted.
std::vector<std::string_view> embeddedNames(std::string_view prefix);

} // namespace core
