// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/enginefigures.h"

namespace gitops {

namespace {

core::Error withoutFigures()
{
    return {core::ErrorCode::Unsupported, "This engine was made without live figures."};
}

} // namespace

core::Result<core::Answer> EngineFigures::now()
{
    if (!m_service)
        return std::unexpected(withoutFigures());
    if (m_service->wantsPlatform())
        m_service->observe(m_platform({m_service->kinds()}));
    return core::Answer {m_service->telemetry()};
}

void EngineFigures::samples(const core::query::Samples& query, Done done)
{
    if (!m_service)
        return done(std::unexpected(withoutFigures()));
    // The answer comes on the service's strand: only the token and the executor go there.
    auto back = m_alive.guard([done = std::move(done)](core::SamplesAnswer answer) {
        done(core::Answer {std::move(answer)});
    });
    m_service->samples(query, [back, &strand = m_executor](core::SamplesAnswer answer) {
        strand.post([back, answer = std::move(answer)]() mutable { back(std::move(answer)); });
    });
}

void EngineFigures::keepMeasuring(std::chrono::milliseconds interval)
{
    if (!m_service || interval.count() <= 0)
        return;
    (void)now();
    m_executor.postAt(m_executor.clock().steadyNow() + interval,
                      m_alive.guard([this, interval] { keepMeasuring(interval); }));
}

} // namespace gitops
