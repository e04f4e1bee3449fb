// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <memory>
#include <string>

namespace gitops {

/// The machine's clocks. Any thread.
class SystemClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override;
    core::WallTime wallNow() const override;
};

/// Threads that run strands. Destroying it waits for the tasks that are running and drops those
/// that wait: owners of strands stop first. Do not destroy it from one of its own tasks.
class ThreadPool
{
public:
    /// name appears in debuggers and top; the kernel keeps 15 bytes of it.
    ThreadPool(int threads, std::string name);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// A new strand: its tasks run one after the other, beside those of other strands. It may
    /// outlive the pool; it then drops what is posted.
    std::shared_ptr<core::Executor> strand();

private:
    struct Shared;
    class Strand;
    std::shared_ptr<Shared> d;
};

/// Threads for long work. Destroying it waits for the tasks that are running and drops the rest.
class ThreadWorkPool : public core::WorkPool
{
public:
    ThreadWorkPool(int threads, std::string name);
    ~ThreadWorkPool() override;
    void run(core::Executor::Task task) override;

private:
    struct Shared;
    std::unique_ptr<Shared> d;
};

} // namespace gitops
