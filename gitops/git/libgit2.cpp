// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/libgit2.h"

#include "core/base/strings.h"

#include <curl/curl.h>
#include <git2.h>

#include <mutex>

namespace gitops {

namespace {

constexpr long kCacheBytes = 32l << 20;
constexpr std::size_t kMaxPackObjects = 50'000'000;

/// libgit2 quotes URLs in its messages; nothing before an '@' of one is shown.
std::string withoutUserInfo(std::string text)
{
    for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
        at += 3;
        const std::size_t end = std::min(text.find_first_of("/ '\"\n", at), text.size());
        const std::size_t mark = text.substr(at, end - at).rfind('@');
        if (mark != std::string::npos)
            text.erase(at, mark + 1);
    }
    return text;
}

core::ErrorCode codeOf(int code, int category)
{
    switch (code) {
    case GIT_ENOTFOUND:
        return core::ErrorCode::NotFound;
    case GIT_EAUTH:
        return core::ErrorCode::Unauthorized;
    case GIT_EUSER:
        return core::ErrorCode::Cancelled;
    case GIT_EAMBIGUOUS:
    case GIT_EINVALIDSPEC:
        return core::ErrorCode::Invalid;
    case GIT_ECERTIFICATE:
        return core::ErrorCode::Network;
    default:
        break;
    }
    switch (category) {
    case GIT_ERROR_NET:
    case GIT_ERROR_SSL:
    case GIT_ERROR_SSH:
    case GIT_ERROR_HTTP:
        return core::ErrorCode::Network;
    default:
        return core::ErrorCode::Disk;
    }
}

} // namespace

void LibGit2Deleter::operator()(git_commit* pointer) const
{
    git_commit_free(pointer);
}
void LibGit2Deleter::operator()(git_object* pointer) const
{
    git_object_free(pointer);
}
void LibGit2Deleter::operator()(git_odb* pointer) const
{
    git_odb_free(pointer);
}
void LibGit2Deleter::operator()(git_odb_object* pointer) const
{
    git_odb_object_free(pointer);
}
void LibGit2Deleter::operator()(git_reference* pointer) const
{
    git_reference_free(pointer);
}
void LibGit2Deleter::operator()(git_reference_iterator* pointer) const
{
    git_reference_iterator_free(pointer);
}
void LibGit2Deleter::operator()(git_remote* pointer) const
{
    git_remote_free(pointer);
}
void LibGit2Deleter::operator()(git_repository* pointer) const
{
    git_repository_free(pointer);
}
void LibGit2Deleter::operator()(git_tree* pointer) const
{
    git_tree_free(pointer);
}

void startLibGit2()
{
    static std::once_flag once;
    std::call_once(once, [] {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        git_libgit2_init();
        git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, ssize_t(kCacheBytes));
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
        git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, kMaxPackObjects);
        // A repository of another has no say in how its objects are read.
        for (const git_config_level_t level :
             {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
              GIT_CONFIG_LEVEL_PROGRAMDATA})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    });
}

core::Error libGit2Error(int code, std::string_view what, core::Place place)
{
    const git_error* last = git_error_last();
    const int category = last != nullptr ? last->klass : int(GIT_ERROR_NONE);
    std::string message(what);
    if (last != nullptr && last->message != nullptr)
        message += ": " + core::sanitised(withoutUserInfo(last->message));
    return {codeOf(code, category), std::move(message), std::move(place), core::Fault::Git, {}};
}

} // namespace gitops
