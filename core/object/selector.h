// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A label selector in kubectl's grammar ("app=web,tier in (a, b),!legacy") or from a LabelSelector
/// object. (apimachinery pkg/labels/selector.go.) A value type; any thread.
class LabelSelector
{
public:
    static Result<LabelSelector> parse(std::string_view text);
    static Result<LabelSelector> fromJson(const Json& matchLabelsAndExpressions);
    bool matches(const std::map<std::string, std::string>& labels) const;
    bool isEmpty() const { return m_requirements.empty(); }

private:
    enum class Operator
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,
        GreaterThan,
        LessThan
    };
    struct Requirement
    {
        std::string key;
        Operator op;
        std::vector<std::string> values;
    };
    std::vector<Requirement> m_requirements;
};

/// A field selector: "metadata.name=web,status.phase!=Running".
struct FieldRequirement
{
    std::string path;
    std::string value;
    bool equal = true;
};
Result<std::vector<FieldRequirement>> parseFieldSelector(std::string_view text);

/// metadata.labels or metadata.annotations of an object as a map; values that are no strings are
/// left out.
std::map<std::string, std::string> labelsOf(const Json& object);
std::map<std::string, std::string> annotationsOf(const Json& object);

} // namespace core
