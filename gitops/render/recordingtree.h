// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/renderer.h"

#include <map>

namespace gitops {

/// A tree that remembers what was asked of it and keeps to a render's limits. The record is what a
/// render depends on.
class RecordingTree : public FileTree
{
public:
    RecordingTree(FileTreePtr tree, const RenderLimits& limits);

    core::Result<TreeEntry> entry(std::string_view path) const override;
    core::Result<std::vector<TreeEntry>> list(std::string_view path) const override;
    core::Result<std::string> read(std::string_view path,
                                   std::uint64_t maxBytes = 32u << 20) const override;
    core::Result<std::string> resolve(std::string_view path) const override;

    /// Path and object id, "" for what was absent; sorted by path.
    std::vector<std::pair<std::string, std::string>> inputs() const;

private:
    FileTreePtr m_tree;
    RenderLimits m_limits;
    mutable std::map<std::string, std::string, std::less<>> m_inputs;
    mutable std::uint64_t m_bytes = 0;
    mutable std::size_t m_files = 0;
};

} // namespace gitops
