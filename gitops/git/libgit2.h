// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
#include <string>
#include <string_view>

struct git_commit;
struct git_object;
struct git_odb;
struct git_odb_object;
struct git_reference;
struct git_reference_iterator;
struct git_remote;
struct git_repository;
struct git_tree;

namespace gitops {

/// Owns an object of libgit2.
struct LibGit2Deleter
{
    void operator()(git_commit* pointer) const;
    void operator()(git_object* pointer) const;
    void operator()(git_odb* pointer) const;
    void operator()(git_odb_object* pointer) const;
    void operator()(git_reference* pointer) const;
    void operator()(git_reference_iterator* pointer) const;
    void operator()(git_remote* pointer) const;
    void operator()(git_repository* pointer) const;
    void operator()(git_tree* pointer) const;
};
template<class T>
using GitPtr = std::unique_ptr<T, LibGit2Deleter>;

/// Starts libgit2 once for the process and sets its limits: 32 MiB of cached objects, hashes
/// verified, owners of local repositories not asked, files synced.
void startLibGit2();

/// The last failure of libgit2 on this thread as an error. what: the sentence's beginning
/// ("The repository cannot be opened").
core::Error libGit2Error(int code, std::string_view what, core::Place place = {});

} // namespace gitops
