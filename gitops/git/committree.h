// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/filetree.h"
#include "gitops/git/repository.h"

#include <string>

namespace gitops {

/// The tree of a commit, straight from the object database: no working copy. Keeps the repository
/// open. Every size is asked from the object's header before its bytes are read.
core::Result<FileTreePtr> openCommitTree(const RepositoryPtr& repository,
                                         const std::string& commitId);

} // namespace gitops
