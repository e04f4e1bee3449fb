// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/healthrules.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gitops {

namespace {

using Comparison = HealthTest::Comparison;

/// Stops at the first mistake; what was read until then is thrown away.
class RuleReader
{
public:
    explicit RuleReader(std::string_view file)
        : m_file(file)
    {
    }

    std::vector<HealthRule> rules(const YAML::Node& document);
    const std::optional<core::Error>& error() const { return m_error; }
    void fail(const YAML::Mark& mark, std::string message);

private:
    HealthRule rule(const YAML::Node& node);
    HealthCase oneCase(const YAML::Node& node);
    HealthTest test(const YAML::Node& node, int depth);
    void compare(const YAML::Node& node, HealthTest& out);
    std::vector<HealthTest> tests(const YAML::Node& node, int depth);
    std::vector<std::string> words(const YAML::Node& node);
    void checkKeys(const YAML::Node& node, std::initializer_list<std::string_view> allowed);

    std::string m_file;
    std::optional<core::Error> m_error;
};

void RuleReader::fail(const YAML::Mark& mark, std::string message)
{
    if (!m_error)
        m_error = core::Error {.code = core::ErrorCode::Invalid,
                               .message = std::move(message),
                               .place = {.file = m_file, .line = mark.line + 1}};
}

void RuleReader::checkKeys(const YAML::Node& node, std::initializer_list<std::string_view> allowed)
{
    if (!node.IsMap())
        return fail(node.Mark(), "a map was expected");
    for (const auto& member : node)
        if (std::ranges::find(allowed, member.first.Scalar()) == allowed.end())
            fail(member.first.Mark(), "unknown key \"" + member.first.Scalar() + "\"");
}

std::vector<std::string> RuleReader::words(const YAML::Node& node)
{
    if (!node)
        return {};
    if (node.IsScalar())
        return {node.Scalar()};
    std::vector<std::string> out;
    if (!node.IsSequence())
        fail(node.Mark(), "a word or a list of words was expected");
    else
        for (const YAML::Node& item : node)
            out.push_back(item.Scalar());
    return out;
}

std::vector<HealthTest> RuleReader::tests(const YAML::Node& node, int depth)
{
    std::vector<HealthTest> out;
    if (!node.IsSequence() || node.size() == 0)
        fail(node.Mark(), "a list of tests was expected");
    else
        for (const YAML::Node& item : node)
            out.push_back(test(item, depth + 1));
    return out;
}

void RuleReader::compare(const YAML::Node& node, HealthTest& out)
{
    constexpr std::array<std::pair<const char*, Comparison>, 5> kWords {
        {{"atLeast", Comparison::AtLeast},
         {"atMost", Comparison::AtMost},
         {"below", Comparison::Below},
         {"above", Comparison::Above},
         {"before", Comparison::Before}}};
    for (const auto& [word, comparison] : kWords) {
        if (!node[word])
            continue;
        if (!out.bound.empty())
            fail(node.Mark(), "only one comparison fits into a test");
        out.comparison = comparison;
        out.bound = node[word].Scalar();
        if (out.type == HealthTest::Type::Value)
            out.type = HealthTest::Type::Number;
    }
    if (out.type == HealthTest::Type::Count
        && (out.bound.empty() || out.comparison == Comparison::Before))
        fail(node.Mark(), "count needs atLeast, atMost, below or above");
}

HealthTest RuleReader::test(const YAML::Node& node, int depth)
{
    HealthTest out;
    checkKeys(node,
              {"condition", "path", "count", "is", "reason", "atLeast", "atMost", "below", "above",
               "before", "any", "all", "not"});
    if (depth > 10)
        fail(node.Mark(), "tests are nested too deeply");
    if (m_error)
        return out;
    out.is = words(node["is"]);
    if (node["any"] || node["all"]) {
        out.type = node["any"] ? HealthTest::Type::Any : HealthTest::Type::All;
        out.parts = tests(node["any"] ? node["any"] : node["all"], depth);
    } else if (node["not"]) {
        out.type = HealthTest::Type::Not;
        out.parts.push_back(test(node["not"], depth + 1));
    } else if (node["condition"]) {
        out.type = HealthTest::Type::Condition;
        out.subject = node["condition"].Scalar();
        out.reasons = words(node["reason"]);
    } else if (node["count"] || node["path"]) {
        out.type = node["count"] ? HealthTest::Type::Count : HealthTest::Type::Value;
        out.subject = (node["count"] ? node["count"] : node["path"]).Scalar();
        compare(node, out);
    }
    if (out.subject.empty() && out.parts.empty())
        fail(node.Mark(), "a test needs condition, path, count, any, all or not");
    return out;
}

HealthCase RuleReader::oneCase(const YAML::Node& node)
{
    HealthCase out;
    checkKeys(node, {"if", "then", "from", "say"});
    if (m_error)
        return out;
    if (node["if"])
        out.test = test(node["if"], 0);
    if (node["say"])
        out.message = node["say"].Scalar();
    if (node["from"]) {
        out.statusPath = node["from"].Scalar();
    } else if (node["then"] && node["then"].Scalar() != "None") {
        out.status = core::healthFromString(node["then"].Scalar());
        if (!out.status)
            fail(node["then"].Mark(), "\"" + node["then"].Scalar() + "\" is no health");
    } else if (!node["then"]) {
        fail(node.Mark(), "a case needs then or from");
    }
    return out;
}

HealthRule RuleReader::rule(const YAML::Node& node)
{
    HealthRule out;
    checkKeys(node, {"kinds", "conditions", "observedGeneration", "cases"});
    if (m_error)
        return out;
    out.kinds = words(node["kinds"]);
    if (out.kinds.empty())
        fail(node.Mark(), "a rule needs kinds");
    if (node["conditions"])
        out.conditions = words(node["conditions"]);
    if (node["observedGeneration"])
        out.observedGeneration = node["observedGeneration"].Scalar();
    if (!node["cases"] || !node["cases"].IsSequence() || node["cases"].size() == 0)
        fail(node.Mark(), "a rule needs cases");
    else
        for (const YAML::Node& each : node["cases"])
            out.cases.push_back(oneCase(each));
    return out;
}

std::vector<HealthRule> RuleReader::rules(const YAML::Node& document)
{
    std::vector<HealthRule> out;
    if (!document.IsSequence())
        fail(document.Mark(), "a list of rules was expected");
    else
        for (const YAML::Node& node : document)
            out.push_back(rule(node));
    return out;
}

} // namespace

core::Result<std::vector<HealthRule>> readHealthRules(std::string_view text, std::string_view file)
{
    RuleReader reader(file);
    try {
        std::vector<HealthRule> rules = reader.rules(YAML::Load(std::string(text)));
        if (!reader.error())
            return rules;
    } catch (const YAML::Exception& exception) {
        reader.fail(exception.mark, exception.msg);
    }
    return std::unexpected(*reader.error());
}

} // namespace gitops
