// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitservice.h"

#include <string>

namespace gitops {

/// The files of a folder as a Revision, for applications made of a path. commit.id is no commit: 40
/// hex digits that change whenever a file below the folder is added, removed or written (made of
/// names, inodes, sizes and times; contents are not read). LimitExceeded beyond a million files.
core::Result<Revision> folderRevision(const std::string& folder);

} // namespace gitops
