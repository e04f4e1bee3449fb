// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/transport.h"
#include "tests/replay/requestscript.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace tests {

/// Sends scripts to an API server and keeps its answers, masked. A script that speaks of "$ns" gets
/// a namespace of its own, which is ready for pods when the first request goes out.
class Replayer
{
public:
    explicit Replayer(gitops::Transport& transport);
    /// To the server of a kubeconfig's current context.
    static core::Result<std::unique_ptr<gitops::Transport>>
    connect(const std::filesystem::path& kubeconfig);

    /// An array of one object for each step: do, status, body, and warnings, type, allow and
    /// retryAfter where the answer has them. The error: no answer, or not the awaited one in time.
    core::Result<core::Json> replay(const RequestScript& script);

private:
    struct Run;

    core::Result<core::HttpResponse> send(core::HttpRequest request);
    core::Result<core::HttpResponse> sendStep(Run& run, const RequestStep& step);
    core::Result<core::HttpResponse> watch(core::HttpRequest request, int events);
    core::Result<void> makeNamespace(const std::string& name);

    gitops::Transport& m_transport;
};

} // namespace tests
