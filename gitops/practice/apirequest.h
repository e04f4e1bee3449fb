// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

/// Who asks: decided by whoever carries the request (a bearer token, or the simulation).
struct Identity
{
    std::string user = "practice-admin";
    std::vector<std::string> groups = {"system:masters", "system:authenticated"};
};

/// A request's target, taken apart: path and decoded query.
struct RequestTarget
{
    std::string path;
    std::map<std::string, std::string, std::less<>> query; ///< of repeated keys the last
    std::vector<std::string> segments; ///< decoded, without empty ones
    std::string_view parameter(std::string_view name) const; ///< "" when absent
    bool has(std::string_view name) const { return query.contains(name); }
    bool flag(std::string_view name) const; ///< "true", "1", or present without a value
};
RequestTarget parseTarget(std::string_view target);

/// What a path below /api or /apis means.
struct ResourcePath
{
    std::string group;
    std::string version;
    std::string namespaceName;
    std::string plural; ///< "" for the group version itself
    std::string name;
    std::string subresource; ///< "status", "scale", "log"; deeper parts are kept with slashes
};
/// nullopt when the path is no resource path ("/version", "/apis", "/apis/apps").
std::optional<ResourcePath> parseResourcePath(const std::vector<std::string>& segments);

/// True when the request asks for a watch ("watch=true" on a GET).
bool isWatchRequest(const core::HttpRequest& request);

} // namespace gitops::practice
