// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/remotecontent.h"
#include "gitops/render/recordingtree.h"
#include "gitops/render/renderer.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// What one render knows of elsewhere, and what it finds out that it needs: it fetches nothing
/// itself. What is not known yet is noted, so that somebody else fetches it and renders again.
class RemoteLookup
{
public:
    /// wanted may be null: then nothing from elsewhere is to be had.
    RemoteLookup(const RenderRequest& request, std::vector<RemoteAddress>* wanted);

    /// Whether anything from elsewhere is to be had; else find must not be called.
    bool isAllowed() const { return m_wanted; }
    /// What stands there; a null pointer when it has to be fetched first. An error when it could
    /// not be had, or may not be asked for. fromHere: the main tree names it, not a remote one.
    core::Result<RemoteContentPtr> find(const RemoteAddress& address, bool fromHere);
    /// It was fetched and is good.
    bool isAtHand(const RemoteAddress& address) const;
    /// A repository's tree, within the limits of the render.
    const FileTree& treeOf(const RemoteAddress& address, const RemoteContent& content);

    bool isWaiting() const { return m_wanted && m_wanted->size() > m_wantedBefore; }
    /// Address and RemoteContent::id ("" of what could not be had) of all that was asked for.
    std::vector<std::pair<RemoteAddress, std::string>> used() const;

private:
    core::Result<void> check(const RemoteAddress& address, bool fromHere) const;

    const RenderRequest& m_request;
    std::vector<RemoteAddress>* m_wanted;
    std::size_t m_wantedBefore = 0;
    std::map<RemoteAddress, std::string> m_used;
    std::map<RemoteAddress, std::unique_ptr<RecordingTree>> m_trees;
};

} // namespace gitops
