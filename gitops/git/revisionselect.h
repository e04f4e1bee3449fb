// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// A reference as a repository or a remote lists it.
struct GitReference
{
    std::string name; ///< "refs/heads/main", "HEAD"
    std::string id; ///< object that it names; of an annotated tag the tag object
    std::string target; ///< of a symbolic reference such as HEAD: "refs/heads/main"
};

/// What a targetRevision stands for, before any object is looked at.
struct SelectedRevision
{
    std::string name; ///< for people: "main", "v1.2.3", "HEAD", or the commit as asked for
    std::string reference; ///< full name: "refs/heads/main"; "" when a commit was asked for
    std::string id; ///< object named by the reference; "" when a commit was asked for
    std::string commit; ///< 7 to 40 hex digits when a commit was asked for
};

/// Chooses as Argo CD does (util/git/client.go): a full commit id is itself; a semver range takes
/// the highest tag in it; then a branch, a tag or a full name of exactly that name (a branch before
/// a tag); then 7 or more hex digits are a short commit id. "" means HEAD. NotFound otherwise.
/// Names that Git would refuse, and control characters, are Invalid.
core::Result<SelectedRevision> selectRevision(std::string_view revision,
                                              const std::vector<GitReference>& references);

/// Chooses as `git fetch URL REFERENCE` does, for a remote base of a Kustomize tree: HEAD for "", a
/// full commit id, a full name, a tag, a branch (a tag before a branch, no ranges), and 7 or more
/// hex digits of a commit.
core::Result<SelectedRevision> selectReference(std::string_view reference,
                                               const std::vector<GitReference>& references);

/// Invalid when the text can be no revision: empty parts, "..", control characters, a leading "-".
core::Result<void> checkRevision(std::string_view revision);

bool isCommitId(std::string_view text); ///< 40 hex digits

} // namespace gitops
