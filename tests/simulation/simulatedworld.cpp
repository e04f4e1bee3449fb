// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulatedworld.h"

#include <algorithm>
#include <utility>

namespace tests {

class SimulatedWorld::VirtualClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override { return m_steady; }
    core::WallTime wallNow() const override { return m_wall; }
    void moveTo(core::SteadyTime when)
    {
        if (when <= m_steady)
            return;
        m_wall += std::chrono::duration_cast<core::WallTime::duration>(when - m_steady);
        m_steady = when;
    }

    void stepWall(std::chrono::milliseconds by)
    {
        m_wall += std::chrono::duration_cast<core::WallTime::duration>(by);
    }

private:
    core::SteadyTime m_steady {std::chrono::hours(1)};
    core::WallTime m_wall {std::chrono::seconds(1'767'225'600)}; // 2026-01-01T00:00:00Z
};

SimulatedWorld::SimulatedWorld(std::uint64_t seed)
    : m_clock(std::make_unique<VirtualClock>())
    , m_random(seed)
{
}

SimulatedWorld::~SimulatedWorld() = default;

const core::Clock& SimulatedWorld::clock() const
{
    return *m_clock;
}

void SimulatedWorld::stepWall(std::chrono::milliseconds by)
{
    m_clock->stepWall(by);
}

std::shared_ptr<SimulatedWorld::Strand> SimulatedWorld::strand()
{
    m_strands.push_back(std::make_shared<Strand>(*this, ++m_lastStrand));
    return m_strands.back();
}

bool SimulatedWorld::chance(double probability)
{
    return std::uniform_real_distribution<>(0, 1)(m_random) < probability;
}

std::chrono::milliseconds SimulatedWorld::between(int first, int last)
{
    return std::chrono::milliseconds(first + int(m_random() % std::uint64_t(last - first + 1)));
}

void SimulatedWorld::Strand::post(Task task)
{
    if (!m_dead)
        m_tasks.push_back(std::move(task));
}

core::Executor::TimerId SimulatedWorld::Strand::postAt(core::SteadyTime when, Task task)
{
    const TimerId id = ++m_world.m_lastTimer;
    if (m_dead)
        return id;
    const auto self = std::ranges::find_if(
        m_world.m_strands, [this](const auto& strand) { return strand.get() == this; });
    m_world.m_timers.emplace(when, Timer {id, *self, std::move(task)});
    return id;
}

bool SimulatedWorld::Strand::cancel(TimerId id)
{
    const auto found = std::ranges::find_if(
        m_world.m_timers, [id](const auto& entry) { return entry.second.id == id; });
    if (found == m_world.m_timers.end())
        return false;
    m_world.m_timers.erase(found);
    return true;
}

const core::Clock& SimulatedWorld::Strand::clock() const
{
    return m_world.clock();
}

void SimulatedWorld::Strand::kill()
{
    m_dead = true;
    const auto tasks = std::exchange(m_tasks, {});
    std::vector<Task> timers;
    for (auto entry = m_world.m_timers.begin(); entry != m_world.m_timers.end();) {
        const auto strand = entry->second.strand.lock();
        if (strand.get() != this) {
            ++entry;
            continue;
        }
        timers.push_back(std::move(entry->second.task));
        entry = m_world.m_timers.erase(entry);
    }
    std::vector<PoolTask> pool;
    for (PoolTask& task : std::exchange(m_world.m_pool, {}))
        if (task.owner.lock().get() != this)
            pool.push_back(std::move(task));
    m_world.m_pool = std::move(pool);
}

void SimulatedWorld::Pool::run(core::Executor::Task task)
{
    if (!m_owner->m_dead)
        m_world.m_pool.push_back({m_owner, std::move(task)});
}

bool SimulatedWorld::step(core::SteadyTime until)
{
    for (;;) {
        while (!m_timers.empty() && m_timers.begin()->first <= m_clock->steadyNow()) {
            Timer timer = std::move(m_timers.begin()->second);
            m_timers.erase(m_timers.begin());
            if (const auto strand = timer.strand.lock())
                strand->post(std::move(timer.task));
        }
        std::erase_if(m_strands,
                      [](const auto& strand) { return strand->m_dead && strand.use_count() == 1; });
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < m_strands.size(); ++i)
            if (!m_strands[i]->m_tasks.empty())
                ready.push_back(i);
        const std::size_t choices = ready.size() + m_pool.size();
        if (choices == 0) {
            if (m_timers.empty() || m_timers.begin()->first > until)
                return false;
            m_clock->moveTo(m_timers.begin()->first);
            continue;
        }
        ++m_steps;
        const std::size_t choice = choices == 1 ? 0 : std::size_t(m_random() % choices);
        core::Executor::Task task;
        if (choice < ready.size()) {
            auto& tasks = m_strands[ready[choice]]->m_tasks;
            task = std::move(tasks.front());
            tasks.pop_front();
        } else {
            const auto taken = m_pool.begin() + std::ptrdiff_t(choice - ready.size());
            task = std::move(taken->task);
            m_pool.erase(taken);
        }
        task();
        return true;
    }
}

} // namespace tests
