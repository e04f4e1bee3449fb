// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remoteurl.h"

#include "core/base/http.h"
#include "core/base/strings.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace gitops {

namespace {

constexpr std::size_t kMaxUrlBytes = 2048;
constexpr std::string_view kFilesScheme = "dir://";

std::unexpected<core::Error> badUrl(core::ErrorCode code, std::string message)
{
    return core::failure(code, std::move(message), {}, core::Fault::User);
}

bool isControlOrBlank(char c)
{
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

bool isDottedQuadLoopback(std::string_view host)
{
    const std::vector<std::string_view> parts = core::split(host, '.');
    if (parts.size() != 4 || parts[0] != "127")
        return false;
    return std::ranges::all_of(parts, [](std::string_view part) {
        int value = -1;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc() && end == part.data() + part.size() && value <= 255
            && part.size() <= 3;
    });
}

bool isLoopback(std::string_view host)
{
    return core::equalsIgnoringCase(host, "localhost") || host == "[::1]"
        || isDottedQuadLoopback(host);
}

struct Authority
{
    std::string_view user;
    bool hasPassword = false;
    std::string_view host;
    std::string_view port;
};

std::optional<Authority> parseAuthority(std::string_view text)
{
    Authority out;
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        out.user = text.substr(0, at);
        text.remove_prefix(at + 1);
        const std::size_t colon = out.user.find(':');
        out.hasPassword = colon != std::string_view::npos;
        out.user = out.user.substr(0, colon);
    }
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos)
        return std::nullopt;
    const std::size_t colon = text.find(':', bracket);
    out.host = text.substr(0, colon);
    if (colon != std::string_view::npos)
        out.port = text.substr(colon + 1);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto isHostCharacter = [&](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'
            || c == '.' || c == '_';
    };
    const bool literal = out.host.starts_with('[');
    if (out.host.empty() || out.host.starts_with('-') || out.user.starts_with('-')
        || out.port.size() > 5 || !std::ranges::all_of(out.port, isDigit)
        || (!literal && !std::ranges::all_of(out.host, isHostCharacter)))
        return std::nullopt;
    return out;
}

std::string withoutBrackets(std::string_view host)
{
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return std::string(host);
}

core::Result<RemoteUrl> localFolder(std::string_view path)
{
    if (!path.starts_with('/'))
        return badUrl(core::ErrorCode::Invalid,
                      "A file URL of a repository needs an absolute path: file:///folder.");
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    if (path.find('\0') != std::string_view::npos)
        return badUrl(core::ErrorCode::Invalid, "The path has a zero byte in it.");
    RemoteUrl out;
    out.local = true;
    out.path = path;
    out.shown = core::sanitised(path);
    return out;
}

core::Result<RemoteUrl> withScheme(std::string_view scheme, std::string_view rest)
{
    if (scheme == "file")
        return localFolder(core::percentDecode(
            rest.starts_with("localhost/") ? rest.substr(std::string_view("localhost").size())
                                           : rest));
    const bool loopbackOnly = scheme == "http" || scheme == "git";
    if (scheme != "https" && scheme != "ssh" && !loopbackOnly)
        return badUrl(core::ErrorCode::Unsupported,
                      "Repositories are read by https, ssh or from a folder, not by \""
                          + core::sanitised(scheme) + "\".");
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::optional<Authority> authority = parseAuthority(rest.substr(0, slash));
    std::string_view path = rest.substr(slash);
    if (!authority || path.size() < 2 || path.starts_with("/-"))
        return badUrl(core::ErrorCode::Invalid, "The URL has no good host and path.");
    if (authority->hasPassword)
        return badUrl(core::ErrorCode::Invalid,
                      "The URL carries a password; keep credentials out of URLs.");
    if (loopbackOnly && !isLoopback(authority->host))
        return badUrl(core::ErrorCode::Unsupported,
                      "\"" + std::string(scheme)
                          + "\" is not encrypted and is used for this machine only; use https.");
    while (path.ends_with('/'))
        path.remove_suffix(1);
    std::string host(authority->host);
    if (!authority->port.empty())
        host += ':' + std::string(authority->port);
    const std::string user = authority->user.empty() ? "" : std::string(authority->user) + '@';
    RemoteUrl out;
    out.url = std::string(scheme) + "://" + user + host + std::string(path);
    out.shown = std::string(scheme) + "://" + host + core::sanitised(path);
    out.loopback = isLoopback(authority->host);
    if (scheme == "ssh")
        out.ssh = {.user = std::string(authority->user),
                   .host = withoutBrackets(authority->host),
                   .port = std::string(authority->port),
                   .path = core::percentDecode(path.starts_with("/~") ? path.substr(1) : path)};
    return out;
}

/// "git@host:org/repo.git".
core::Result<RemoteUrl> scpLike(std::string_view text, std::size_t colon)
{
    const std::optional<Authority> authority = parseAuthority(text.substr(0, colon));
    std::string_view path = text.substr(colon + 1);
    if (!authority || authority->hasPassword || path.empty() || path.starts_with('-')
        || path.find(':') != std::string_view::npos || path.find('@') != std::string_view::npos)
        return badUrl(core::ErrorCode::Invalid, "This is no URL of a repository.");
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    const std::string user = authority->user.empty() ? "" : std::string(authority->user) + '@';
    const std::string rest = std::string(authority->host) + ':' + std::string(path);
    RemoteUrl out;
    out.url = user + rest;
    out.shown = core::sanitised(rest);
    out.loopback = isLoopback(authority->host);
    out.ssh = {.user = std::string(authority->user),
               .host = withoutBrackets(authority->host),
               .port = {},
               .path = std::string(path)};
    return out;
}

bool endsAtBoundary(std::string_view prefix, std::string_view rest)
{
    return rest.empty() || rest.starts_with('/') || rest == ".git" || rest == ".git/"
        || prefix.ends_with('/') || prefix.ends_with(':');
}

} // namespace

core::Result<RemoteUrl> parseRemoteUrl(std::string_view text)
{
    if (text.empty())
        return badUrl(core::ErrorCode::Invalid, "The URL of the repository is empty.");
    if (text.size() > kMaxUrlBytes)
        return badUrl(core::ErrorCode::Invalid, "The URL is longer than 2048 bytes.");
    if (text.starts_with('/'))
        return localFolder(text);
    if (text.starts_with(kFilesScheme)) {
        core::Result<RemoteUrl> folder = localFolder(text.substr(kFilesScheme.size()));
        if (folder)
            folder->files = true;
        return folder;
    }
    if (std::ranges::any_of(text, isControlOrBlank))
        return badUrl(core::ErrorCode::Invalid, "The URL has blanks or control characters in it.");
    if (text.starts_with('-'))
        return badUrl(core::ErrorCode::Invalid, "This is no URL of a repository.");
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos
        && text.substr(0, scheme).find_first_of("/:@") == std::string_view::npos)
        return withScheme(core::toLower(text.substr(0, scheme)), text.substr(scheme + 3));
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && text.substr(colon).starts_with("::"))
        return badUrl(core::ErrorCode::Unsupported,
                      "Remote helpers (\"" + core::sanitised(text.substr(0, colon))
                          + "::\") are not used.");
    if (colon != std::string_view::npos && text.find('/') > colon)
        return scpLike(text, colon);
    return badUrl(core::ErrorCode::Invalid, "This is no URL of a repository and no absolute path.");
}

std::string withoutUser(std::string_view url)
{
    std::string out(url);
    const std::size_t scheme = out.find("://");
    if (scheme == std::string::npos)
        return out;
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(out.find('/', begin), out.size());
    if (const std::size_t at = out.rfind('@', end); at != std::string::npos && at >= begin)
        out.erase(begin, at + 1 - begin);
    return out;
}

std::string mappedUrl(std::string_view url, const std::vector<InsteadOf>& rules)
{
    const InsteadOf* best = nullptr;
    for (const InsteadOf& rule : rules)
        if (!rule.prefix.empty() && url.starts_with(rule.prefix)
            && endsAtBoundary(rule.prefix, url.substr(rule.prefix.size()))
            && (best == nullptr || rule.prefix.size() > best->prefix.size()))
            best = &rule;
    if (best == nullptr)
        return std::string(url);
    const std::string_view rest = url.substr(best->prefix.size());
    if (rest == ".git" || rest == ".git/" || rest == "/")
        return best->base;
    return best->base + std::string(rest);
}

bool isLocalRepository(std::string_view url, const std::vector<InsteadOf>& rules)
{
    const core::Result<RemoteUrl> parsed = parseRemoteUrl(mappedUrl(url, rules));
    return parsed && parsed->local;
}

} // namespace gitops
