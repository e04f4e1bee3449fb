// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace core {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Time as the engine sees it: steady for waiting and back-off, wall for showing and for leases.
/// The simulation steps both. Safe to call from any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual SteadyTime steadyNow() const = 0;
    virtual WallTime wallNow() const = 0;
};

/// Where engine code runs. The engine makes no threads and waits for nothing: it posts.
///
/// Tasks posted to one Executor run one after the other, in the order posted (it is a strand). In
/// production strands share a pool; in the simulation one seeded thread runs them all. A task must
/// not throw and must not block. post, postAt and cancel may be called from any thread.
class Executor
{
public:
    using Task = std::move_only_function<void()>;
    using TimerId = std::uint64_t; ///< never 0

    virtual ~Executor() = default;
    virtual void post(Task task) = 0;
    virtual TimerId postAt(SteadyTime when, Task task) = 0;
    /// False when the task has run, is running or was cancelled already.
    virtual bool cancel(TimerId id) = 0;
    virtual const Clock& clock() const = 0;
};

/// A place for work that takes long (rendering, diffing thousands of objects, Git): tasks run
/// beside each other, in no order. Callers post their result back to their own Executor.
class WorkPool
{
public:
    virtual ~WorkPool() = default;
    virtual void run(Executor::Task task) = 0;
};

} // namespace core
