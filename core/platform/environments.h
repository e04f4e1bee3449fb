// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// One overlay or revision as it was rendered.
struct Environment
{
    std::string name;
    PlatformInputPtr input;
};

/// A difference that is meant to be: globs over "Kind/name" and over the field
/// ("spec.template.spec.containers[name=web].image"); written "Deployment/*:spec.replicas". Without
/// a field, the whole object may differ or be missing.
struct IntendedDifference
{
    std::string object;
    std::string field;
    static std::optional<IntendedDifference> parse(std::string_view text);
};

/// On an object: globs over fields, separated by commas, that may differ between environments; "*"
/// for all of it.
inline constexpr std::string_view kIntendedAnnotation = "wavewright.dev/intended-differences";

/// A field, or an object, that is not the same everywhere.
struct EnvironmentDifference
{
    ObjectKey key; ///< as the first environment that has it names it
    std::string field; ///< "" when the object itself is missing somewhere
    struct Side
    {
        bool present = false;
        bool known = true; ///< false: absent where not all could be read, which says nothing
        std::string value; ///< compact JSON; masked for Secrets; "" for a whole object
        Place place;
    };
    std::vector<Side> sides; ///< one for each environment
    std::string intendedBy; ///< the rule or annotation that allows it, "" when none does
    bool isIntended() const { return !intendedBy.empty(); }
};

struct EnvironmentComparison
{
    std::vector<std::string> names;
    std::size_t objects = 0; ///< in all of them together
    std::size_t same = 0; ///< the same everywhere
    std::size_t unknown = 0; ///< absent only where an environment has gaps: left out
    std::vector<EnvironmentDifference> differences; ///< by object, then field
};

/// Object by object and field by field. Objects are the same by kind, namespace and name, or else
/// by kind and name when each environment has one at most (overlays with namespaces of their own).
/// List items are aligned by their keys.
EnvironmentComparison compareEnvironments(const std::vector<Environment>& environments,
                                          const std::vector<IntendedDifference>& intended = {});

Json toJson(const EnvironmentComparison& comparison);

} // namespace core
