// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/snapshot.h"
#include "gitops/git/filetree.h"

#include <functional>
#include <memory>
#include <string>

namespace gitops {

/// A revision that was found, with its tree.
struct Revision
{
    core::CommitInfo commit;
    std::string name; ///< the branch, tag or "HEAD" that led to it
    FileTreePtr tree;
    /// Its parent chain holds the commit that was in force before (false after a forced push).
    bool descendsFromPrevious = true;
    bool isSettled = false; ///< a tag or a commit: it is not expected to move
};

/// Git as the engine sees it: resolve a revision of a repository now, asking the remote as little
/// as it can (one ls-remote when nothing moved). A repository on disk is opened in place; a remote
/// is mirrored bare under the cache folder. Calls return at once; done runs on the executor given.
/// A remote that hangs holds up only itself.
class GitService
{
public:
    using Handler = std::function<void(core::Result<Revision>)>;
    virtual ~GitService() = default;
    /// revision: branch, tag, commit (7 to 40 hex digits), "HEAD", or a semver range over tags.
    /// previous: the commit in force, "" at first.
    virtual void resolve(const std::string& repoUrl, const std::string& revision,
                         const std::string& previous, core::Executor& executor, Handler done) = 0;
};

} // namespace gitops
