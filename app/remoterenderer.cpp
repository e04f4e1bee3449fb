// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remoterenderer.h"

#include "gitops/engine/threadexecutor.h"
#include "gitops/git/remotefetcher.h"

#include <algorithm>
#include <future>

namespace app {

/// The fetcher goes first: it posts to the strand.
struct RemoteRenderer::Fetching
{
    explicit Fetching(gitops::GitOptions git)
        : strand(pool.strand())
        , fetcher({.git = std::move(git)})
    {
    }
    gitops::ThreadPool pool {1, "fetch"};
    std::shared_ptr<core::Executor> strand;
    gitops::RemoteFetcher fetcher;
};

RemoteRenderer::RemoteRenderer(const Options& options, const Settings& settings)
    : m_cacheFolder(options.cacheFolder)
{
    for (const auto& [prefix, base] : settings.insteadOf)
        m_rules.push_back({prefix, base});
}

RemoteRenderer::~RemoteRenderer() = default;

core::Result<gitops::RenderedPtr> RemoteRenderer::render(gitops::RenderRequest request)
{
    if (const std::string& url = request.source.repoUrl; !url.empty())
        request.isOnThisMachine = gitops::isLocalRepository(url, m_rules);
    for (;;) {
        std::vector<gitops::RemoteAddress> wanted;
        request.remotes = std::make_shared<const gitops::RemoteContents>(m_contents);
        auto rendered = gitops::render(request, &wanted);
        std::erase_if(wanted, [&](const auto& address) { return m_contents.contains(address); });
        if (wanted.empty())
            return rendered;
        fetch(wanted);
    }
}

void RemoteRenderer::fetch(const std::vector<gitops::RemoteAddress>& wanted)
{
    if (!m_fetching) {
        gitops::GitOptions git;
        git.cacheFolder = m_cacheFolder;
        git.insteadOf = m_rules;
        m_fetching = std::make_unique<Fetching>(std::move(git));
    }
    using Answer = core::Result<gitops::RemoteContentPtr>;
    std::vector<std::future<Answer>> answers;
    for (const gitops::RemoteAddress& address : wanted) {
        auto promise = std::make_shared<std::promise<Answer>>();
        answers.push_back(promise->get_future());
        m_fetching->fetcher.fetch(address, nullptr, *m_fetching->strand, [promise](Answer answer) {
            promise->set_value(std::move(answer));
        });
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
        m_contents.emplace(wanted[i], answers[i].get());
}

} // namespace app
