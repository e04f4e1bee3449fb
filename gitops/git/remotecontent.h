// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/filetree.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace gitops {

/// Something that a render needs from elsewhere: a Git repository at a reference, or one file.
struct RemoteAddress
{
    enum class Kind
    {
        Repository,
        File, ///< by https
    } kind = Kind::Repository;
    std::string url;
    std::string reference; ///< of a repository: tag, branch, full name or commit; "" its HEAD
    /// All that fetching it may take; 0: as long as the fetcher allows. Two that differ here alone
    /// are the same address.
    std::chrono::milliseconds timeout {0};

    /// "https://github.com/org/repo?ref=v1", for people.
    std::string shown() const;
    bool operator<(const RemoteAddress& other) const;
    bool operator==(const RemoteAddress& other) const;
};

/// What stood at an address. Immutable.
struct RemoteContent
{
    std::string id; ///< commit, or SHA-256 of the file: equal ids, equal content
    FileTreePtr tree; ///< of a repository
    std::string text; ///< of a file
    std::string etag; ///< of a file, where the server gave one
    bool isSettled = false; ///< a tag or a commit: asking again is of no use
};

using RemoteContentPtr = std::shared_ptr<const RemoteContent>;

/// What is known of addresses: what stood there, or why that could not be had.
using RemoteContents = std::map<RemoteAddress, core::Result<RemoteContentPtr>>;

} // namespace gitops
