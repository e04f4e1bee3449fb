// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/objectreader.h"

#include "core/base/strings.h"

#include <cmath>

namespace gitops {

namespace {

constexpr std::size_t kMaxMessage = 2000;
constexpr std::size_t kMaxValues = 10'000; ///< of a path through lists

std::optional<std::int64_t> toInteger(const core::Json& value)
{
    if (value.is_int64())
        return value.get_int64();
    if (value.is_uint64() && value.get_uint64() <= std::uint64_t(INT64_MAX))
        return std::int64_t(value.get_uint64());
    if (value.is_double() && std::abs(value.get_double()) < 9e15
        && std::trunc(value.get_double()) == value.get_double())
        return std::int64_t(value.get_double());
    return std::nullopt;
}

void appendItems(const core::Json& value, std::vector<const core::Json*>& out)
{
    if (value.is_array()) {
        for (const core::Json& item : value.get_array())
            out.push_back(&item);
    } else if (value.is_object()) {
        for (const auto& member : value.get_object())
            out.push_back(&member.value());
    }
}

/// Cut at a character's beginning.
std::string shortened(std::string text)
{
    if (text.size() <= kMaxMessage)
        return text;
    std::size_t end = kMaxMessage;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

/// At the dots, save those after a backslash.
std::vector<std::string> keysOf(std::string_view path)
{
    std::vector<std::string> keys;
    bool isContinued = false;
    for (const std::string_view part : core::split(path, '.')) {
        if (isContinued)
            keys.back().append(part);
        else
            keys.emplace_back(part);
        isContinued = part.ends_with('\\');
        if (isContinued)
            keys.back().back() = '.';
    }
    return keys;
}

} // namespace

const core::Json* ObjectReader::at(std::string_view path) const
{
    const core::Json* value = &m_object;
    for (const std::string& key : keysOf(path)) {
        value = core::find(*value, key);
        if (!value)
            return nullptr;
    }
    return value->is_null() ? nullptr : value;
}

std::vector<const core::Json*> ObjectReader::all(std::string_view path) const
{
    std::vector<const core::Json*> values {&m_object};
    for (const std::string& written : keysOf(path)) {
        std::string_view key = written;
        const bool isList = key.ends_with("[]");
        if (isList)
            key.remove_suffix(2);
        std::vector<const core::Json*> next;
        for (const core::Json* value : values) {
            const core::Json* member = core::find(*value, key);
            if (next.size() >= kMaxValues || !member || member->is_null())
                continue;
            if (isList)
                appendItems(*member, next);
            else
                next.push_back(member);
        }
        values = std::move(next);
    }
    return values;
}

std::optional<std::int64_t> ObjectReader::maybeInteger(std::string_view path)
{
    const core::Json* value = at(path);
    if (!value)
        return std::nullopt;
    const std::optional<std::int64_t> number = toInteger(*value);
    if (!number)
        complain(path, "a whole number");
    return number;
}

std::string ObjectReader::text(std::string_view path)
{
    const core::Json* value = at(path);
    if (!value)
        return {};
    if (value->is_string())
        return shortened(std::string(std::string_view(value->get_string())));
    complain(path, "a string");
    return {};
}

bool ObjectReader::flag(std::string_view path)
{
    const core::Json* value = at(path);
    if (value && !value->is_bool())
        complain(path, "true or false");
    return value && value->is_bool() && value->get_bool();
}

std::vector<const core::Json*> ObjectReader::objects(std::string_view path)
{
    std::vector<const core::Json*> items;
    for (const core::Json* list : all(path)) {
        if (!list->is_array()) {
            complain(path, "a list");
            continue;
        }
        for (const core::Json& item : list->get_array()) {
            if (item.is_object())
                items.push_back(&item);
            else
                complain(path, "a list of objects");
        }
    }
    return items;
}

std::vector<Condition> ObjectReader::conditions(std::string_view path)
{
    std::vector<Condition> out;
    for (const core::Json* item : objects(path)) {
        ObjectReader fields(*item);
        Condition condition {.type = fields.text("type"),
                             .status = fields.text("status"),
                             .reason = fields.text("reason"),
                             .message = fields.text("message"),
                             .observedGeneration = fields.maybeInteger("observedGeneration")};
        if (!fields.complaint().empty())
            complain(path, "a list of conditions");
        out.push_back(std::move(condition));
    }
    return out;
}

std::string ObjectReader::annotation(std::string_view name) const
{
    return std::string(core::stringAt(m_object, {"metadata", "annotations", name}));
}

void ObjectReader::complain(std::string_view path, std::string_view wanted)
{
    if (m_complaint.empty())
        m_complaint = std::string(path) + " is not " + std::string(wanted);
}

core::HealthAssessment verdict(core::Health health, std::string message)
{
    return {.status = health, .message = shortened(std::move(message))};
}

std::string scalarText(const core::Json& value)
{
    if (value.is_string())
        return std::string(std::string_view(value.get_string()));
    if (value.is_bool() || value.is_number())
        return core::toText(value);
    return {};
}

} // namespace gitops
