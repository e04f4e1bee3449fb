// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/libgit2service.h"

#include "core/base/strings.h"
#include "gitops/git/committree.h"
#include "gitops/git/folderrevision.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace gitops {

using core::ErrorCode;
using core::Result;

struct LibGit2Service::Question
{
    std::string revision;
    std::string previous;
    bool isBase = false; ///< see resolveBase
};

struct LibGit2Service::Request
{
    Question question;
    core::Executor* executor = nullptr;
    Handler done;
};

namespace {

/// A request's revision once it is known, and what it still lacks.
struct Wish
{
    SelectedRevision selected;
    std::optional<core::Error> error;
    bool isMissing(const Repository& repository) const
    {
        if (error)
            return false;
        return selected.commit.empty() ? !repository.has(selected.id)
                                       : !repository.commit(selected.commit);
    }
};

Result<Revision> revisionOf(const RepositoryPtr& repository, const Wish& wish,
                            const std::string& previous)
{
    if (wish.error)
        return std::unexpected(*wish.error);
    Result<core::CommitInfo> commit =
        repository->commit(wish.selected.commit.empty() ? wish.selected.id : wish.selected.commit);
    if (!commit)
        return std::unexpected(std::move(commit.error()));
    Result<FileTreePtr> tree = openCommitTree(repository, commit->id);
    if (!tree)
        return std::unexpected(std::move(tree.error()));
    const bool descends = repository->descends(commit->id, previous);
    const bool isSettled =
        !wish.selected.commit.empty() || wish.selected.reference.starts_with("refs/tags/");
    return Revision {.commit = std::move(*commit),
                     .name = wish.selected.name,
                     .tree = std::move(*tree),
                     .descendsFromPrevious = descends,
                     .isSettled = isSettled};
}

Wish wishFor(const std::string& revision, bool isBase,
             const Result<std::vector<GitReference>>& references, const std::string& shown)
{
    if (!references)
        return {.selected = {}, .error = references.error()};
    Result<SelectedRevision> selected =
        isBase ? selectReference(revision, *references) : selectRevision(revision, *references);
    if (selected)
        return {.selected = std::move(*selected), .error = {}};
    selected.error().place.object = shown;
    return {.selected = {}, .error = std::move(selected.error())};
}

/// A full commit id that is here already needs no look at the remote.
bool isAtHand(const Repository& repository, const std::string& revision)
{
    const std::string id = core::toLower(core::trimmed(revision));
    return isCommitId(id) && repository.commit(id).has_value();
}

/// What can be said without the remote: of a full commit id that is here, and of a base's tag.
std::optional<Wish> wishAtHand(const Mirror& mirror, const auto& question)
{
    const std::vector<GitReference> none;
    if (isAtHand(*mirror.repository(), question.revision))
        return wishFor(question.revision, question.isBase, none, {});
    const std::string tag = question.isBase && checkRevision(question.revision)
        ? mirror.knownTag(question.revision)
        : std::string();
    if (tag.empty())
        return std::nullopt;
    return Wish {.selected = {.name = question.revision,
                              .reference = "refs/tags/" + question.revision,
                              .id = tag,
                              .commit = {}},
                 .error = {}};
}

std::vector<Result<Revision>> resolveLocal(const RepositoryPtr& repository, const auto& questions)
{
    const Result<std::vector<GitReference>> references = repository->references();
    std::vector<Result<Revision>> out;
    for (const auto& question : questions)
        out.push_back(
            revisionOf(repository,
                       wishFor(question.revision, question.isBase, references, repository->shown()),
                       question.previous));
    return out;
}

/// Fetches what the wishes lack: their branches and tags alone, or all where a commit is asked for
/// that no reference names.
Result<void> fetchMissing(Mirror& mirror, const std::vector<Wish>& wishes,
                          const std::vector<GitReference>& references, JobWatch& watch)
{
    std::vector<GitReference> wanted;
    bool everything = false;
    for (const Wish& wish : wishes) {
        if (!wish.isMissing(*mirror.repository()))
            continue;
        everything = everything || !wish.selected.commit.empty();
        if (wish.selected.commit.empty())
            wanted.push_back({wish.selected.reference, wish.selected.id, {}});
    }
    if (everything)
        wanted.clear();
    else if (wanted.empty())
        return {};
    return mirror.fetch(wanted, references, watch);
}

std::vector<Result<Revision>> resolveRemote(Mirror& mirror, const auto& questions, JobWatch& watch)
{
    const RepositoryPtr& repository = mirror.repository();
    std::vector<std::optional<Wish>> atHand;
    for (const auto& question : questions)
        atHand.push_back(wishAtHand(mirror, question));
    const bool ask = std::ranges::any_of(atHand, [](const auto& wish) { return !wish; });
    Result<std::vector<GitReference>> references = std::vector<GitReference>();
    if (ask)
        references = mirror.connect(watch);
    std::vector<Wish> wishes;
    for (std::size_t i = 0; i < atHand.size(); ++i)
        wishes.push_back(atHand[i] ? std::move(*atHand[i])
                                   : wishFor(questions[i].revision, questions[i].isBase, references,
                                             repository->shown()));
    if (ask && references)
        if (Result<void> fetched = fetchMissing(mirror, wishes, *references, watch); !fetched)
            for (Wish& wish : wishes)
                if (wish.isMissing(*repository))
                    wish.error = fetched.error();
    mirror.disconnect();
    std::vector<Result<Revision>> out;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        out.push_back(revisionOf(repository, wishes[i], questions[i].previous));
        if (out.back())
            mirror.keep(questions[i].revision, out.back()->commit.id);
    }
    // One that cannot be tidied is only larger than it need be; the next fetch tries again.
    if (ask && references)
        (void)mirror.tidy(watch);
    return out;
}

std::string keyOf(const RemoteUrl& url)
{
    return (url.files ? "dir:" : "") + (url.local ? url.path : url.url);
}

core::Error within(core::Error error, const std::string& shown)
{
    if (error.place.isEmpty())
        error.place.object = shown;
    return error;
}

} // namespace

/// What the service and its jobs share.
struct LibGit2Service::Shared
{
    const GitOptions options;
    std::mutex mutex; ///< guards all below, and every call of a done
    bool closed = false;
    std::map<std::string, std::vector<Request>> waiting = {}; ///< by key, for a job to take
    std::map<std::string, std::vector<Request>> served = {}; ///< taken, not yet answered
    std::map<std::string, RepositoryPtr> locals = {}; ///< by path

    static void answer(Request request, Result<Revision> result)
    {
        core::Executor& executor = *request.executor;
        executor.post([done = std::move(request.done), result = std::move(result)]() mutable {
            done(std::move(result));
        });
    }

    void answerAll(std::vector<Request> requests, const core::Error& error)
    {
        for (Request& request : requests)
            answer(std::move(request), std::unexpected(error));
    }

    Result<RepositoryPtr> local(const RemoteUrl& url)
    {
        {
            std::lock_guard lock(mutex);
            const auto it = locals.find(url.path);
            std::error_code ignored;
            if (it != locals.end() && std::filesystem::exists(url.path, ignored))
                return it->second;
        }
        Result<RepositoryPtr> opened = Repository::open(url.path, url.shown);
        std::lock_guard lock(mutex);
        if (opened)
            locals[url.path] = *opened;
        else
            locals.erase(url.path);
        return opened;
    }
};

LibGit2Service::LibGit2Service(GitOptions options)
    : m_shared(new Shared {.options = std::move(options), .mutex = {}})
    , m_pool(m_shared->options.threads, m_shared->options.timeout)
{
    startLibGit2();
}

LibGit2Service::~LibGit2Service()
{
    std::lock_guard lock(m_shared->mutex);
    m_shared->closed = true;
    m_shared->waiting.clear();
    m_shared->served.clear();
}

void LibGit2Service::resolve(const std::string& repoUrl, const std::string& revision,
                             const std::string& previous, core::Executor& executor, Handler done)
{
    ask(repoUrl, {{.revision = revision, .previous = previous}, &executor, std::move(done)});
}

void LibGit2Service::resolveBase(const std::string& repoUrl, const std::string& reference,
                                 core::Executor& executor, Handler done)
{
    ask(repoUrl,
        {{.revision = reference, .previous = {}, .isBase = true}, &executor, std::move(done)});
}

void LibGit2Service::ask(const std::string& repoUrl, Request request)
{
    const Result<void> checked = checkRevision(request.question.revision);
    const Result<RemoteUrl> url = checked
        ? parseRemoteUrl(mappedUrl(repoUrl, m_shared->options.insteadOf))
        : std::unexpected(checked.error());
    if (!url)
        return Shared::answer(std::move(request), std::unexpected(url.error()));
    const std::string key = keyOf(*url);
    if (m_pool.isHung(key))
        return Shared::answer(
            std::move(request),
            core::failure(ErrorCode::Unavailable,
                          "The repository has not answered an earlier question yet.",
                          {.object = url->shown}, core::Fault::Git));
    {
        std::lock_guard lock(m_shared->mutex);
        std::vector<Request>& queue = m_shared->waiting[key];
        queue.push_back(std::move(request));
        if (queue.size() > 1)
            return; // the job that was queued for the first takes this one too
    }
    m_pool.run(
        key, [shared = m_shared, url = *url](JobWatch& watch) { serve(shared, url, watch); },
        [shared = m_shared, key, shown = url->shown] {
            std::lock_guard lock(shared->mutex);
            const core::Error error {ErrorCode::Timeout,
                                     "The repository did not answer in time.",
                                     {.object = shown},
                                     core::Fault::Git,
                                     {}};
            shared->answerAll(std::exchange(shared->served[key], {}), error);
            shared->answerAll(std::exchange(shared->waiting[key], {}), error);
            shared->waiting.erase(key);
        });
}

void LibGit2Service::serve(const std::shared_ptr<Shared>& shared, const RemoteUrl& url,
                           JobWatch& watch)
{
    const std::string key = keyOf(url);
    std::vector<Question> questions;
    {
        std::lock_guard lock(shared->mutex);
        const auto it = shared->waiting.find(key);
        if (it == shared->waiting.end() || watch.isCancelled())
            return;
        for (const Request& request : it->second)
            questions.push_back(request.question);
        shared->served[key] = std::move(it->second);
        shared->waiting.erase(it);
    }
    std::vector<Result<Revision>> results;
    const auto all = [&](const core::Error& error) {
        results.assign(questions.size(), std::unexpected(error));
    };
    if (url.files) {
        results.assign(questions.size(), folderRevision(url.path));
    } else if (url.local) {
        const Result<RepositoryPtr> repository = shared->local(url);
        if (repository)
            results = resolveLocal(*repository, questions);
        else
            all(repository.error());
    } else {
        const MirrorOptions options {
            .cacheFolder = shared->options.cacheFolder,
            .maxFetchBytes = shared->options.maxFetchBytes,
            .progress = shared->options.progress
                ? [&](const GitProgress&
                          progress) { shared->options.progress(url.shown, progress); }
                : std::function<void(const GitProgress&)>(),
            .http = shared->options.http,
            .ssh = shared->options.ssh};
        const auto mirror = Mirror::open(url, options, watch);
        if (mirror)
            results = resolveRemote(**mirror, questions, watch);
        else
            all(mirror.error());
    }
    std::lock_guard lock(shared->mutex);
    if (shared->closed || watch.isCancelled())
        return; // answered already, or nobody is there
    std::vector<Request> requests = std::exchange(shared->served[key], {});
    shared->served.erase(key);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (!results[i])
            results[i].error() = within(std::move(results[i].error()), url.shown);
        Shared::answer(std::move(requests[i]), std::move(results[i]));
    }
}

} // namespace gitops
