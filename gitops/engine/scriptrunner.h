// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/status.h"
#include "core/value/json.h"

#include <string>
#include <vector>

namespace gitops {

/// Runs what users wrote. Answers within a second or so of processor time, or says that it did not.
/// Any thread.
class ScriptRunner
{
public:
    virtual ~ScriptRunner() = default;
    /// JSON pointers of what a jq expression selects in an object. Invalid: it is no expression.
    /// LimitExceeded: it takes too long, or too much memory.
    virtual core::Result<std::vector<std::string>> select(const std::string& expression,
                                                          const core::Json& object) = 0;
    /// What a health script (Lua) says of an object; no status: it has none.
    virtual core::Result<core::HealthAssessment>
    judge(const std::string& script, bool openLibraries, const core::Json& object) = 0;
};

} // namespace gitops
