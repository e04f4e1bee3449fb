// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/application/applicationreader.h"
#include "gitops/application/names.h"

#include <filesystem>
#include <system_error>

namespace gitops {

namespace fs = std::filesystem;

namespace {

std::unexpected<core::Error> badFolder(const std::string& folder, core::ErrorCode code,
                                       std::string message)
{
    return core::failure(code, std::move(message), {.file = core::sanitised(folder)},
                         core::Fault::User);
}

/// The working copy that a folder is in, else the folder.
fs::path enclosingRoot(const fs::path& folder)
{
    std::error_code ignored;
    for (fs::path at = folder;; at = at.parent_path()) {
        if (fs::exists(at / ".git", ignored))
            return at;
        if (at == at.root_path())
            return folder;
    }
}

} // namespace

core::Result<core::Application>
applicationFromPath(const std::string& folder, const std::string& name, const std::string& root)
{
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error)
        return badFolder(folder, core::ErrorCode::NotFound, "There is no such folder.");
    if (!fs::is_directory(real, error))
        return badFolder(folder, core::ErrorCode::Invalid, "This is a file, not a folder.");
    const fs::path top = root.empty() ? enclosingRoot(real) : fs::canonical(root, error);
    const std::string path = real.lexically_relative(top).string();
    if (error || path.empty() || path.starts_with(".."))
        return badFolder(folder, core::ErrorCode::Invalid, "The folder is not below the root.");
    core::Application out;
    out.name = name.empty() ? labelNameFrom(real.filename().string()) : name;
    if (!isObjectName(out.name))
        return badFolder(folder, core::ErrorCode::Invalid,
                         name.empty() ? "No name can be made of the folder's; give one."
                                      : "The name must consist of lower case letters, digits, "
                                        "'-' and '.'.");
    out.source.repoUrl = "dir://" + top.string();
    out.source.path = path == "." ? "" : path;
    out.destinationName = "in-cluster";
    out.project.clear(); // a folder of one's own is in no project
    out.place = {.file = core::sanitised(folder)};
    return out;
}

} // namespace gitops
