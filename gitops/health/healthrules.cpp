// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/healthrules.h"

#include "core/base/embedded.h"
#include "core/base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace gitops {

using core::Health;

namespace {

/// One judgement of one object: its conditions are read once, and the last one that matched is
/// remembered for the message.
class RuleRun
{
public:
    RuleRun(const HealthRule& rule, ObjectReader& object)
        : m_object(object)
    {
        for (const std::string& path : rule.conditions)
            std::ranges::move(object.conditions(path), std::back_inserter(m_conditions));
    }

    bool holds(const HealthTest& test);
    std::string message(const HealthCase& decided) const;
    const Condition* matched() const { return m_matched; }

private:
    bool conditionHolds(const HealthTest& test);
    bool valueHolds(const HealthTest& test) const;
    bool numberHolds(const HealthTest& test);
    std::string placeholder(std::string_view name) const;

    ObjectReader& m_object;
    std::vector<Condition> m_conditions;
    const Condition* m_matched = nullptr;
};

bool isOneOf(const std::vector<std::string>& globs, std::string_view text)
{
    return std::ranges::any_of(
        globs, [&](const std::string& glob) { return core::globMatches(glob, text); });
}

bool RuleRun::conditionHolds(const HealthTest& test)
{
    const auto found = std::ranges::find_if(m_conditions, [&](const Condition& condition) {
        return core::globMatches(test.subject, condition.type)
            && (test.is.empty() || isOneOf(test.is, condition.status))
            && (test.reasons.empty() || isOneOf(test.reasons, condition.reason));
    });
    if (found == m_conditions.end())
        return false;
    m_matched = &*found;
    return true;
}

bool RuleRun::valueHolds(const HealthTest& test) const
{
    const std::vector<const core::Json*> values = m_object.all(test.subject);
    if (test.is.empty())
        return std::ranges::any_of(values, [](const core::Json* value) {
            return value->is_structured()
                ? !(value->is_array() ? value->get_array().empty() : value->get_object().empty())
                : !scalarText(*value).empty();
        });
    if (values.empty())
        return isOneOf(test.is, "");
    return std::ranges::any_of(
        values, [&](const core::Json* value) { return isOneOf(test.is, scalarText(*value)); });
}

bool RuleRun::numberHolds(const HealthTest& test)
{
    if (test.comparison == HealthTest::Comparison::Before) {
        const std::string first = m_object.text(test.subject);
        const std::string second = m_object.text(test.bound);
        return !first.empty() && !second.empty() && first < second;
    }
    std::int64_t have = 0;
    if (test.type == HealthTest::Type::Count)
        have = std::ranges::count_if(m_object.all(test.subject), [&](const core::Json* value) {
            return test.is.empty() || isOneOf(test.is, scalarText(*value));
        });
    else
        have = m_object.integer(test.subject);
    std::int64_t bound = 0;
    const char* end = test.bound.data() + test.bound.size();
    if (std::from_chars(test.bound.data(), end, bound).ptr != end)
        bound = m_object.integer(test.bound);
    switch (test.comparison) {
    case HealthTest::Comparison::AtLeast:
        return have >= bound;
    case HealthTest::Comparison::AtMost:
        return have <= bound;
    case HealthTest::Comparison::Below:
        return have < bound;
    case HealthTest::Comparison::Above:
        return have > bound;
    case HealthTest::Comparison::Before:
        break;
    }
    return false;
}

bool RuleRun::holds(const HealthTest& test)
{
    const auto partHolds = [this](const HealthTest& part) { return holds(part); };
    switch (test.type) {
    case HealthTest::Type::Condition:
        return conditionHolds(test);
    case HealthTest::Type::Value:
        return valueHolds(test);
    case HealthTest::Type::Number:
    case HealthTest::Type::Count:
        return numberHolds(test);
    case HealthTest::Type::Any:
        return std::ranges::any_of(test.parts, partHolds);
    case HealthTest::Type::All:
        return std::ranges::all_of(test.parts, partHolds);
    case HealthTest::Type::Not: {
        const Condition* before = m_matched;
        const bool result = std::ranges::none_of(test.parts, partHolds);
        m_matched = before;
        return result;
    }
    }
    return false;
}

std::string RuleRun::placeholder(std::string_view name) const
{
    if (name == "message" || name == "reason") {
        if (!m_matched)
            return {};
        return name == "reason" || m_matched->message.empty() ? m_matched->reason
                                                              : m_matched->message;
    }
    const std::vector<const core::Json*> values = m_object.all(name);
    return values.empty() ? std::string() : scalarText(*values.front());
}

std::string RuleRun::message(const HealthCase& decided) const
{
    if (decided.message.empty())
        return placeholder("message");
    std::string out;
    std::string_view rest = decided.message;
    while (!rest.empty()) {
        const std::size_t open = rest.find('{');
        const std::size_t close = rest.find('}', open == rest.npos ? 0 : open);
        out += rest.substr(0, open);
        if (open == rest.npos || close == rest.npos)
            break;
        out += placeholder(rest.substr(open + 1, close - open - 1));
        rest.remove_prefix(close + 1);
    }
    return out;
}

core::HealthAssessment behind(std::int64_t observed, std::int64_t generation)
{
    return verdict(
        Health::Progressing,
        fmt::format("Status is of generation {}, waiting for generation {}", observed, generation));
}

core::HealthAssessment decide(const HealthCase& decided, const RuleRun& run, ObjectReader& object)
{
    std::optional<Health> status = decided.status;
    if (!decided.statusPath.empty())
        status = core::healthFromString(object.text(decided.statusPath));
    if (!status)
        return {};
    // What the operator wrote about an older spec says nothing of this one.
    const Condition* condition = run.matched();
    if (condition && status != Health::Progressing
        && condition->observedGeneration.value_or(object.generation()) < object.generation())
        return behind(*condition->observedGeneration, object.generation());
    return verdict(*status, run.message(decided));
}

struct RuleIndex
{
    std::map<std::string, const HealthRule*> exact;
    std::vector<std::pair<std::string, const HealthRule*>> globs;
};

RuleIndex indexOf(const std::vector<HealthRule>& rules)
{
    RuleIndex index;
    for (const HealthRule& rule : rules)
        for (const std::string& name : rule.kinds)
            if (name.find_first_of("*?[") == name.npos)
                index.exact.emplace(name, &rule);
            else
                index.globs.emplace_back(name, &rule);
    return index;
}

} // namespace

core::HealthAssessment applyRule(const HealthRule& rule, ObjectReader& object)
{
    if (!rule.observedGeneration.empty()) {
        const auto observed = object.maybeInteger(rule.observedGeneration);
        if (observed && *observed < object.generation())
            return behind(*observed, object.generation());
    }
    RuleRun run(rule, object);
    for (const HealthCase& each : rule.cases)
        if (!each.test || run.holds(*each.test))
            return decide(each, run, object);
    return {};
}

const std::vector<HealthRule>& healthRules()
{
    static const std::vector<HealthRule> rules = [] {
        std::vector<HealthRule> all;
        for (const std::string_view file : core::embeddedNames("resources/health/"))
            if (auto read = readHealthRules(core::embedded(file), file))
                std::ranges::move(*read, std::back_inserter(all));
        return all;
    }();
    return rules;
}

const HealthRule* healthRuleOf(const core::GroupKind& kind)
{
    static const RuleIndex index = indexOf(healthRules());
    const std::string name = kind.group.empty() ? kind.kind : kind.group + "/" + kind.kind;
    if (const auto found = index.exact.find(name); found != index.exact.end())
        return found->second;
    for (const auto& [pattern, rule] : index.globs)
        if (core::globMatches(pattern, name))
            return rule;
    return nullptr;
}

} // namespace gitops
