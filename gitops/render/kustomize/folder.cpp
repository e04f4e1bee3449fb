// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/render/kustomize/buildcontext.h"

#include <filesystem>

namespace gitops::kustomize {

namespace {

bool isInside(std::string_view path, std::string_view folder)
{
    return folder.empty() || path == folder
        || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::string shownPath(const std::string& folder, const std::string& path)
{
    std::string shown = (std::filesystem::path(folder) / path).lexically_normal().string();
    while (shown.ends_with('/'))
        shown.pop_back();
    return shown == "." ? "" : shown;
}

/// What Kustomize would fetch from elsewhere.
bool looksRemote(std::string_view path)
{
    return path.find("://") != std::string_view::npos || path.starts_with("git@")
        || path.starts_with("github.com/") || path.starts_with("git::")
        || path.find("?ref=") != std::string_view::npos;
}

} // namespace

core::Place BuildContext::placeOf(const core::YamlNode* node) const
{
    if (!node)
        return {};
    return {.file = yaml.fileName(node->file), .line = node->line, .column = node->column};
}

std::unexpected<core::Error> BuildContext::invalid(std::string message,
                                                   const core::YamlNode* at) const
{
    return core::failure(core::ErrorCode::Invalid, std::move(message), placeOf(at),
                         core::Fault::Repository);
}

core::Result<Folder> Folder::root(BuildContext& context, std::string_view path)
{
    auto normalised = normalisedPath(path);
    if (!normalised)
        return std::unexpected(std::move(normalised.error()));
    auto real = context.files.resolve(*normalised);
    if (!real)
        return std::unexpected(std::move(real.error()));
    Folder folder;
    folder.m_context = &context;
    folder.m_path = std::move(*real);
    return folder;
}

core::Result<TreeEntry> Folder::find(const Text& path) const
{
    const auto bad = [&](core::ErrorCode code, std::string message) {
        return core::failure(code, std::move(message), m_context->placeOf(path.from),
                             core::Fault::Repository);
    };
    if (path.isEmpty())
        return bad(core::ErrorCode::Invalid, "an empty path stands here");
    const std::string shown = "'" + core::sanitised(path.value) + "'";
    const bool isRemote = looksRemote(path.value);
    if (path.value.starts_with('/'))
        return bad(core::ErrorCode::Invalid,
                   "the absolute path " + shown
                       + " cannot be read; only what is in the "
                         "repository is");
    auto joined = joinedPath(m_path, path.value);
    if (joined) {
        auto found = m_context->files.entry(*joined);
        if (found)
            return found;
        if (found.error().code != core::ErrorCode::NotFound) {
            found.error().place = m_context->placeOf(path.from);
            return found;
        }
    }
    if (isRemote)
        return bad(core::ErrorCode::Unsupported,
                   shown + " is not in the repository, and remote sources are not loaded");
    if (!joined)
        return bad(core::ErrorCode::Invalid, shown + " leads out of the repository");
    return bad(core::ErrorCode::NotFound, "there is no " + shown + " in '" + m_path + "'");
}

std::string Folder::pathOf(const Text& path) const
{
    return joinedPath(m_path, path.value).value_or(path.value);
}

OriginPtr Folder::originOf(const Text& path) const
{
    if (!m_context->keepsOrigins)
        return nullptr;
    return std::make_shared<const Origin>(Origin {.path = shownPath(m_shown, path.value)});
}

OriginPtr Folder::configured(std::string_view apiVersion, std::string_view kind) const
{
    if (!m_context->keepsOrigins)
        return nullptr;
    return std::make_shared<const Origin>(Origin {.configuredIn = shownPath(m_shown, fileName()),
                                                  .apiVersion = std::string(apiVersion),
                                                  .kind = std::string(kind)});
}

core::Result<std::string> Folder::read(const Text& path) const
{
    auto entry = find(path);
    if (!entry)
        return std::unexpected(std::move(entry.error()));
    if (entry->type != TreeEntry::Type::File)
        return m_context->invalid("'" + path.value + "' is no file", path.from);
    const std::string full = pathOf(path);
    auto real = m_context->files.resolve(full);
    if (!real)
        return std::unexpected(std::move(real.error()));
    if (m_context->restrictLoads && !isInside(*real, m_path))
        return m_context->invalid("the file '" + path.value + "' is not in or below the folder '"
                                      + m_path + "' of its kustomization",
                                  path.from);
    return m_context->files.read(full, m_context->limits.fileBytes);
}

core::Result<Folder> Folder::enter(const Text& path) const
{
    auto real = m_context->files.resolve(pathOf(path));
    if (!real)
        return std::unexpected(std::move(real.error()));
    if (m_depth + 1 > m_context->limits.kustomizationDepth)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "kustomizations are nested more than "
                                 + std::to_string(m_context->limits.kustomizationDepth)
                                 + " levels deep",
                             m_context->placeOf(path.from), core::Fault::Repository);
    for (const Folder* folder = this; folder; folder = folder->m_from)
        if (isInside(folder->m_path, *real))
            return m_context->invalid("cycle detected: '" + path.value + "' contains '"
                                          + folder->m_path + "', which leads here",
                                      path.from);
    Folder entered;
    entered.m_context = m_context;
    entered.m_from = this;
    entered.m_path = std::move(*real);
    entered.m_depth = m_depth + 1;
    entered.m_shown = shownPath(m_shown, path.value);
    return entered;
}

} // namespace gitops::kustomize
