// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <mutex>

namespace gitops {

/// The way from a transport's thread to an Executor, which its owner can shut: afterwards nothing
/// is posted, so that the Executor may be gone by then. Any thread.
class Gate
{
public:
    explicit Gate(core::Executor& executor)
        : m_executor(&executor)
    {
    }
    void post(core::Executor::Task task)
    {
        const std::lock_guard lock(m_mutex);
        if (m_executor)
            m_executor->post(std::move(task));
    }
    void shut()
    {
        const std::lock_guard lock(m_mutex);
        m_executor = nullptr;
    }

private:
    std::mutex m_mutex;
    core::Executor* m_executor; // guarded by m_mutex
};

} // namespace gitops
