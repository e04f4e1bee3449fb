// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationorigin.h"

#include "core/base/strings.h"
#include "core/value/json.h"

#include <algorithm>
#include <filesystem>

namespace gitops {

namespace {

constexpr std::size_t kLongest = 16'384; ///< of a kept origin
constexpr std::size_t kShown = 300;
constexpr std::string_view kFolder = "dir://";

/// Without what may be a secret (user, password, query), and without what means nothing: ".git",
/// slashes at the end, capital letters of the host.
std::string plainRepository(std::string_view url)
{
    std::string text(core::trimmed(url));
    if (text.starts_with(kFolder))
        return text;
    text.resize(std::min(text.find_first_of("?#"), text.size()));
    const std::size_t scheme = text.find("://");
    const std::size_t host = scheme == text.npos ? 0 : scheme + 3;
    if (const std::size_t at = text.rfind('@', text.find('/', host)); at != text.npos && at >= host)
        return plainRepository(text.substr(0, host) + text.substr(at + 1));
    if (scheme != text.npos) {
        const std::size_t end = std::min(text.find('/', host), text.size());
        text = core::toLower(text.substr(0, end)) + text.substr(end);
    }
    while (text.size() > 1 && text.ends_with('/'))
        text.pop_back();
    if (text.ends_with(".git"))
        text.resize(text.size() - 4);
    return text;
}

std::string plainPath(const std::string& path)
{
    std::string text = std::filesystem::path(path).lexically_normal().string();
    while (text.ends_with('/'))
        text.pop_back();
    return text == "." ? std::string() : text;
}

std::string shown(const std::string& text)
{
    return core::sanitised(text.size() > kShown ? text.substr(0, kShown) + "…" : text);
}

} // namespace

std::string ApplicationOrigin::text() const
{
    return shown(repository) + ", path " + (path.empty() ? "." : shown(path)) + ", into "
        + (destination.empty() ? "no namespace of its own" : "namespace " + shown(destination))
        + (namespaceName.empty() ? "" : " (Application in " + shown(namespaceName) + ")");
}

ApplicationOrigin originOf(const core::Application& application)
{
    return {.repository = plainRepository(application.source.repoUrl),
            .path = plainPath(application.source.path),
            .destination = application.destinationNamespace,
            .namespaceName = application.namespaceName};
}

std::string toText(const ApplicationOrigin& origin)
{
    return core::toText(core::JsonObject {{"repository", origin.repository},
                                          {"path", origin.path},
                                          {"destination", origin.destination},
                                          {"namespace", origin.namespaceName}});
}

std::optional<ApplicationOrigin> originFromText(std::string_view text)
{
    if (text.size() > kLongest)
        return std::nullopt;
    const auto object = core::parseJson(text);
    if (!object || !object->is_object() || core::stringAt(*object, {"repository"}).empty())
        return std::nullopt;
    const auto member = [&](std::string_view name) {
        return std::string(core::stringAt(*object, {name}));
    };
    return ApplicationOrigin {member("repository"), member("path"), member("destination"),
                              member("namespace")};
}

bool isEditOf(const ApplicationOrigin& before, const ApplicationOrigin& now)
{
    return before.destination == now.destination && before.namespaceName == now.namespaceName
        && (before.repository == now.repository || before.path == now.path)
        && !before.repository.starts_with(kFolder) && !now.repository.starts_with(kFolder);
}

std::string describeOrigin(std::string_view recorded)
{
    const auto origin = originFromText(recorded);
    return origin ? origin->text() : "an origin that cannot be read";
}

} // namespace gitops
