// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// A program run to its end, by posix_spawn: no shell, nothing on standard input, a session of its
/// own without a terminal, and nothing left of it afterwards.
class ChildProcess
{
public:
    struct Order
    {
        std::vector<std::string> words; ///< the program, then its arguments
        std::vector<std::pair<std::string, core::Secret>> environment; ///< beside and before ours
        std::chrono::milliseconds time {60'000};
        std::size_t output = 1u << 20;
    };
    enum class How
    {
        NotStarted,
        Ended,
        TimedOut,
        SaidTooMuch,
        Stopped, ///< isStopped became true
    };
    struct End
    {
        How how = How::NotStarted;
        int exitCode = -1; ///< 128 + signal where one ended it
        std::string output;
        std::string errors; ///< the end of what it complained
        std::string reason; ///< of NotStarted
    };
    /// Blocks until it has ended or was killed.
    static End run(const Order& order, const std::atomic<bool>& isStopped);
};

} // namespace gitops
