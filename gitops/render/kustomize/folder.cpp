// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/git/remoteurl.h"
#include "gitops/render/kustomize/build.h"
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

/// Kustomize's name of an unnamed folder slips in where an entry names no path of its repository.
std::string shownRemotePath(const RepoSpec& spec)
{
    return spec.path.empty() ? "notCloned" : shownPath("", spec.path);
}

std::string shownEntry(std::string_view entry)
{
    return core::sanitised(withoutUser(entry));
}

bool namesElsewhere(std::string_view path)
{
    return isWebUrl(path) || parseRepoSpec(path).has_value();
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

core::Result<std::string> findKustomization(const FileTree& files, std::string_view folder)
{
    std::string found;
    for (const char* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
        const std::string path = (folder.empty() ? "" : std::string(folder) + '/') + name;
        auto entry = files.entry(path);
        if (!entry && entry.error().code != core::ErrorCode::NotFound)
            return std::unexpected(std::move(entry.error()));
        if (!entry || entry->type != TreeEntry::Type::File)
            continue;
        if (!found.empty())
            return core::failure(core::ErrorCode::Invalid,
                                 "the folder has more than one kustomization file: '" + found
                                     + "' and '" + path + "'",
                                 {.file = path}, core::Fault::Repository);
        found = path;
    }
    if (found.empty())
        return core::failure(core::ErrorCode::NotFound, "the folder has no kustomization.yaml",
                             {.file = folder.empty() ? "." : std::string(folder)},
                             core::Fault::Repository);
    return found;
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
    folder.m_files = &context.files;
    folder.m_path = std::move(*real);
    return folder;
}

core::Error Folder::placed(core::Error error) const
{
    if (isRemote() && !error.place.file.empty() && !error.place.file.starts_with(m_prefix))
        error.place.file.insert(0, m_prefix);
    return error;
}

core::Result<TreeEntry> Folder::find(const Text& path) const
{
    const auto bad = [&](core::ErrorCode code, std::string message) {
        return core::failure(code, std::move(message), m_context->placeOf(path.from),
                             core::Fault::Repository);
    };
    if (path.isEmpty())
        return bad(core::ErrorCode::Invalid, "an empty path stands here");
    const std::string shown = "'" + shownEntry(path.value) + "'";
    if (path.value.starts_with('/'))
        return bad(core::ErrorCode::Invalid,
                   "the absolute path " + shown
                       + " cannot be read; only what is in the "
                         "repository is");
    auto joined = joinedPath(m_path, path.value);
    if (joined) {
        auto found = m_files->entry(*joined);
        if (found)
            return found;
        if (found.error().code != core::ErrorCode::NotFound) {
            found.error().place = m_context->placeOf(path.from);
            return found;
        }
    }
    if (namesElsewhere(path.value))
        return bad(core::ErrorCode::NotFound, shown + " is not in the repository");
    if (!joined)
        return bad(core::ErrorCode::Invalid, shown + " leads out of the repository");
    return bad(core::ErrorCode::NotFound,
               "there is no " + shown + " in '" + m_prefix + m_path + "'");
}

bool Folder::isElsewhere(const Text& path) const
{
    if (!namesElsewhere(path.value))
        return false;
    const auto joined = joinedPath(m_path, path.value);
    return !joined || !m_files->entry(*joined);
}

core::Result<RemoteContentPtr> Folder::fetched(const RemoteAddress& address,
                                               const Text& entry) const
{
    if (!m_context->remotes.isAllowed())
        return core::failure(core::ErrorCode::Unsupported,
                             "'" + shownEntry(entry.value)
                                 + "' is not in the repository, and remote sources are not loaded",
                             m_context->placeOf(entry.from), core::Fault::Repository);
    auto content = m_context->remotes.find(address, !isRemote());
    if (content)
        return content;
    core::Error error = std::move(content.error());
    if (!error.place.object.empty()) // told by whoever fetched it
        error.message = "'" + address.shown() + "' cannot be fetched: " + error.message;
    error.place = m_context->placeOf(entry.from);
    return std::unexpected(std::move(error));
}

std::string Folder::pathOf(const Text& path) const
{
    if (isWebUrl(path.value) && isElsewhere(path))
        return withoutUser(path.value.substr(0, path.value.find('?')));
    return m_prefix + joinedPath(m_path, path.value).value_or(path.value);
}

OriginPtr Folder::originOf(const Text& path) const
{
    if (!m_context->keepsOrigins)
        return nullptr;
    Origin origin {.path = shownPath(m_shown, path.value), .repo = m_repo, .ref = m_ref};
    if (const auto spec = parseRepoSpec(path.value); spec && isElsewhere(path))
        origin = {.path = shownRemotePath(*spec), .repo = spec->cloneUrl, .ref = spec->reference};
    return std::make_shared<const Origin>(std::move(origin));
}

OriginPtr Folder::configured(std::string_view apiVersion, std::string_view kind) const
{
    if (!m_context->keepsOrigins)
        return nullptr;
    return std::make_shared<const Origin>(Origin {.repo = m_repo,
                                                  .ref = m_ref,
                                                  .configuredIn = shownPath(m_shown, fileName()),
                                                  .apiVersion = std::string(apiVersion),
                                                  .kind = std::string(kind)});
}

core::Result<std::string> Folder::read(const Text& path) const
{
    if (isWebUrl(path.value) && isElsewhere(path)) {
        auto content =
            fetched({.kind = RemoteAddress::Kind::File, .url = path.value, .reference = {}}, path);
        if (!content)
            return std::unexpected(std::move(content.error()));
        if (!*content)
            return core::failure(core::ErrorCode::Unavailable,
                                 "'" + shownEntry(path.value) + "' is being fetched",
                                 m_context->placeOf(path.from), core::Fault::Git);
        return (*content)->text;
    }
    auto entry = find(path);
    if (!entry)
        return std::unexpected(std::move(entry.error()));
    if (entry->type != TreeEntry::Type::File)
        return m_context->invalid("'" + path.value + "' is no file", path.from);
    const std::string full = joinedPath(m_path, path.value).value_or(path.value);
    auto real = m_files->resolve(full);
    if (!real)
        return std::unexpected(placed(std::move(real.error())));
    if ((m_context->restrictLoads || isRemote()) && !isInside(*real, m_path))
        return m_context->invalid("the file '" + path.value + "' is not in or below the folder '"
                                      + m_prefix + m_path + "' of its kustomization",
                                  path.from);
    auto text = m_files->read(full, m_context->limits.fileBytes);
    if (!text)
        return std::unexpected(placed(std::move(text.error())));
    return text;
}

core::Result<std::string> Folder::readKustomizationFile()
{
    auto file = findKustomization(*m_files, m_path);
    if (!file)
        return std::unexpected(placed(std::move(file.error())));
    m_file = m_prefix + *file;
    auto text = m_files->read(*file, m_context->limits.fileBytes);
    if (!text)
        return std::unexpected(placed(std::move(text.error())));
    return text;
}

core::Result<Folder> Folder::enter(const Text& path) const
{
    auto real = m_files->resolve(joinedPath(m_path, path.value).value_or(path.value));
    if (!real)
        return std::unexpected(placed(std::move(real.error())));
    auto folder = entered(path, *m_files, std::move(*real));
    if (folder)
        folder->m_shown = shownPath(m_shown, path.value);
    return folder;
}

core::Result<Folder> Folder::enterRemote(const Text& entry, const RepoSpec& spec,
                                         const RemoteContent& content) const
{
    const RemoteAddress address = spec.address();
    const FileTree& files = m_context->remotes.treeOf(address, content);
    const std::string name = address.shown();
    auto path = normalisedPath(spec.path);
    auto found = path ? files.entry(*path) : std::unexpected(path.error());
    if (!found)
        return core::failure(found.error().code, name + ": " + found.error().message,
                             m_context->placeOf(entry.from), core::Fault::Repository);
    if (found->type != TreeEntry::Type::Directory)
        return m_context->invalid(
            "'" + core::sanitised(spec.path) + "' of " + name + " is no folder", entry.from);
    auto real = files.resolve(*path);
    if (!real)
        return std::unexpected(std::move(real.error()));
    auto folder = entered(entry, files, std::move(*real));
    if (!folder)
        return folder;
    folder->m_prefix = name + "//";
    folder->m_repo = spec.cloneUrl;
    folder->m_ref = spec.reference;
    folder->m_shown = shownRemotePath(spec);
    return folder;
}

core::Result<Folder> Folder::entered(const Text& entry, const FileTree& files,
                                     std::string real) const
{
    if (m_depth + 1 > m_context->limits.kustomizationDepth)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "kustomizations are nested more than "
                                 + std::to_string(m_context->limits.kustomizationDepth)
                                 + " levels deep",
                             m_context->placeOf(entry.from), core::Fault::Repository);
    for (const Folder* folder = this; folder; folder = folder->m_from)
        if (folder->m_files == &files && isInside(folder->m_path, real))
            return m_context->invalid("cycle detected: '" + entry.value + "' contains '"
                                          + folder->m_prefix + folder->m_path
                                          + "', which leads here",
                                      entry.from);
    Folder folder = *this;
    folder.m_from = this;
    folder.m_files = &files;
    folder.m_path = std::move(real);
    folder.m_file.clear();
    folder.m_depth = m_depth + 1;
    return folder;
}

} // namespace gitops::kustomize
