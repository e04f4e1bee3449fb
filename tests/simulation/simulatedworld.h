// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace tests {

/// One seeded thread that runs everything: strands and pool tasks in an order that the seed
/// chooses, in virtual time. Tasks of one strand keep their order. A strand can be killed: what it
/// had to do is gone, as with a process.
class SimulatedWorld
{
public:
    explicit SimulatedWorld(std::uint64_t seed);
    ~SimulatedWorld();

    class Strand : public core::Executor
    {
    public:
        Strand(SimulatedWorld& world, std::uint64_t number)
            : m_world(world)
            , m_number(number)
        {
        }
        void post(Task task) override;
        TimerId postAt(core::SteadyTime when, Task task) override;
        bool cancel(TimerId id) override;
        const core::Clock& clock() const override;
        /// Drops all that waits, and all that is posted from now on.
        void kill();

    private:
        friend class SimulatedWorld;
        SimulatedWorld& m_world;
        const std::uint64_t m_number;
        std::deque<Task> m_tasks;
        bool m_dead = false;
    };
    /// Pool tasks run beside each other; they die with their strand.
    class Pool : public core::WorkPool
    {
    public:
        Pool(SimulatedWorld& world, std::shared_ptr<Strand> owner)
            : m_world(world)
            , m_owner(std::move(owner))
        {
        }
        void run(core::Executor::Task task) override;

    private:
        SimulatedWorld& m_world;
        std::shared_ptr<Strand> m_owner;
    };

    std::shared_ptr<Strand> strand();
    const core::Clock& clock() const;
    /// Somebody sets the clock on the wall, or a machine wakes up.
    void stepWall(std::chrono::milliseconds by);
    std::mt19937_64& random() { return m_random; }
    bool chance(double probability);
    std::chrono::milliseconds between(int first, int last);

    /// Runs one task, moving time on to the next timer when nothing else is there. False: nothing
    /// is left at all, or the next timer lies beyond until.
    bool step(core::SteadyTime until);
    std::uint64_t steps() const { return m_steps; }

private:
    class VirtualClock;
    struct Timer
    {
        core::Executor::TimerId id;
        std::weak_ptr<Strand> strand;
        core::Executor::Task task;
    };
    struct PoolTask
    {
        std::weak_ptr<Strand> owner;
        core::Executor::Task task;
    };

    std::unique_ptr<VirtualClock> m_clock;
    std::mt19937_64 m_random;
    std::vector<std::shared_ptr<Strand>> m_strands;
    std::vector<PoolTask> m_pool;
    std::multimap<core::SteadyTime, Timer> m_timers;
    core::Executor::TimerId m_lastTimer = 0;
    std::uint64_t m_lastStrand = 0;
    std::uint64_t m_steps = 0;
};

} // namespace tests
