// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "core/value/json.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// One request of a script. Target, headers and body may hold variables ("$ns", "$uid").
struct RequestStep
{
    std::string what; ///< "GET /api/v1/…": as the script has it
    std::string method;
    std::string target;
    core::HttpHeaders headers;
    std::string body;
    std::map<std::string, std::string> save; ///< variable to the pointer of what it gets
    core::JsonObject
        until; ///< asked again until: pointer to value (null: absent), "code" to status
    int events = -1; ///< a watch: read so many events; -1: it is none
    std::vector<std::string> hide; ///< pointers into the answer that do not count; "*" is any token
};

/// A named sequence of requests that an API server answers the same way each time.
struct RequestScript
{
    std::string file; ///< "create" of create.yaml
    std::string name;
    std::vector<RequestStep> steps;
};

/// A file of scripts: their names to their steps (tests/data/replay/README.md has the words).
core::Result<std::vector<RequestScript>> readScripts(std::string_view text,
                                                     const std::string& file);

/// "$name" replaced; "$core", "$apps" and others stand for the start of a path in "$ns". A name
/// without a value stays as it is.
std::string withVariables(std::string_view text,
                          const std::map<std::string, std::string>& variables);

} // namespace tests
