// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/statestore.h"

namespace gitops {

void MemoryStateStore::load(const std::string& name, core::Executor& executor, LoadHandler done)
{
    std::optional<std::string> text;
    {
        std::lock_guard lock(m_mutex);
        const auto found = m_texts.find(name);
        if (found != m_texts.end())
            text = found->second;
    }
    executor.post(
        [done = std::move(done), text = std::move(text)]() mutable { done(std::move(text)); });
}

void MemoryStateStore::save(const std::string& name, std::string text, core::Executor& executor,
                            SaveHandler done)
{
    {
        std::lock_guard lock(m_mutex);
        m_texts[name] = std::move(text);
    }
    executor.post([done = std::move(done)] { done({}); });
}

void MemoryStateStore::remove(const std::string& name, core::Executor& executor, SaveHandler done)
{
    {
        std::lock_guard lock(m_mutex);
        m_texts.erase(name);
    }
    executor.post([done = std::move(done)] { done({}); });
}

} // namespace gitops
