// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/snapshot.h"
#include "gitops/engine/alive.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// The pauses of one application and of its objects. Each ends by itself when its time is over, by
/// the wall clock, so that a restart changes nothing. On the engine's strand.
class Pauses
{
public:
    Pauses(core::Executor& executor, std::vector<core::Pause> saved, std::function<void()> changed);
    ~Pauses();

    void set(core::Pause pause);
    bool resume(const std::optional<core::ObjectKey>& key); ///< false: there was none
    bool isPaused() const { return find(std::nullopt) != nullptr; } ///< the whole application
    bool isPaused(const core::ObjectKey& key) const { return isPaused() || find(key) != nullptr; }
    const core::Pause* find(const std::optional<core::ObjectKey>& key) const;
    const std::vector<core::Pause>& all() const { return m_pauses; }

private:
    void expire();

    core::Executor& m_executor;
    std::vector<core::Pause> m_pauses;
    std::function<void()> m_changed;
    core::Executor::TimerId m_timer = 0;
    Alive m_alive;
};

} // namespace gitops
