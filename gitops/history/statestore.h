// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/executor.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gitops {

/// Where the engine keeps what must outlive it: one text per name. Calls return at once; done runs
/// on the executor given. A save is done when a crash can no longer lose it, and leaves the old or
/// the new text, nothing between. Any thread; what is loaded is what was saved last, also when that
/// save is not done yet.
class StateStore
{
public:
    using LoadHandler = std::function<void(core::Result<std::optional<std::string>>)>;
    using SaveHandler = std::function<void(core::Result<void>)>;

    virtual ~StateStore() = default;
    /// nullopt: nothing is kept under this name. Disk: what is kept is damaged beyond use.
    virtual void load(const std::string& name, core::Executor& executor, LoadHandler done) = 0;
    virtual void save(const std::string& name, std::string text, core::Executor& executor,
                      SaveHandler done) = 0;
    virtual void remove(const std::string& name, core::Executor& executor, SaveHandler done) = 0;
};

/// Keeps nothing beyond its own life: for --fresh runs and tests.
class MemoryStateStore : public StateStore
{
public:
    void load(const std::string& name, core::Executor& executor, LoadHandler done) override;
    void save(const std::string& name, std::string text, core::Executor& executor,
              SaveHandler done) override;
    void remove(const std::string& name, core::Executor& executor, SaveHandler done) override;

private:
    std::mutex m_mutex;
    std::map<std::string, std::string> m_texts; ///< guarded by m_mutex
};

} // namespace gitops
