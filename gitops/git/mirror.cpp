// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/mirror.h"

#include "core/base/digest.h"
#include "core/base/strings.h"
#include "gitops/git/filelock.h"

#include <git2.h>

#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace gitops {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxReferences = 500'000;
constexpr std::size_t kMaxKeptReferences = 200;
constexpr std::string_view kKeptPrefix = "refs/mirror/";
constexpr std::string_view kUsedPrefix = "refs/used/";

/// What libgit2's callbacks need; lives as long as the connection.
struct CallbackState
{
    JobWatch* watch = nullptr;
    const MirrorOptions* options = nullptr;
    HttpExchange http = {};
    SshExchange ssh = {};
    bool tooLarge = false;
};

int onTransport(git_transport** out, git_remote* owner, void* payload)
{
    auto* state = static_cast<CallbackState*>(payload);
    return state->ssh.url != nullptr ? makeSshTransport(out, owner, state->ssh)
                                     : makeHttpTransport(out, owner, state->http);
}

int onProgress(const git_indexer_progress* progress, void* payload)
{
    auto* state = static_cast<CallbackState*>(payload);
    state->watch->touch();
    state->tooLarge = progress->received_bytes > state->options->maxFetchBytes;
    if (state->options->progress)
        state->options->progress(
            {progress->received_objects, progress->total_objects, progress->received_bytes});
    return state->watch->isCancelled() || state->tooLarge ? -1 : 0;
}

int onSideband(const char*, int, void* payload)
{
    // Words alone are no sign of progress: a server could talk for ever.
    return static_cast<CallbackState*>(payload)->watch->isCancelled() ? -1 : 0;
}

git_remote_callbacks callbacksFor(CallbackState& state)
{
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.payload = &state;
    callbacks.transfer_progress = onProgress;
    callbacks.sideband_progress = onSideband;
    if (!state.http.url.empty() || state.ssh.url != nullptr)
        callbacks.transport = onTransport;
    return callbacks;
}

core::Error remoteError(int code, std::string_view what, const RemoteUrl& url,
                        const CallbackState& state)
{
    if (state.tooLarge)
        return {core::ErrorCode::LimitExceeded,
                "The repository is larger than the limit for one fetch.",
                {.object = url.shown},
                core::Fault::Git,
                {}};
    if (state.watch->isCancelled())
        return {core::ErrorCode::Cancelled,
                "The fetch was given up.",
                {.object = url.shown},
                core::Fault::Git,
                {}};
    for (const std::optional<core::Error>& error : {state.http.error, state.ssh.error})
        if (error)
            return *error;
    core::Error error = libGit2Error(code, what, {.object = url.shown});
    // From a remote, libgit2's unclassified failures are failures of the connection.
    if (error.code == core::ErrorCode::NotFound)
        error.code = core::ErrorCode::Network;
    return error;
}

std::string keptName(const std::string& reference)
{
    return std::string(kKeptPrefix) + core::sha256(reference).hex();
}

std::unexpected<core::Error> diskError(const std::string& path, const std::error_code& error)
{
    return core::failure(core::ErrorCode::Disk,
                         "The cache of repositories cannot be written: " + error.message(),
                         {.file = core::sanitised(path)}, core::Fault::Machine);
}

void removeMatching(const fs::path& folder, const auto& matches)
{
    std::error_code error;
    std::vector<fs::path> found;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (matches(it->path().filename().string()))
            found.push_back(it->path());
    for (const fs::path& path : found)
        fs::remove_all(path, error);
}

} // namespace

struct Mirror::Session
{
    Repository::Lease lease;
    CallbackState state;
    GitPtr<git_remote> remote;
    ~Session()
    {
        if (remote)
            git_remote_disconnect(remote.get());
    }
};

Mirror::Mirror(RemoteUrl url, MirrorOptions options, std::string folder)
    : m_url(std::move(url))
    , m_options(std::move(options))
    , m_folder(std::move(folder))
{
}

Mirror::~Mirror() = default;

core::Result<std::unique_ptr<Mirror>> Mirror::open(const RemoteUrl& url,
                                                   const MirrorOptions& options, JobWatch& watch)
{
    startLibGit2();
    const std::string folder =
        options.cacheFolder + "/git/" + core::sha256(url.url).hex().substr(0, 40) + ".git";
    std::unique_ptr<Mirror> mirror(new Mirror(url, options, folder));
    if (core::Result<void> done = mirror->prepare(watch); !done)
        return std::unexpected(std::move(done.error()));
    return mirror;
}

core::Result<void> Mirror::prepare(JobWatch& watch)
{
    std::error_code error;
    fs::create_directories(fs::path(m_folder).parent_path(), error);
    if (error)
        return diskError(m_folder, error);
    auto opened = Repository::open(m_folder, m_url.shown);
    if (!opened) {
        core::Result<FileLock> lock = FileLock::wait(m_folder + ".lock", watch);
        if (!lock)
            return std::unexpected(std::move(lock.error()));
        opened = Repository::open(m_folder, m_url.shown); // perhaps made while we waited
        if (!opened) {
            if (core::Result<void> made = create(); !made)
                return made;
            opened = Repository::open(m_folder, m_url.shown);
        }
    }
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    m_repository = std::move(*opened);
    return {};
}

core::Result<void> Mirror::create()
{
    const std::string name = fs::path(m_folder).filename().string();
    removeMatching(fs::path(m_folder).parent_path(),
                   [&](const std::string& entry) { return entry.starts_with(name + ".new-"); });
    const std::string fresh = m_folder + ".new-" + std::to_string(::getpid());
    git_repository* handle = nullptr;
    if (const int code = git_repository_init(&handle, fresh.c_str(), 1); code != 0)
        return std::unexpected(libGit2Error(code, "The cache of the repository cannot be made",
                                            {.object = m_url.shown}));
    const GitPtr<git_repository> owner(handle);
    std::error_code error;
    fs::remove_all(m_folder, error); // what could not be opened
    fs::rename(fresh, m_folder, error);
    if (error)
        return diskError(m_folder, error);
    return {};
}

void Mirror::sweep() const
{
    const auto isLock = [](const std::string& name) { return name.ends_with(".lock"); };
    removeMatching(m_folder + "/refs/mirror", isLock);
    removeMatching(m_folder + "/refs/used", isLock);
    removeMatching(m_folder, isLock);
    removeMatching(m_folder + "/objects/pack",
                   [](const std::string& name) { return name.starts_with("pack_git2_"); });
}

core::Result<std::vector<GitReference>> Mirror::connect(JobWatch& watch)
{
    disconnect();
    core::Result<Repository::Lease> lease = m_repository->lease();
    if (!lease)
        return std::unexpected(std::move(lease.error()));
    auto session =
        std::unique_ptr<Session>(new Session {.lease = std::move(*lease),
                                              .state = {.watch = &watch, .options = &m_options},
                                              .remote = {}});
    if (!m_url.ssh.host.empty())
        session->state.ssh = {.watch = &watch, .options = &m_options.ssh, .url = &m_url};
    else if (m_url.url.starts_with("http"))
        session->state.http = {.watch = &watch, .options = &m_options.http, .url = m_url.shown};
    git_remote* remote = nullptr;
    // Without the configuration's own insteadOf rules: ours are applied already, and libgit2 1.5
    // loses 20 KB for each line of the configuration when it looks for them.
    git_remote_create_options create = GIT_REMOTE_CREATE_OPTIONS_INIT;
    create.repository = session->lease.get();
    create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    int code = git_remote_create_with_opts(&remote, m_url.url.c_str(), &create);
    if (code != 0)
        return std::unexpected(
            remoteError(code, "The repository cannot be reached", m_url, session->state));
    session->remote.reset(remote);
    git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    options.callbacks = callbacksFor(session->state);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    code = git_remote_connect_ext(remote, GIT_DIRECTION_FETCH, &options);
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (code == 0)
        code = git_remote_ls(&heads, &count, remote);
    if (code != 0)
        return std::unexpected(
            remoteError(code, "The repository cannot be reached", m_url, session->state));
    if (count > kMaxReferences)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "The repository has more than 500000 branches and tags.",
                             {.object = m_url.shown}, core::Fault::Repository);
    watch.touch();
    std::vector<GitReference> out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view name = heads[i]->name;
        if (name.ends_with("^{}"))
            continue;
        std::string id(GIT_OID_HEXSZ, '0');
        git_oid_fmt(id.data(), &heads[i]->oid);
        const char* target = heads[i]->symref_target;
        out.push_back({std::string(name), std::move(id), target != nullptr ? target : ""});
    }
    m_session = std::move(session);
    return out;
}

core::Result<void> Mirror::fetch(const std::vector<GitReference>& wanted,
                                 const std::vector<GitReference>& all, JobWatch& watch)
{
    core::Result<FileLock> lock = FileLock::wait(m_folder + ".lock", watch);
    if (!lock)
        return std::unexpected(std::move(lock.error()));
    sweep();
    std::vector<std::string> specs;
    for (const GitReference& reference : wanted)
        specs.push_back('+' + reference.name + ':' + keptName(reference.name));
    if (wanted.empty())
        specs = {"+refs/heads/*:refs/fetched/heads/*", "+refs/tags/*:refs/fetched/tags/*"};
    std::vector<char*> pointers;
    for (std::string& spec : specs)
        pointers.push_back(spec.data());
    const git_strarray array {pointers.data(), pointers.size()};
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacksFor(m_session->state);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    const int code = git_remote_download(m_session->remote.get(), &array, &options);
    if (code != 0)
        return std::unexpected(
            remoteError(code, "The repository cannot be fetched", m_url, m_session->state));
    std::size_t kept = 0;
    for (const GitReference& reference : wanted.empty() ? all : wanted) {
        git_oid id;
        git_reference* written = nullptr;
        // A reference that cannot be kept costs the next fetch some bytes, nothing else.
        if (kept++ < kMaxKeptReferences && git_oid_fromstr(&id, reference.id.c_str()) == 0
            && git_reference_create(&written, m_session->lease.get(),
                                    keptName(reference.name).c_str(), &id, 1, nullptr)
                == 0)
            git_reference_free(written);
    }
    return {};
}

std::string Mirror::knownTag(const std::string& name) const
{
    const auto lease = m_repository->lease();
    git_oid id;
    if (!lease
        || git_reference_name_to_id(&id, lease->get(), keptName("refs/tags/" + name).c_str()) != 0)
        return {};
    std::string text(GIT_OID_HEXSZ, '0');
    git_oid_fmt(text.data(), &id);
    return m_repository->has(text) ? text : std::string();
}

void Mirror::keep(const std::string& revision, const std::string& commit)
{
    const auto lease = m_repository->lease();
    git_oid id;
    if (!lease || git_oid_fromstr(&id, commit.c_str()) != 0)
        return;
    const std::string name = std::string(kUsedPrefix) + core::sha256(revision).hex();
    git_oid before;
    const bool had = git_reference_name_to_id(&before, lease->get(), name.c_str()) == 0;
    if (had && git_oid_equal(&before, &id))
        return;
    // What cannot be kept is fetched again when it is missing.
    const auto set = [&](const std::string& where, const git_oid& what) {
        git_reference* written = nullptr;
        if (git_reference_create(&written, lease->get(), where.c_str(), &what, 1, nullptr) == 0)
            git_reference_free(written);
    };
    if (had)
        set(name + "-before", before);
    set(name, id);
}

core::Result<void> Mirror::tidy(JobWatch& watch)
{
    if (!needsTidying(m_folder, m_options.limits))
        return {};
    core::Result<FileLock> lock = FileLock::wait(m_folder + ".lock", watch);
    if (!lock)
        return std::unexpected(std::move(lock.error()));
    const auto lease = m_repository->lease();
    if (!lease)
        return std::unexpected(lease.error());
    return tidyMirror(lease->get(), m_folder, watch);
}

void Mirror::disconnect()
{
    m_session.reset();
}

} // namespace gitops
