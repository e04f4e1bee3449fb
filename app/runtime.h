// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/base/error.h"
#include "gitops/engine/engine.h"

#include <memory>
#include <string>
#include <vector>

namespace app {

/// The real engine with everything that it needs, put together from the command line and the
/// configuration: threads, transport, Git, state, and a practice cluster where one is asked for.
/// Made and destroyed by the main thread; destroying it stops the engine in order (Leases are given
/// back) and may take a second.
class Runtime
{
public:
    enum class Access
    {
        ReadOnly,
        ReadWrite
    };
    static core::Result<std::unique_ptr<Runtime>> start(const Options& options, Access access);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    gitops::Engine& engine();
    /// The applications that were given, in order; their children are not among them.
    const std::vector<core::Application>& roots() const;
    /// Hands the roots to the engine: subscribe first.
    void addRoots();
    /// Where the practice cluster's kubeconfig stands, "" without one.
    const std::string& practiceKubeconfig() const;

private:
    struct Private;
    explicit Runtime(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace app
