// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/renderer.h"
#include "gitops/render/variables.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

namespace gitops {

namespace {

/// All of a request but its tree, as one text.
std::string keyOf(const RenderRequest& request)
{
    std::string key;
    const auto add = [&](std::string_view part) {
        key += std::to_string(part.size());
        key.append(1, ':').append(part);
    };
    const auto addMap = [&](const auto& pairs) {
        add(std::to_string(pairs.size()));
        for (const auto& [name, value] : pairs) {
            add(name);
            add(value);
        }
    };
    const auto addList = [&](const std::vector<std::string>& list) {
        add(std::to_string(list.size()));
        for (const std::string& item : list)
            add(item);
    };
    add(normalisedPath(request.path).value_or(request.path));
    add(request.restrictLoads ? "1" : "0");
    add(request.explain ? "1" : "0");
    add(request.isOnThisMachine ? "1" : "0");
    const core::DirectoryOptions& directory = request.source.directory;
    add(directory.recurse ? "1" : "0");
    add(directory.include);
    add(directory.exclude);
    add(directory.disableExtensionFilter ? "1" : "0");
    const core::KustomizeOptions& kustomize = request.source.kustomize;
    add(kustomize.namePrefix);
    add(kustomize.nameSuffix);
    add(kustomize.namespaceName);
    addList(kustomize.images);
    for (const auto& [name, count] : kustomize.replicas) {
        add(name);
        add(std::to_string(count));
    }
    add("");
    addMap(kustomize.commonLabels);
    addMap(kustomize.commonAnnotations);
    addList(kustomize.patches);
    addList(kustomize.components);
    for (const bool flag : {kustomize.forceCommonLabels, kustomize.forceCommonAnnotations,
                            kustomize.labelWithoutSelector, kustomize.labelIncludeTemplates,
                            kustomize.ignoreMissingComponents})
        add(flag ? "1" : "0");
    const RenderLimits& limits = request.limits;
    for (const std::uint64_t limit :
         {limits.fileBytes, limits.totalBytes, std::uint64_t(limits.objects),
          std::uint64_t(limits.files), std::uint64_t(limits.kustomizationDepth),
          std::uint64_t(limits.remotes)})
        add(std::to_string(limit));
    return key;
}

std::string idAt(const FileTree& tree, const std::string& path)
{
    const auto entry = tree.entry(path);
    return entry ? entry->id : std::string();
}

/// Whether the tree still holds at every path what a render read there. A folder with an unchanged
/// id vouches for all below it, so the request's own folder is asked first.
bool holds(const FileTree& tree, const std::string& folder, const Rendered& rendered)
{
    const auto& inputs = rendered.inputs;
    const auto known = std::find_if(inputs.begin(), inputs.end(),
                                    [&](const auto& input) { return input.first == folder; });
    const bool isFolderSame =
        known != inputs.end() && !known->second.empty() && idAt(tree, folder) == known->second;
    const std::string below = folder.empty() ? "" : folder + '/';
    return std::all_of(inputs.begin(), inputs.end(), [&](const auto& input) {
        const bool isBelow = input.first == folder || input.first.starts_with(below);
        return (isFolderSame && isBelow) || idAt(tree, input.first) == input.second;
    });
}

/// The same of what came from elsewhere. What is not known any more may be another by now.
bool holdsRemotes(const RemoteContents* known, const Rendered& rendered)
{
    return std::ranges::all_of(rendered.remotes, [&](const auto& used) {
        const auto found = known ? known->find(used.first) : RemoteContents::const_iterator();
        if (!known || found == known->end())
            return false;
        const bool isGood = found->second && *found->second;
        return used.second == (isGood ? (*found->second)->id : std::string());
    });
}

} // namespace

struct RenderCache::Private
{
    struct Entry
    {
        std::string key;
        RenderedPtr rendered;
    };
    using Entries = std::list<Entry>; ///< used last comes first

    std::mutex mutex;
    Entries entries;
    std::unordered_multimap<std::string, Entries::iterator> byKey;
    std::size_t maxEntries = 0;
    std::atomic<std::uint64_t> hits {0};
    std::atomic<std::uint64_t> misses {0};

    std::vector<RenderedPtr> candidates(const std::string& key)
    {
        const std::scoped_lock lock(mutex);
        std::vector<RenderedPtr> found;
        const auto [first, last] = byKey.equal_range(key);
        for (auto at = first; at != last; ++at)
            found.push_back(at->second->rendered);
        return found;
    }

    void touch(const std::string& key, const RenderedPtr& rendered)
    {
        const std::scoped_lock lock(mutex);
        const auto [first, last] = byKey.equal_range(key);
        for (auto at = first; at != last; ++at)
            if (at->second->rendered == rendered)
                entries.splice(entries.begin(), entries, at->second);
    }

    void insert(const std::string& key, RenderedPtr rendered)
    {
        const std::scoped_lock lock(mutex);
        entries.push_front({key, std::move(rendered)});
        byKey.emplace(key, entries.begin());
        // A few commits back per request are worth keeping; more only make lookups long.
        constexpr std::size_t kMostPerKey = 8;
        while (byKey.count(key) > kMostPerKey)
            eraseOldest(key);
        while (entries.size() > maxEntries)
            erase(std::prev(entries.end()));
    }

    void eraseOldest(const std::string& key)
    {
        for (auto at = std::prev(entries.end());; --at) {
            if (at->key == key)
                return erase(at);
            if (at == entries.begin())
                return;
        }
    }

    void erase(Entries::iterator entry)
    {
        const auto [first, last] = byKey.equal_range(entry->key);
        for (auto at = first; at != last; ++at) {
            if (at->second != entry)
                continue;
            byKey.erase(at);
            break;
        }
        entries.erase(entry);
    }
};

RenderCache::RenderCache(std::size_t maxEntries)
    : d(std::make_unique<Private>())
{
    d->maxEntries = std::max<std::size_t>(maxEntries, 1);
}

RenderCache::~RenderCache() = default;

core::Result<RenderedPtr> RenderCache::render(const RenderRequest& asked,
                                              std::vector<RemoteAddress>* wanted)
{
    if (!asked.tree)
        return gitops::render(asked, wanted);
    const RenderRequest request = withVariables(asked);
    const std::string key = keyOf(request);
    const std::string folder = normalisedPath(request.path).value_or(request.path);
    for (const RenderedPtr& candidate : d->candidates(key)) {
        if (!holdsRemotes(request.remotes.get(), *candidate)
            || !holds(*request.tree, folder, *candidate))
            continue;
        ++d->hits;
        d->touch(key, candidate);
        return candidate;
    }
    ++d->misses;
    auto rendered = gitops::render(request, wanted);
    if (rendered)
        d->insert(key, *rendered);
    return rendered;
}

RenderCache::Statistics RenderCache::statistics() const
{
    return {d->hits, d->misses};
}

} // namespace gitops
