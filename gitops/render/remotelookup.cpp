// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/remotelookup.h"

#include "gitops/git/remoteurl.h"

#include <algorithm>

namespace gitops {

RemoteLookup::RemoteLookup(const RenderRequest& request, std::vector<RemoteAddress>* wanted)
    : m_request(request)
    , m_wanted(wanted)
    , m_wantedBefore(wanted ? wanted->size() : 0)
{
}

core::Result<void> RemoteLookup::check(const RemoteAddress& address, bool fromHere) const
{
    const auto refused = [](core::ErrorCode code, std::string message) {
        return core::failure(code, std::move(message), {}, core::Fault::Repository);
    };
    if (!m_used.contains(address) && m_used.size() >= m_request.limits.remotes)
        return refused(core::ErrorCode::LimitExceeded,
                       "the render needs more than " + std::to_string(m_request.limits.remotes)
                           + " remote sources");
    const auto url = parseRemoteUrl(address.url);
    if (!url)
        return refused(url.error().code,
                       "'" + address.shown() + "' cannot be fetched: " + url.error().message);
    if ((url->local || url->loopback) && !(fromHere && m_request.isOnThisMachine))
        return refused(core::ErrorCode::Forbidden,
                       "'" + address.shown()
                           + "' is on this machine, and what comes from elsewhere may not name it");
    return {};
}

core::Result<RemoteContentPtr> RemoteLookup::find(const RemoteAddress& address, bool fromHere)
{
    if (auto good = check(address, fromHere); !good) {
        m_wanted->resize(m_wantedBefore); // whatever is fetched, it stays refused
        return std::unexpected(std::move(good.error()));
    }
    std::string& id = m_used[address];
    if (m_request.remotes)
        if (const auto known = m_request.remotes->find(address);
            known != m_request.remotes->end()) {
            if (known->second && *known->second)
                id = (*known->second)->id;
            return known->second;
        }
    if (std::ranges::find(*m_wanted, address) == m_wanted->end())
        m_wanted->push_back(address);
    return RemoteContentPtr();
}

bool RemoteLookup::isAtHand(const RemoteAddress& address) const
{
    if (!m_request.remotes)
        return false;
    const auto known = m_request.remotes->find(address);
    return known != m_request.remotes->end() && known->second && *known->second;
}

const FileTree& RemoteLookup::treeOf(const RemoteAddress& address, const RemoteContent& content)
{
    auto& tree = m_trees[address];
    if (!tree)
        tree = std::make_unique<RecordingTree>(content.tree, m_request.limits);
    return *tree;
}

std::vector<std::pair<RemoteAddress, std::string>> RemoteLookup::used() const
{
    return {m_used.begin(), m_used.end()};
}

} // namespace gitops
