// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/usesampler.h"

#include "gitops/cluster/resourceuse.h"

namespace gitops {

using State = core::MeasuredUse::State;

core::MeasuredUsePtr UseSampler::use()
{
    if (isDue())
        ask();
    return freshUse(m_use, m_executor.clock().wallNow());
}

bool UseSampler::isDue() const
{
    if (m_isAsking || !m_asked)
        return !m_isAsking;
    const bool isSeldom = m_use->state == State::NotServed || m_use->state == State::Refused;
    const std::chrono::seconds pause = isSeldom ? kLongInterval : kInterval;
    return m_executor.clock().steadyNow() - *m_asked >= pause;
}

void UseSampler::ask()
{
    m_isAsking = true;
    m_asked = m_executor.clock().steadyNow();
    m_api.list(podMetrics(), "", 0, "", "", m_alive.guard([this](core::Result<ListPage> page) {
        if (page)
            read(std::move(*page));
        else
            take(withoutUse(page.error()));
    }));
}

void UseSampler::read(ListPage page)
{
    auto back = m_alive.guard([this](core::MeasuredUse use) { take(std::move(use)); });
    m_pool.run([page = std::move(page), back = std::move(back), &executor = m_executor]() mutable {
        executor.post(
            [back = std::move(back), use = podUse(page.items)]() mutable { back(std::move(use)); });
    });
}

void UseSampler::take(core::MeasuredUse use)
{
    m_isAsking = false;
    m_use = std::make_shared<const core::MeasuredUse>(std::move(use));
}

} // namespace gitops
