// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitservice.h"
#include "tests/support/manualexecutor.h"

#include <optional>
#include <string>

namespace tests {

/// Asks a GitService and waits for its answer.
inline core::Result<gitops::Revision> resolve(gitops::GitService& service, const std::string& url,
                                              const std::string& revision,
                                              const std::string& previous = {})
{
    ManualExecutor executor;
    std::optional<core::Result<gitops::Revision>> result;
    service.resolve(url, revision, previous, executor,
                    [&](core::Result<gitops::Revision> answer) { result = std::move(answer); });
    if (!executor.runUntil([&] { return result.has_value(); }, std::chrono::seconds(60)))
        return core::failure(core::ErrorCode::Internal, "no answer came");
    return std::move(*result);
}

} // namespace tests
