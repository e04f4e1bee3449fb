// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/http.h"

#include <chrono>
#include <optional>
#include <random>

namespace gitops {

/// What may be sent again after which answer.
enum class RequestKind
{
    Read,
    RepeatableWrite, ///< done twice it ends the same: server-side apply, delete by uid
    SingleWrite, ///< create, replace, JSON patch
};

/// How long to wait before the next try, or nullopt to give the answer to the caller. attempt
/// counts from 1. 429 and 5xx with Retry-After are tried ten times; reads also without and after
/// broken connections; a write whose outcome is unknown never.
std::optional<std::chrono::milliseconds> retryDelay(RequestKind kind, int attempt,
                                                    const core::Result<core::HttpResponse>& answer,
                                                    std::minstd_rand& random);

/// first, twice that, … up to limit, each between half and the whole of it at random.
std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds first,
                                  std::chrono::milliseconds limit, std::minstd_rand& random);

} // namespace gitops
