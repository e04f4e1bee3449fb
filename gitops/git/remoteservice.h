// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/git/remotecontent.h"

#include <functional>

namespace gitops {

/// Fetches what renders need from elsewhere. Calls return at once; done runs on the executor given,
/// exactly once, and always in the end: what is silent is given up. One that hangs holds up nothing
/// else.
class RemoteService
{
public:
    using Handler = std::function<void(core::Result<RemoteContentPtr>)>;
    virtual ~RemoteService() = default;
    /// known: what was found before (null at first); the same pointer comes back where nothing
    /// moved.
    virtual void fetch(const RemoteAddress& address, const RemoteContentPtr& known,
                       core::Executor& executor, Handler done) = 0;
};

} // namespace gitops
