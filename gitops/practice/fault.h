// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"

#include <functional>
#include <optional>

namespace gitops::practice {

/// What a test may have the server do instead of, or after, its work.
struct Fault
{
    enum class Kind
    {
        Answer, ///< this answer, and nothing is done: 401, 429 with Retry-After, 500, garbage
        ResetBefore, ///< the connection breaks and nothing was done
        ResetAfter, ///< it was done, and the connection breaks before the answer
        Silence, ///< nothing is done and no answer comes
    } kind = Kind::Answer;
    core::HttpResponse answer = {};
};

/// Asked before every request; nullopt: work as usual.
using FaultHook = std::function<std::optional<Fault>(const core::HttpRequest&)>;

/// The status of a response that says: break the connection, send nothing.
inline constexpr int kStatusReset = 0;
/// … and: keep the connection open, never answer.
inline constexpr int kStatusSilence = -1;

} // namespace gitops::practice
