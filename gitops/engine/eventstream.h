// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/engine/engine.h"

#include <memory>
#include <mutex>
#include <vector>

namespace gitops {

/// Numbers events and hands them to the sinks. send comes from the engine's strand; subscribe, and
/// the end of a subscription, from any thread.
class EventStream
{
public:
    explicit EventStream(const core::Clock& clock);
    ~EventStream();

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(Engine::Sink sink);
    void send(decltype(core::Event::what) what);

private:
    struct Sink;
    const core::Clock& m_clock;
    std::uint64_t m_number = 0;
    std::mutex m_mutex; ///< guards m_sinks
    std::vector<std::weak_ptr<Sink>> m_sinks;
};

} // namespace gitops
