// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/likeness.h"

#include "core/base/strings.h"
#include "core/base/time.h"
#include "core/value/quantity.h"

#include <algorithm>
#include <array>
#include <string>

namespace gitops {

namespace {

using core::Json;

constexpr std::array kQuantityMaps = std::to_array<std::string_view>(
    {"allocatable", "capacity", "default", "defaultRequest", "hard", "limits", "max",
     "maxLimitRequestRatio", "min", "podFixed", "requests", "used"});
constexpr std::array kQuantityFields =
    std::to_array<std::string_view>({"averageValue", "divisor", "sizeLimit"});

std::pair<std::string_view, std::string_view> lastTwo(std::string_view path)
{
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos)
        return {{}, path};
    const std::string_view front = path.substr(0, dot);
    return {front.substr(front.rfind('.') + 1), path.substr(dot + 1)};
}

/// A scalar as the text that a person would write; "" for lists, maps and null.
std::string plainText(const Json& value)
{
    if (value.is_string())
        return std::string(value.get_string());
    return value.is_structured() || value.is_null() ? std::string() : core::toText(value);
}

bool isEmptyValue(const Json& value)
{
    return value.is_null() || (value.is_string() && value.get_string().empty())
        || (value.is_object() && value.get_object().empty())
        || (value.is_array() && value.get_array().empty());
}

bool sameQuantity(const std::string& a, const std::string& b)
{
    const auto left = core::Quantity::parse(a);
    const auto right = left ? core::Quantity::parse(b) : std::nullopt;
    return left && right && *left == *right;
}

bool sameDuration(const std::string& a, const std::string& b)
{
    const auto left = core::parseDuration(a);
    return left && left == core::parseDuration(b);
}

bool sameTime(const std::string& a, const std::string& b)
{
    const auto left = core::parseRfc3339(a);
    return left && left == core::parseRfc3339(b);
}

} // namespace

FieldSort builtinFieldSort(std::string_view kind, std::string_view path)
{
    const auto [parent, name] = lastTwo(path);
    if ((kind == "Secret" && parent == "data") || (kind == "ConfigMap" && parent == "binaryData"))
        return FieldSort::Base64;
    if (std::ranges::binary_search(kQuantityFields, name)
        || std::ranges::binary_search(kQuantityMaps, parent)
        || (name == "value" && parent == "target"))
        return FieldSort::Quantity;
    return FieldSort::Plain;
}

Likeness likeness(const Json& desired, const Json& live, FieldSort sort)
{
    if (core::isEqual(desired, live))
        return Likeness::Equal;
    if (isEmptyValue(desired) && isEmptyValue(live))
        return Likeness::MaybeEqual;
    if (desired.is_structured() || live.is_structured())
        return Likeness::Different;
    const std::string a = plainText(desired);
    const std::string b = plainText(live);
    if (sort == FieldSort::Quantity && sameQuantity(a, b))
        return Likeness::Equal;
    if (sort == FieldSort::Base64) {
        const auto bytes = core::base64Decode(a);
        return bytes && bytes == core::base64Decode(b) ? Likeness::Equal : Likeness::Different;
    }
    if (desired.kind() != live.kind() && a == b)
        return Likeness::MaybeEqual; // 80 and "80", true and "true"
    if (sort == FieldSort::Plain)
        return sameTime(a, b) || sameDuration(a, b) ? Likeness::MaybeEqual : Likeness::Different;
    const bool alike = core::equalsIgnoringCase(core::trimmed(a), core::trimmed(b))
        || sameQuantity(a, b) || sameDuration(a, b) || sameTime(a, b);
    return alike ? Likeness::MaybeEqual : Likeness::Different;
}

} // namespace gitops
