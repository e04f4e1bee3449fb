// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strings.h"
#include "gitops/git/filetree.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

enum class NodeType
{
    File,
    Directory,
    Link,
    Submodule
};

/// What a FileTree's walk stands on. Handle is the tree's own: an object id, a descriptor, a
/// pointer.
template<class Handle>
struct Node
{
    NodeType type = NodeType::File;
    Handle handle;
};

/// Where a walk ended, after all symbolic links.
template<class Handle>
struct Walked
{
    std::string path;
    Node<Handle> node;
};

/// A path, or a link's target, made safe for a message.
inline std::string shown(std::string_view path)
{
    return path.empty() ? std::string("the root") : core::sanitised(path);
}

inline std::unexpected<core::Error> treeFailure(core::ErrorCode code, std::string message,
                                                std::string_view file)
{
    return core::failure(code, std::move(message), {.file = core::sanitised(file)},
                         core::Fault::Repository);
}

/// Goes down a tree name by name, through symbolic links, and never above the root. One walk for
/// every kind of tree, so that they all confine alike. Source has
///   using Handle = …;
///   Handle root();
///   core::Result<std::optional<Node<Handle>>> child(const Handle& directory, const std::string&);
///   core::Result<std::string> linkTarget(const Handle& link);
/// A walk costs at most kMaxLinks links and kMaxSteps names.
template<class Source>
class TreeWalk
{
public:
    using Handle = typename Source::Handle;
    static constexpr int kMaxLinks = 40; ///< as Linux's own limit
    static constexpr int kMaxSteps = 4096;

    explicit TreeWalk(Source& source)
        : m_source(source)
    {
    }

    core::Result<Walked<Handle>> walk(std::string_view path)
    {
        core::Result<std::string> normalised = normalisedPath(path);
        if (!normalised)
            return std::unexpected(std::move(normalised.error()));
        m_asked = *normalised;
        Position at;
        at.nodes.push_back({NodeType::Directory, m_source.root()});
        return run(std::move(at), m_asked);
    }

private:
    struct Position
    {
        std::vector<std::string> names;
        std::vector<Node<Handle>> nodes; ///< of the root and of each name

        std::string path() const { return core::join(names, "/"); }
    };
    struct Step
    {
        std::string name;
        int link; ///< index of the link that it came from, -1: asked for
    };
    struct Link
    {
        std::string path;
        std::string target;
    };

    core::Result<Walked<Handle>> run(Position at, std::string_view path)
    {
        push(path, -1, false);
        for (int steps = 0; !m_steps.empty(); ++steps) {
            Step step = std::move(m_steps.front());
            m_steps.pop_front();
            if (steps >= kMaxSteps)
                return treeFailure(core::ErrorCode::Invalid,
                                   "The path goes through too many folders and links.", m_asked);
            if (step.name.empty() || step.name == ".")
                continue;
            if (core::Result<void> done = advance(at, step); !done)
                return std::unexpected(std::move(done.error()));
        }
        return Walked<Handle> {at.path(), std::move(at.nodes.back())};
    }

    core::Result<void> advance(Position& at, const Step& step)
    {
        if (at.nodes.back().type == NodeType::Submodule)
            return treeFailure(core::ErrorCode::Unsupported,
                               "\"" + shown(at.path())
                                   + "\" is a Git submodule, which Wavewright does not read.",
                               m_asked);
        if (at.nodes.back().type != NodeType::Directory)
            return missing(step, "\"" + shown(at.path()) + "\" is a file, not a folder.");
        if (step.name == "..") {
            if (at.names.empty())
                return leaves(step);
            at.names.pop_back();
            at.nodes.pop_back();
            return {};
        }
        if (core::equalsIgnoringCase(step.name, ".git"))
            return treeFailure(core::ErrorCode::Invalid,
                               "Git's own folder is not part of the tree.", m_asked);
        core::Result<std::optional<Node<Handle>>> child =
            m_source.child(at.nodes.back().handle, step.name);
        if (!child)
            return std::unexpected(std::move(child.error()));
        std::string childPath = at.names.empty() ? step.name : at.path() + '/' + step.name;
        if (!*child)
            return missing(step, "There is no file or folder \"" + shown(childPath) + "\".");
        if ((*child)->type == NodeType::Link)
            return follow((*child)->handle, std::move(childPath));
        at.names.push_back(step.name);
        at.nodes.push_back(std::move(**child));
        return {};
    }

    core::Result<void> follow(const Handle& link, std::string linkPath)
    {
        core::Result<std::string> target = m_source.linkTarget(link);
        if (!target)
            return std::unexpected(std::move(target.error()));
        m_links.push_back({std::move(linkPath), std::move(*target)});
        const Link& last = m_links.back();
        if (int(m_links.size()) > kMaxLinks)
            return treeFailure(core::ErrorCode::Invalid,
                               "The symbolic link leads in a circle, or through too many others.",
                               m_links.front().path);
        if (last.target.empty() || last.target.starts_with('/')
            || last.target.find('\0') != std::string::npos)
            return treeFailure(core::ErrorCode::Invalid,
                               "The symbolic link to \"" + core::sanitised(last.target)
                                   + "\" leads out of the repository.",
                               last.path);
        push(last.target, int(m_links.size()) - 1, true);
        return {};
    }

    void push(std::string_view path, int link, bool front)
    {
        std::deque<Step> steps;
        for (std::string_view name : core::split(path, '/'))
            steps.push_back({std::string(name), link});
        m_steps.insert(front ? m_steps.begin() : m_steps.end(), steps.begin(), steps.end());
    }

    core::Result<void> missing(const Step& step, std::string message) const
    {
        if (step.link < 0)
            return treeFailure(core::ErrorCode::NotFound, std::move(message), m_asked);
        const Link& link = m_links[std::size_t(step.link)];
        return treeFailure(core::ErrorCode::Invalid,
                           "The symbolic link to \"" + core::sanitised(link.target)
                               + "\" leads nowhere: " + message,
                           link.path);
    }

    core::Result<void> leaves(const Step& step) const
    {
        if (step.link < 0)
            return treeFailure(core::ErrorCode::Invalid, "The path leads out of the repository.",
                               m_asked);
        const Link& link = m_links[std::size_t(step.link)];
        return treeFailure(core::ErrorCode::Invalid,
                           "The symbolic link to \"" + core::sanitised(link.target)
                               + "\" leads out of the repository.",
                           link.path);
    }

    Source& m_source;
    std::string m_asked;
    std::deque<Step> m_steps;
    std::vector<Link> m_links;
};

/// The errors that every tree answers with in the same words.
inline std::unexpected<core::Error> notADirectory(std::string_view path, NodeType type)
{
    if (type == NodeType::Submodule)
        return treeFailure(core::ErrorCode::Unsupported,
                           "This is a Git submodule, which Wavewright does not read.", path);
    return treeFailure(core::ErrorCode::Invalid, "This is a file, not a folder.", path);
}

inline std::unexpected<core::Error> notAFile(std::string_view path, NodeType type)
{
    if (type == NodeType::Submodule)
        return treeFailure(core::ErrorCode::Unsupported,
                           "This is a Git submodule, which Wavewright does not read.", path);
    return treeFailure(core::ErrorCode::Invalid, "This is a folder, not a file.", path);
}

inline std::unexpected<core::Error> tooLarge(std::string_view path, std::uint64_t size,
                                             std::uint64_t maxBytes)
{
    return treeFailure(core::ErrorCode::LimitExceeded,
                       "The file has " + std::to_string(size) + " bytes; at most "
                           + std::to_string(maxBytes) + " are read.",
                       path);
}

inline std::unexpected<core::Error> lfsPointer(std::string_view path)
{
    return treeFailure(core::ErrorCode::Unsupported,
                       "Git holds only a Git LFS pointer here, and Wavewright does not fetch "
                       "from LFS.",
                       path);
}

/// The last component of a path as asked for.
inline std::string lastName(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

} // namespace gitops
