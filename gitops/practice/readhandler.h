// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcerequest.h"
#include "gitops/practice/watchhub.h"

namespace gitops::practice {

/// GET and LIST, and what a WATCH asks for. Reads only. One thread.
class ReadHandler
{
public:
    ReadHandler(const ObjectStore& store, const core::Clock& clock);

    Answer get(const ResourceRequest& request) const;
    Answer list(const ResourceRequest& request) const;
    ApiResult<WatchRequest> watch(const ResourceRequest& request) const;

private:
    struct Start;
    ApiResult<Start> startOf(const ResourceRequest& request) const;
    const ObjectStore& m_store;
    const core::Clock& m_clock;
};

} // namespace gitops::practice
