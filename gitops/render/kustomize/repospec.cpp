// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/repospec.h"

#include "core/base/http.h"
#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace gitops::kustomize {

namespace {

constexpr std::string_view kFile = "file://";
constexpr std::string_view kAzure = "_git/"; ///< stands above the repository's name
constexpr std::string_view kDotGit = ".git";
constexpr std::int64_t kMostSeconds = 86'400;

bool takePrefix(std::string_view& text, std::string_view prefix)
{
    if (!core::equalsIgnoringCase(text.substr(0, prefix.size()), prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::string_view takeScheme(std::string_view& text)
{
    for (const std::string_view scheme : {std::string_view("ssh://"), std::string_view("https://"),
                                          std::string_view("http://"), kFile})
        if (takePrefix(text, scheme))
            return scheme;
    return {};
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "git@": a letter, then letters, digits and hyphens.
std::string_view takeUser(std::string_view& text)
{
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || !isLetter(text.front())
        || !std::all_of(text.begin(), text.begin() + std::ptrdiff_t(at),
                        [](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '-'; }))
        return {};
    const std::string_view user = text.substr(0, at + 1);
    text.remove_prefix(at + 1);
    return user;
}

struct Host
{
    std::string text; ///< with scheme, user and separator
    std::string_view rest;
    bool isFile = false;
};

/// Everything before the repository's path; nullopt where no repository can be.
std::optional<Host> takeHost(std::string_view text)
{
    takePrefix(text, "git::"); // go-getter's word, without meaning here
    const std::string_view scheme = takeScheme(text);
    if (scheme == kFile)
        return Host {std::string(kFile), text, true};
    const std::string_view user = takeUser(text);
    std::string_view ahead = text;
    const bool isGitHub = takePrefix(ahead, "github.com/") || takePrefix(ahead, "github.com:");
    const bool mayBeScp = scheme.empty() && (!user.empty() || isGitHub);
    if (scheme.empty() && !mayBeScp)
        return std::nullopt;
    std::size_t end = text.find('/');
    if (mayBeScp)
        if (const std::size_t colon = text.find(':'); colon != 0
            && (end == std::string_view::npos || (colon != std::string_view::npos && colon < end)))
            end = colon;
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string host =
        std::string(scheme) + std::string(user) + std::string(text.substr(0, end + 1));
    if (isGitHub)
        host = scheme == "ssh://" || !user.empty() ? std::string(user) + "github.com:"
                                                   : "https://github.com/";
    return Host {std::move(host), text.substr(end + 1)};
}

struct Split
{
    std::string repository;
    std::string path;
    bool isMarked = false;
};

/// Where a marker says that the repository ends, else after two names; a file URL is all
/// repository.
std::optional<Split> splitPath(std::string_view text, bool isFile)
{
    if (const std::size_t at = text.find(kAzure); at != std::string_view::npos) {
        const std::size_t end = std::min(text.find('/', at + kAzure.size()), text.size());
        return Split {std::string(text.substr(0, end)),
                      std::string(text.substr(std::min(end + 1, text.size()))), true};
    }
    if (const std::size_t at = text.find("//"); at != std::string_view::npos)
        return Split {std::string(text.substr(0, at)), std::string(text.substr(at + 2)), true};
    if (const std::size_t at = text.find(kDotGit); at != std::string_view::npos) {
        const std::size_t end = at + kDotGit.size();
        return Split {std::string(text.substr(0, end)), std::string(text.substr(end)),
                      end == text.size()};
    }
    if (isFile)
        return Split {std::string(text), {}};
    const std::size_t first = text.find('/');
    if (first == std::string_view::npos)
        return std::nullopt;
    const std::size_t second = std::min(text.find('/', first + 1), text.size());
    return Split {std::string(text.substr(0, second)),
                  std::string(text.substr(std::min(second + 1, text.size())))};
}

std::string decoded(std::string_view text)
{
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return core::percentDecode(plain);
}

/// The first value of each name.
std::vector<std::pair<std::string, std::string>> queryOf(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::string_view part : core::split(text, '&')) {
        const std::size_t equals = std::min(part.find('='), part.size());
        out.emplace_back(decoded(part.substr(0, equals)),
                         decoded(part.substr(std::min(equals + 1, part.size()))));
    }
    return out;
}

/// Go's strconv.ParseBool.
std::optional<bool> boolOf(std::string_view text)
{
    for (const char* word : {"1", "t", "T", "true", "TRUE", "True"})
        if (text == word)
            return true;
    for (const char* word : {"0", "f", "F", "false", "FALSE", "False"})
        if (text == word)
            return false;
    return std::nullopt;
}

/// Whole seconds, or a duration with units.
std::optional<std::chrono::milliseconds> timeoutOf(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc() && end == text.data() + text.size())
        return seconds > 0
            ? std::optional(std::chrono::milliseconds(std::min(seconds, kMostSeconds) * 1000))
            : std::nullopt;
    return parseGoDuration(text);
}

void readQuery(RepoSpec& spec, std::string_view text)
{
    std::string version;
    for (const auto& [name, value] : queryOf(text)) {
        if (value.empty())
            continue;
        if (name == "ref" && spec.reference.empty())
            spec.reference = value;
        else if (name == "version" && version.empty())
            version = value;
        else if (name == "timeout" && spec.timeout.count() == 0)
            spec.timeout = timeoutOf(value).value_or(std::chrono::milliseconds(0));
        else if (name == "submodules")
            spec.submodules = boolOf(value).value_or(spec.submodules);
    }
    if (spec.reference.empty())
        spec.reference = version;
}

} // namespace

RemoteAddress RepoSpec::address() const
{
    return {.kind = RemoteAddress::Kind::Repository,
            .url = cloneUrl,
            .reference = reference,
            .timeout = timeout};
}

std::optional<RepoSpec> parseRepoSpec(std::string_view entry)
{
    if (entry.starts_with('/'))
        return std::nullopt;
    const std::size_t mark = std::min(entry.find('?'), entry.size());
    const auto host = takeHost(entry.substr(0, mark));
    if (!host)
        return std::nullopt;
    auto split = splitPath(host->rest, host->isFile);
    if (!split || split->repository.empty())
        return std::nullopt;
    std::string_view path = split->path;
    while (path.starts_with('/'))
        path.remove_prefix(1);
    if (!normalisedPath(path)) // it leaves the repository
        return std::nullopt;
    RepoSpec spec {.cloneUrl = host->text + split->repository,
                   .path = std::string(path),
                   .isCertain = split->isMarked};
    readQuery(spec, entry.substr(std::min(mark + 1, entry.size())));
    return spec;
}

bool isWebUrl(std::string_view entry)
{
    return (takePrefix(entry, "https://") || takePrefix(entry, "http://")) && !entry.empty();
}

std::optional<std::chrono::milliseconds> parseGoDuration(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, double>, 7> kUnits {{{"ns", 1e-6},
                                                                                 {"us", 1e-3},
                                                                                 {"µs", 1e-3},
                                                                                 {"ms", 1},
                                                                                 {"s", 1000},
                                                                                 {"m", 60'000},
                                                                                 {"h", 3'600'000}}};
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double total = 0;
    bool isEmpty = true;
    while (!text.empty()) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number,
                                                  std::chars_format::fixed);
        if (error != std::errc() || number < 0)
            return std::nullopt;
        text.remove_prefix(std::size_t(end - text.data()));
        const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& each) {
            return text.starts_with(each.first)
                && (text.size() == each.first.size() || !isLetter(text[each.first.size()]));
        });
        if (unit == kUnits.end())
            return std::nullopt;
        total += number * unit->second;
        text.remove_prefix(unit->first.size());
        isEmpty = false;
    }
    if (isEmpty || total < 1 || total > double(kMostSeconds) * 1000)
        return std::nullopt;
    return std::chrono::milliseconds(std::int64_t(total));
}

} // namespace gitops::kustomize
