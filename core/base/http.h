// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

using HttpHeaders =
    std::vector<std::pair<std::string, std::string>>; ///< in order; names in any case

/// A request to a Kubernetes API server, without the server's address and credentials: the
/// transport has those.
struct HttpRequest
{
    std::string method = "GET";
    std::string target; ///< path with query, percent-encoded: "/api/v1/namespaces?limit=500"
    HttpHeaders headers = {};
    std::string body = {};
    std::chrono::milliseconds timeout {0}; ///< whole exchange; 0 = the transport's own limit
};

struct HttpResponse
{
    int status = 0;
    HttpHeaders headers = {};
    std::string body = {};
};

/// The first header of that name (any case), or "".
std::string_view header(const HttpHeaders& headers, std::string_view name);

/// "a b/ü" -> "a%20b%2F%C3%BC": everything but unreserved characters (RFC 3986, 2.3).
std::string percentEncode(std::string_view text);
/// Undoes percentEncode; bad escapes stay as they are.
std::string percentDecode(std::string_view text);

} // namespace core
