// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <sys/types.h>
#include <system_error>
#include <utility>
#include <vector>

namespace gitops {

/// How a program of ours starts: by posix_spawn, no shell, in a session of its own without a
/// terminal (so nothing can ask for a password there), no signal blocked or handled.
struct SpawnOrder
{
    std::string program; ///< a path, or a name that PATH finds
    std::vector<std::string> words; ///< its argv, its own name first
    /// NAME=value each; ours where there is none. A caller who puts secrets in wipes them after.
    std::optional<std::vector<std::string>> environment;
    /// Ours, and the number it has there; the caller keeps and closes its own. 0, 1 and 2 are
    /// /dev/null where nothing is said; nothing else is inherited that is close-on-exec.
    std::vector<std::pair<int, int>> descriptors;
};

/// The process's id, also its group's: kill(-id) ends it with its children; the caller reaps it.
/// The error is the operating system's. Any thread.
[[nodiscard]] std::expected<pid_t, std::error_code> spawn(const SpawnOrder& order);

} // namespace gitops
