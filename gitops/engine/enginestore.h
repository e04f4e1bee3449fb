// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/executor.h"

#include <functional>
#include <optional>
#include <string>

namespace gitops {

/// Where the engine keeps what must outlive it: one text per name. Calls return at once; done runs
/// on the executor given. A save is done when a crash can no longer lose it, and leaves the old or
/// the new text, nothing between.
class EngineStore
{
public:
    virtual ~EngineStore() = default;
    virtual void load(const std::string& name, core::Executor& executor,
                      std::function<void(core::Result<std::optional<std::string>>)> done) = 0;
    virtual void save(const std::string& name, std::string text, core::Executor& executor,
                      std::function<void(core::Result<void>)> done) = 0;
    virtual void remove(const std::string& name, core::Executor& executor,
                        std::function<void(core::Result<void>)> done) = 0;
};

} // namespace gitops
