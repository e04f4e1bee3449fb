// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/location.h"

#include "core/value/jsonpointer.h"

#include <utility>

namespace gitops {

namespace {

std::string unquoted(const core::Json& value)
{
    return value.is_string() ? std::string(value.get_string()) : core::toText(value);
}

} // namespace

Location::Step::Step(Location& location, std::string_view fieldName)
    : m_location(location)
    , m_names(location.m_names.size())
    , m_desired(location.m_desired.size())
    , m_live(location.m_live.size())
    , m_display(location.m_display.size())
{
    location.m_fields.push_back(core::PathElement::field(fieldName));
    if (m_names != 0)
        location.m_names += '.';
    location.m_names += fieldName;
    const bool isPlain = fieldName.find_first_of("~/") == std::string_view::npos;
    for (std::string* pointer : {&location.m_desired, &location.m_live}) {
        *pointer += '/';
        if (isPlain)
            *pointer += fieldName;
        else
            *pointer += core::escapedPointerToken(fieldName);
    }
    if (m_display != 0)
        location.m_display += '.';
    location.m_display += fieldName;
}

Location::Step::Step(Location& location, core::PathElement item, std::size_t desiredIndex,
                     std::size_t liveIndex)
    : m_location(location)
    , m_names(location.m_names.size())
    , m_desired(location.m_desired.size())
    , m_live(location.m_live.size())
    , m_display(location.m_display.size())
{
    location.m_desired += '/';
    location.m_desired += std::to_string(desiredIndex);
    location.m_live += '/';
    location.m_live += std::to_string(liveIndex);
    location.m_display += displayItem(item);
    location.m_fields.push_back(std::move(item));
}

Location::Step::~Step()
{
    m_location.m_fields.pop_back();
    m_location.m_names.resize(m_names);
    m_location.m_desired.resize(m_desired);
    m_location.m_live.resize(m_live);
    m_location.m_display.resize(m_display);
}

std::string displayItem(const core::PathElement& item)
{
    if (item.kind == core::PathElement::Kind::Index)
        return "[" + std::to_string(item.index) + "]";
    const auto content = core::parseJson(item.text);
    if (!content || item.kind == core::PathElement::Kind::Field)
        return "[" + item.text + "]";
    if (item.kind == core::PathElement::Kind::Value)
        return "[=" + unquoted(*content) + "]";
    std::string result = "[";
    if (content->is_object())
        for (const auto& [name, value] : content->get_object()) {
            if (result.size() > 1)
                result += ',';
            result += name;
            result += '=';
            result += unquoted(value);
        }
    return result + "]";
}

} // namespace gitops
