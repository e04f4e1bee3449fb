// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/textfile.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace app {

core::Result<std::string> readTextFile(const std::string& path, std::uint64_t maxBytes)
{
    const auto failed = [&](core::ErrorCode code, const char* why) {
        return core::failure(code, why, {.file = path}, core::Fault::User);
    };
    const bool standardInput = path == "-";
    const std::unique_ptr<FILE, int (*)(FILE*)> file(
        standardInput ? stdin : std::fopen(path.c_str(), "rb"),
        standardInput ? [](FILE*) { return 0; } : std::fclose);
    if (!file)
        return failed(errno == ENOENT ? core::ErrorCode::NotFound : core::ErrorCode::Disk,
                      std::strerror(errno));
    std::string text;
    char buffer[65536];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
        text.append(buffer, got);
        if (text.size() > maxBytes)
            return failed(core::ErrorCode::LimitExceeded, "the file is larger than the limit");
    }
    if (std::ferror(file.get()))
        return failed(core::ErrorCode::Disk, std::strerror(errno));
    return text;
}

} // namespace app
