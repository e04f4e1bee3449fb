// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace gitops::practice {

/// Nothing is told of a change before it is on disk: holds answers and watch events back until the
/// commit that everything ready by then shares. On the server's thread.
class CommitGate
{
public:
    struct Disk
    {
        std::function<bool()> isPending; ///< something was written since the last commit
        std::function<bool()> commit; ///< makes it durable; false when the disk refuses
        std::function<void(std::function<void()>)> post; ///< runs it soon, after what is ready now
        std::function<void()> committed; ///< after what waited has run
    };
    explicit CommitGate(Disk disk);

    /// Runs act once everything written so far is durable: at once when it is.
    void whenCommitted(std::function<void()> act);
    /// The last commit was refused: what waits must say so instead.
    bool hasFailed() const { return m_failed; }

private:
    void commit();

    Disk m_disk;
    std::vector<std::function<void()>> m_waiting;
    bool m_posted = false;
    bool m_failed = false;
};

} // namespace gitops::practice
