// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gitops {

/// Runs any jq expression: JSON pointers of what it selects in an object.
using JqSelect = std::function<core::Result<std::vector<std::string>>(const std::string& expression,
                                                                      const core::Json& object)>;

/// jq's paths (lists of names, numbers and slices) as JSON pointers into the object that they were
/// found in; at most limit. What is no path of it is left out.
std::vector<std::string> pointersOfPaths(const core::Json& paths, const core::Json& object,
                                         std::size_t limit = 10'000);

/// The jq expressions that ignoreDifferences mostly uses: paths of fields, [], [0], "?" and
/// select() of fields compared (== or !=) with a scalar, combined by "and" and "or", joined by "|".
/// Anything else is refused by name, not guessed: it is for jq. A value type; any thread.
class JqPath
{
public:
    /// Unsupported when the expression is more than a path.
    static core::Result<JqPath> parse(std::string_view expression);
    /// JSON pointers of all that the path selects in an object; at most limit.
    std::vector<std::string> select(const core::Json& object, std::size_t limit = 10'000) const;

private:
    struct Field
    {
        std::string name;
    };
    struct Each
    {
    };
    struct At
    {
        std::size_t index = 0;
    };
    struct Condition
    {
        std::vector<std::string> path;
        core::Json value;
        bool isEqual = true;
    };
    struct Select
    {
        std::vector<std::vector<Condition>> anyOf; ///< all of a row must hold
    };
    using Step = std::variant<Field, Each, At, Select>;
    class Parser;
    static bool holds(const Condition& condition, const core::Json& value);
    void walk(const core::Json& value, std::size_t step, std::string& pointer, std::size_t limit,
              std::vector<std::string>& found) const;
    std::vector<Step> m_steps;
};

} // namespace gitops
