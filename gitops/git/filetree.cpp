// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filetree.h"

#include "core/base/strings.h"

namespace gitops {

namespace {

constexpr std::size_t kMaxPathBytes = 4096;

std::unexpected<core::Error> badPath(std::string_view path, std::string message)
{
    return core::failure(core::ErrorCode::Invalid, std::move(message),
                         {.file = core::sanitised(path.substr(0, 200))}, core::Fault::Repository);
}

} // namespace

core::Result<std::string> normalisedPath(std::string_view path)
{
    if (path.size() > kMaxPathBytes)
        return badPath(path, "The path is longer than 4096 bytes.");
    if (path.find('\0') != std::string_view::npos)
        return badPath(path, "The path has a zero byte in it.");
    if (path.starts_with('/'))
        return badPath(path, "The path is absolute; paths are relative to the repository.");
    std::vector<std::string> names;
    for (std::string_view name : core::split(path, '/')) {
        if (name.empty() || name == ".")
            continue;
        if (name != "..")
            names.emplace_back(name);
        else if (names.empty())
            return badPath(path, "The path leads out of the repository.");
        else
            names.pop_back();
    }
    return core::join(names, "/");
}

core::Result<std::string> joinedPath(std::string_view base, std::string_view relative)
{
    if (relative.starts_with('/'))
        return badPath(relative, "The path is absolute; paths are relative to their file.");
    if (base.empty())
        return normalisedPath(relative);
    return normalisedPath(std::string(base) + '/' + std::string(relative));
}

} // namespace gitops
