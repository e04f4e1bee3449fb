// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/recordingtree.h"

#include <algorithm>

namespace gitops {

RecordingTree::RecordingTree(FileTreePtr tree, const RenderLimits& limits)
    : m_tree(std::move(tree))
    , m_limits(limits)
{
}

core::Result<TreeEntry> RecordingTree::entry(std::string_view path) const
{
    auto found = m_tree->entry(path);
    if (found)
        m_inputs.emplace(path, found->id);
    else if (found.error().code == core::ErrorCode::NotFound)
        m_inputs.emplace(path, "");
    return found;
}

core::Result<std::vector<TreeEntry>> RecordingTree::list(std::string_view path) const
{
    if (auto folder = entry(path); !folder)
        return std::unexpected(std::move(folder.error()));
    return m_tree->list(path);
}

core::Result<std::string> RecordingTree::read(std::string_view path, std::uint64_t maxBytes) const
{
    if (auto file = entry(path); !file)
        return std::unexpected(std::move(file.error()));
    const auto passed = [&](std::string message) {
        return core::failure(core::ErrorCode::LimitExceeded, std::move(message),
                             {.file = std::string(path)}, core::Fault::Repository);
    };
    if (++m_files > m_limits.files)
        return passed("the render reads more than " + std::to_string(m_limits.files) + " files");
    auto text = m_tree->read(path, std::min(maxBytes, m_limits.fileBytes));
    if (!text)
        return text;
    m_bytes += text->size();
    if (m_bytes > m_limits.totalBytes)
        return passed("the render reads more than " + std::to_string(m_limits.totalBytes)
                      + " bytes");
    return text;
}

core::Result<std::string> RecordingTree::resolve(std::string_view path) const
{
    return m_tree->resolve(path);
}

std::vector<std::pair<std::string, std::string>> RecordingTree::inputs() const
{
    return {m_inputs.begin(), m_inputs.end()};
}

} // namespace gitops
