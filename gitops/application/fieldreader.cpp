// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/fieldreader.h"

#include "core/base/strings.h"

#include <boost/json.hpp>

#include <algorithm>

namespace gitops {

namespace {

constexpr std::size_t kMaxListItems = 10'000;

std::string_view kindName(const core::Json& value)
{
    if (value.is_string())
        return "text";
    if (value.is_bool())
        return "true or false";
    if (value.is_number())
        return "a number";
    if (value.is_array())
        return "a list";
    return value.is_object() ? "a mapping" : "nothing";
}

std::string mustBe(std::string_view wanted, const core::Json& value)
{
    std::string out = "must be " + std::string(wanted) + ", not " + std::string(kindName(value));
    if (wanted == "text" && (value.is_number() || value.is_bool()))
        out += " (put it in quotes)";
    return out;
}

} // namespace

FieldReader::FieldReader(const core::Json* value, std::string path, FieldProblems& problems)
    : m_path(std::move(path))
    , m_problems(&problems)
{
    if (value == nullptr || value->is_null())
        return;
    if (value->is_object())
        m_object = &value->get_object();
    else
        problems.errors.push_back(m_path + ' ' + mustBe("a mapping", *value));
}

const core::Json* FieldReader::member(std::string_view name) const
{
    if (m_object == nullptr)
        return nullptr;
    const core::Json* found = m_object->if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string FieldReader::pathOf(std::string_view name) const
{
    return m_path.empty() ? std::string(name) : m_path + '.' + std::string(name);
}

std::string FieldReader::text(std::string_view name, std::string_view fallback)
{
    const core::Json* value = member(name);
    if (value == nullptr)
        return std::string(fallback);
    if (value->is_string())
        return std::string(std::string_view(value->get_string()));
    error(name, mustBe("text", *value));
    return std::string(fallback);
}

bool FieldReader::flag(std::string_view name, bool fallback)
{
    const core::Json* value = member(name);
    if (value == nullptr)
        return fallback;
    if (value->is_bool())
        return value->get_bool();
    error(name, mustBe("true or false", *value));
    return fallback;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view name)
{
    const core::Json* value = member(name);
    if (value == nullptr)
        return std::nullopt;
    boost::system::error_code failed;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(failed) : 0;
    if (value->is_number() && !failed)
        return number;
    error(name, "must be a whole number");
    return std::nullopt;
}

std::vector<std::string> FieldReader::texts(std::string_view name)
{
    const core::Json* value = member(name);
    std::vector<std::string> out;
    if (value == nullptr)
        return out;
    if (!value->is_array() || value->get_array().size() > kMaxListItems) {
        error(name, value->is_array() ? "has too many items" : mustBe("a list", *value));
        return out;
    }
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
        const core::Json& item = value->get_array()[i];
        if (item.is_string())
            out.emplace_back(std::string_view(item.get_string()));
        else
            error(std::string(name) + '[' + std::to_string(i) + ']', mustBe("text", item));
    }
    return out;
}

std::map<std::string, std::string> FieldReader::textMap(std::string_view name)
{
    FieldReader mapping = object(name);
    std::map<std::string, std::string> out;
    if (mapping.isPresent())
        for (const auto& member : *mapping.m_object) {
            const std::string key(std::string_view(member.key()));
            out[key] = mapping.text(key);
        }
    return out;
}

FieldReader FieldReader::object(std::string_view name)
{
    return FieldReader(member(name), pathOf(name), *m_problems);
}

std::vector<FieldReader> FieldReader::objects(std::string_view name)
{
    const core::Json* value = member(name);
    std::vector<FieldReader> out;
    if (value == nullptr)
        return out;
    if (!value->is_array() || value->get_array().size() > kMaxListItems) {
        error(name, value->is_array() ? "has too many items" : mustBe("a list", *value));
        return out;
    }
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
        const core::Json& item = value->get_array()[i];
        const std::string itemName = std::string(name) + '[' + std::to_string(i) + ']';
        if (item.is_object())
            out.emplace_back(&item, pathOf(itemName), *m_problems);
        else
            error(itemName, mustBe("a mapping", item));
    }
    return out;
}

void FieldReader::error(std::string_view name, std::string_view message)
{
    m_problems->errors.push_back(core::sanitised(pathOf(name)) + ' ' + std::string(message));
}

void FieldReader::unsupported(std::string_view name, std::string_view message)
{
    m_problems->unsupported.push_back(core::sanitised(pathOf(name)) + ' ' + std::string(message));
}

void FieldReader::warning(std::string_view name, std::string_view message)
{
    m_problems->warnings.push_back(core::sanitised(pathOf(name)) + ' ' + std::string(message));
}

void FieldReader::warnOfOthers(std::initializer_list<std::string_view> known)
{
    if (m_object == nullptr)
        return;
    for (const auto& member : *m_object) {
        const std::string_view name = member.key();
        if (std::ranges::find(known, name) != known.end())
            continue;
        const auto meant = nearest(name, known);
        warning(name,
                meant ? "is unknown and has no effect; did you mean " + std::string(*meant)
                      : "is unknown and has no effect");
    }
}

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& known)
{
    std::optional<std::string_view> best;
    std::size_t bestDistance = 3;
    if (word.size() > 100)
        return best;
    for (const std::string_view candidate : known) {
        const std::size_t distance =
            core::editDistance(core::toLower(word), core::toLower(candidate));
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

std::string sentence(const std::vector<std::string>& problems)
{
    constexpr std::size_t kShown = 5;
    std::string out;
    for (std::size_t i = 0; i < std::min(problems.size(), kShown); ++i)
        out += (i > 0 ? "; " : "") + problems[i];
    if (problems.size() > kShown)
        out += "; and " + std::to_string(problems.size() - kShown) + " more";
    return out + '.';
}

} // namespace gitops
