// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remotefetcher.h"

#include "core/base/digest.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace gitops {

namespace {

GitOptions withThreads(GitOptions options, int threads)
{
    options.threads = threads;
    return options;
}

/// Servers that keep a repository at "URL.git" send "URL" on to it, or know nothing there.
bool isWorthDotGit(const RemoteAddress& address, const core::Error& error)
{
    return (address.url.starts_with("https://") || address.url.starts_with("http://"))
        && !address.url.ends_with(".git") && error.code == core::ErrorCode::Invalid;
}

/// The configuration may know a repository by "URL.git" that a tree names without it.
RemoteAddress withMappedName(RemoteAddress address, const std::vector<InsteadOf>& rules)
{
    const std::string dotGit = address.url + ".git";
    if (mappedUrl(address.url, rules) == address.url && mappedUrl(dotGit, rules) != dotGit)
        address.url = dotGit;
    return address;
}

RemoteContentPtr contentOf(const Revision& revision, const RemoteContentPtr& known)
{
    if (known && known->id == revision.commit.id && known->isSettled == revision.isSettled)
        return known;
    auto content = std::make_shared<RemoteContent>();
    content->id = revision.commit.id;
    content->tree = revision.tree;
    content->isSettled = revision.isSettled;
    return content;
}

RemoteContentPtr contentOf(HttpFile file, const RemoteContentPtr& known)
{
    if (file.isUnchanged)
        return known;
    const std::string id = core::sha256(file.text).hex();
    if (known && known->id == id && known->etag == file.etag)
        return known;
    auto content = std::make_shared<RemoteContent>();
    content->id = id;
    content->text = std::move(file.text);
    content->etag = std::move(file.etag);
    return content;
}

std::unexpected<core::Error> tooLate(const std::string& shown, std::chrono::milliseconds limit)
{
    return core::failure(core::ErrorCode::Timeout,
                         "It could not be fetched within "
                             + std::to_string((limit.count() + 999) / 1000) + " seconds.",
                         {.object = shown}, core::Fault::Git);
}

} // namespace

/// Closed when the fetcher goes: executors may go after it.
struct RemoteFetcher::Gate
{
    std::mutex mutex;
    bool isClosed = false; ///< guarded by mutex
};

/// One question's answer, given once: by what was fetched, or by its deadline. Any thread.
struct RemoteFetcher::Answer
{
    std::shared_ptr<Gate> gate;
    RemoteContentPtr known;
    core::Executor* executor = nullptr;
    Handler done;
    core::Executor::TimerId timer = 0;
    std::atomic<bool> isGiven = false;

    void give(core::Result<RemoteContentPtr> result)
    {
        const std::lock_guard lock(gate->mutex);
        if (gate->isClosed || isGiven.exchange(true))
            return;
        executor->cancel(timer);
        executor->post([done = std::move(done), result = std::move(result)]() mutable {
            done(std::move(result));
        });
    }
};

RemoteFetcher::RemoteFetcher(Options options)
    : m_options(std::move(options))
    , m_gate(std::make_shared<Gate>())
    , m_git(std::make_shared<LibGit2Service>(withThreads(m_options.git, m_options.threads)))
    , m_files(m_options.threads, m_options.git.timeout)
{
}

RemoteFetcher::~RemoteFetcher()
{
    const std::lock_guard lock(m_gate->mutex);
    m_gate->isClosed = true;
}

void RemoteFetcher::fetch(const RemoteAddress& address, const RemoteContentPtr& known,
                          core::Executor& executor, Handler done)
{
    auto answer = std::make_shared<Answer>();
    answer->gate = m_gate;
    answer->known = known;
    answer->executor = &executor;
    answer->done = std::move(done);
    const auto limit = address.timeout.count() > 0 ? std::min(address.timeout, m_options.timeout)
                                                   : m_options.timeout;
    {
        const std::lock_guard lock(m_gate->mutex); // it may run before its number is here
        answer->timer =
            executor.postAt(executor.clock().steadyNow() + limit,
                            [weak = std::weak_ptr<Answer>(answer), shown = address.shown(), limit] {
                                if (const AnswerPtr late = weak.lock())
                                    late->give(tooLate(shown, limit));
                            });
    }
    if (address.kind == RemoteAddress::Kind::Repository)
        fetchRepository(withMappedName(address, m_options.git.insteadOf), answer);
    else
        fetchFile(address, answer);
}

void RemoteFetcher::fetchRepository(const RemoteAddress& address, const AnswerPtr& answer)
{
    const auto take = [answer](core::Result<Revision> found) {
        if (found)
            answer->give(contentOf(*found, answer->known));
        else
            answer->give(std::unexpected(std::move(found.error())));
    };
    // The service keeps this handler: it must not keep the service.
    m_git->resolveBase(
        address.url, address.reference, *answer->executor,
        [weak = std::weak_ptr<LibGit2Service>(m_git), address, answer,
         take](core::Result<Revision> found) {
            const auto git = weak.lock();
            if (found || !git || answer->isGiven || !isWorthDotGit(address, found.error()))
                return take(std::move(found));
            git->resolveBase(address.url + ".git", address.reference, *answer->executor,
                             [take, first = found](core::Result<Revision> again) {
                                 take(again ? std::move(again) : first);
                             });
        });
}

void RemoteFetcher::fetchFile(const RemoteAddress& address, const AnswerPtr& answer)
{
    if (mappedUrl(address.url, m_options.git.insteadOf) != address.url)
        return answer->give(
            core::failure(core::ErrorCode::NotFound,
                          "The configuration says that a repository stands for this URL.",
                          {.object = address.shown()}, core::Fault::Git));
    m_files.run(
        address.url,
        [address, answer, options = m_options.files](JobWatch& watch) {
            if (answer->isGiven)
                return;
            auto file = fetchHttpFile(address.url, answer->known ? answer->known->etag : "",
                                      options, watch);
            if (file)
                answer->give(contentOf(std::move(*file), answer->known));
            else
                answer->give(std::unexpected(std::move(file.error())));
        },
        [answer, shown = address.shown()] {
            answer->give(core::failure(core::ErrorCode::Timeout,
                                       "The server did not answer in time.", {.object = shown},
                                       core::Fault::Git));
        });
}

} // namespace gitops
