// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/object/identity.h"
#include "gitops/health/objectreader.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// One test on an object. In a rule file, each as a map; several keys of one map must all hold:
///   {condition: Ready, is: "True", reason: [Creating, "Wait*"]}   a condition, by globs
///   {path: status.phase, is: [Running, Ready]}    a value as text; a path with [] goes through
///                                                 lists and maps, any of its values will do
///   {path: status.phase}                          it exists and is not empty ('a.b\.c': a dot in
///                                                 the key)
///   {path: status.ready, atLeast: spec.replicas}  numbers against a path or a number (also
///                                                 atMost, below, above; absent counts as 0)
///   {path: status.done, before: status.begun}     times as text; both must be there
///   {count: "status.pods[]", is: RUNNING, atLeast: 1}             how many values are so
///   {any: [...]}  {all: [...]}  {not: {...}}
struct HealthTest
{
    enum class Type
    {
        Condition,
        Value,
        Number,
        Count,
        Any,
        All,
        Not
    } type = Type::Value;
    std::string subject; ///< type of a condition, or a path
    std::vector<std::string> is; ///< globs; empty: any
    std::vector<std::string> reasons; ///< globs; empty: any
    enum class Comparison
    {
        AtLeast,
        AtMost,
        Below,
        Above,
        Before
    } comparison = Comparison::AtLeast;
    std::string bound; ///< a number, or a path
    std::vector<HealthTest> parts; ///< of Any, All and Not
};

/// What to say where a test holds. without a status: the kind has no health as long as this holds.
struct HealthCase
{
    std::optional<HealthTest> test; ///< none: always
    std::optional<core::Health> status;
    std::string statusPath; ///< "from": the status is the text at this path
    std::string message; ///< {message}, {reason} of the condition, {a.path} of the object
};

/// The table of some kinds: the first case that holds decides; no case: no health.
struct HealthRule
{
    std::vector<std::string> kinds; ///< "group/Kind" or "Kind", globs
    std::vector<std::string> conditions {"status.conditions"};
    std::string observedGeneration = "status.observedGeneration"; ///< "": the kind has none
    std::vector<HealthCase> cases;
};

/// Reads a rule file:
///   - kinds: [kafka.strimzi.io/KafkaTopic]
///     cases:
///       - {if: {condition: Ready, is: "True"}, then: Healthy}
///       - {then: Progressing, say: "Waiting for the operator"}
/// Fails (Invalid, with file and line) on any word that it does not know.
core::Result<std::vector<HealthRule>> readHealthRules(std::string_view text, std::string_view file);

/// All embedded rules; a file that fails to load is left out (a test loads them all). Made once.
const std::vector<HealthRule>& healthRules();
/// The rule of a kind; exact names go before globs. nullptr without one.
const HealthRule* healthRuleOf(const core::GroupKind& kind);

core::HealthAssessment applyRule(const HealthRule& rule, ObjectReader& object);

} // namespace gitops
