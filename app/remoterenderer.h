// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/settings.h"
#include "gitops/git/remoteurl.h"
#include "gitops/render/renderer.h"

#include <memory>
#include <vector>

namespace app {

/// Renders for a command that waits: what a tree needs from elsewhere is fetched, all of it at the
/// same time, and it is rendered again until nothing is missing. One thread.
class RemoteRenderer
{
public:
    RemoteRenderer(const Options& options, const Settings& settings);
    ~RemoteRenderer();

    /// request.isOnThisMachine is decided here where the source names its repository.
    core::Result<gitops::RenderedPtr> render(gitops::RenderRequest request);

private:
    struct Fetching;
    void fetch(const std::vector<gitops::RemoteAddress>& wanted);

    const std::string m_cacheFolder;
    std::vector<gitops::InsteadOf> m_rules;
    gitops::RemoteContents m_contents; ///< of all that was fetched so far
    std::unique_ptr<Fetching> m_fetching; ///< made when something is wanted
};

} // namespace app
