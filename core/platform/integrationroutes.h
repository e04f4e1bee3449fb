// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One endpoint of a Camel route as the source writes it, with its parameters put into the URI.
struct CamelEndpoint
{
    enum class Use
    {
        From,
        To
    } use = Use::To;
    std::string uri;
    std::string verb; ///< "from", "toD", "wireTap", "deadLetterUri"
    int line = 1; ///< of the text
    std::string pointer; ///< below the value, for YAML: "/0/from/steps/1/to"
    bool complete = true; ///< false: the rest of the text is made when it runs
};

/// A route: where it begins, and all that it sends to.
struct CamelRoute
{
    std::string id;
    std::vector<CamelEndpoint> endpoints;
};

/// Routes of YAML DSL, as a value: a list of flows, or one. Unknown steps are walked through.
std::vector<CamelRoute> routesOfFlows(const Json& flows);
/// Routes of Java, Groovy (also JavaScript, Kotlin, jsh) or XML source text: the endpoints are read
/// from string literals, comments left out. Nothing is run or evaluated. Bounded in the text's
/// size, at most 5,000 endpoints.
std::vector<CamelRoute> routesOfCode(std::string_view source);
std::vector<CamelRoute> routesOfXml(std::string_view source);

} // namespace core
