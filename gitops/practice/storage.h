// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gitops::practice {

/// One change that outlives the process: an object written or removed.
struct StorageRecord
{
    std::uint64_t resourceVersion = 0;
    std::string storage; ///< "deployments.apps"
    std::string key; ///< "shop/web", or "web" for the cluster scope
    std::string text; ///< the object's JSON; "" when it was removed
};

/// Where the practice cluster keeps its objects. Used from one thread.
class Storage
{
public:
    virtual ~Storage() = default;
    /// Every object that was committed, in no order, then nothing more; once, before append.
    /// Returns the highest resourceVersion ever committed (0 when empty).
    virtual core::Result<std::uint64_t>
    load(const std::function<void(const StorageRecord&)>& visit) = 0;
    /// Takes a change; it is durable only after the next commit.
    virtual void append(const StorageRecord& record) = 0;
    /// Makes all that was appended durable, in one go. Cheap when nothing is pending.
    virtual core::Result<void> commit() = 0;
    virtual bool hasPending() const = 0;
};

/// Forgets everything with the process.
class MemoryStorage : public Storage
{
public:
    core::Result<std::uint64_t> load(const std::function<void(const StorageRecord&)>&) override
    {
        return 0;
    }
    void append(const StorageRecord&) override { }
    core::Result<void> commit() override { return {}; }
    bool hasPending() const override { return false; }
};

} // namespace gitops::practice
