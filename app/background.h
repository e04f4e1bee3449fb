// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace app {

/// A piece of work that goes on after the command that began it: a process of its own, its log, and
/// a file that says how it is, all in one folder of the state folder, one of each name. Who works
/// holds a lock of the kernel's, so that it is known who that is, also after a crash.
class Background
{
public:
    /// name may hold any characters.
    Background(std::filesystem::path folder, const std::string& name);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    std::filesystem::path log() const { return m_base.string() + ".log"; }

    /// The process that works, if one does (this one apart).
    std::optional<pid_t> worker() const;
    /// Makes this process the worker. AlreadyExists: another one is.
    core::Result<void> take();
    /// What the worker says of itself; as a whole or not at all.
    core::Result<void> report(const std::string& text) const;
    /// "" when nothing was reported since the worker began.
    std::string reported() const;

    /// Starts this program anew with these words, without a terminal, its output in the log; waits
    /// until it has reported. Its last words are the error when it ends before.
    core::Result<pid_t> start(const std::vector<std::string>& words,
                              std::chrono::milliseconds patience) const;
    /// Asks the worker to end and waits for that; ends it the hard way after patience. False: there
    /// is none.
    core::Result<bool> stop(std::chrono::milliseconds patience) const;

private:
    int open() const;
    std::filesystem::path statusFile() const { return m_base.string() + ".json"; }

    std::filesystem::path m_base;
    int m_held = -1; ///< the lock's descriptor, of the worker
};

} // namespace app
