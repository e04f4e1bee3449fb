// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/apirequest.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops::practice {

namespace {

std::string decodeQuery(std::string_view text)
{
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return core::percentDecode(spaced);
}

} // namespace

std::string_view RequestTarget::parameter(std::string_view name) const
{
    const auto found = query.find(name);
    return found == query.end() ? std::string_view {} : std::string_view(found->second);
}

bool RequestTarget::flag(std::string_view name) const
{
    const auto found = query.find(name);
    if (found == query.end())
        return false;
    const std::string& value = found->second;
    return value.empty() || value == "1" || core::equalsIgnoringCase(value, "true");
}

RequestTarget parseTarget(std::string_view target)
{
    RequestTarget parsed;
    const std::size_t mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    parsed.path = core::percentDecode(path);
    for (std::string_view part : core::split(path, '/'))
        if (!part.empty())
            parsed.segments.push_back(core::percentDecode(part));
    if (mark == std::string_view::npos)
        return parsed;
    for (std::string_view pair : core::split(target.substr(mark + 1), '&')) {
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        const std::string key = decodeQuery(pair.substr(0, equals));
        parsed.query[key] = equals == std::string_view::npos ? std::string {}
                                                             : decodeQuery(pair.substr(equals + 1));
    }
    return parsed;
}

std::optional<ResourcePath> parseResourcePath(const std::vector<std::string>& segments)
{
    ResourcePath path;
    std::size_t at = 0;
    if (segments.size() >= 2 && segments[0] == "api") {
        path.version = segments[1];
        at = 2;
    } else if (segments.size() >= 3 && segments[0] == "apis") {
        path.group = segments[1];
        path.version = segments[2];
        at = 3;
    } else {
        return std::nullopt;
    }
    const std::size_t left = segments.size() - at;
    // /namespaces/NS/PLURAL…, but /namespaces/NS/status and /finalize speak of the namespace.
    const bool inNamespace = left >= 3 && segments[at] == "namespaces"
        && !(path.group.empty() && left == 3
             && (segments[at + 2] == "status" || segments[at + 2] == "finalize"));
    if (inNamespace) {
        path.namespaceName = segments[at + 1];
        at += 2;
    }
    if (at < segments.size())
        path.plural = segments[at++];
    if (at < segments.size())
        path.name = segments[at++];
    for (; at < segments.size(); ++at)
        path.subresource += (path.subresource.empty() ? "" : "/") + segments[at];
    return path;
}

bool isWatchRequest(const core::HttpRequest& request)
{
    if (request.method != "GET" || request.target.find("watch=") == std::string::npos)
        return false;
    const RequestTarget target = parseTarget(request.target);
    if (!target.flag("watch"))
        return false;
    // One object is watched by a field selector on the collection.
    const auto path = parseResourcePath(target.segments);
    return !path || path->name.empty();
}

} // namespace gitops::practice
