// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/answerdifference.h"

#include "core/base/strings.h"
#include "core/value/jsonpointer.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace tests {

namespace {

/// What tells an item from its neighbours.
std::optional<std::string> itemName(const core::Json& item)
{
    if (const std::string_view name = core::stringAt(item, {"metadata", "name"}); !name.empty())
        return std::string(name);
    for (std::string_view key : {"name", "resource", "subresource", "version", "type"})
        if (const std::string_view name = core::stringAt(item, {key}); !name.empty())
            return std::string(name);
    return std::nullopt;
}

/// nullopt when an item has no name, or two have the same.
std::optional<std::vector<std::string>> itemNames(const core::JsonArray& array)
{
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (const core::Json& item : array) {
        auto name = itemName(item);
        if (!name || !seen.insert(*name).second)
            return std::nullopt;
        names.push_back(std::move(*name));
    }
    return names;
}

class Comparison
{
public:
    std::vector<AnswerDifference> differences;

    void compare(const core::Json& recorded, const core::Json& got, const std::string& where)
    {
        if (recorded.is_object() && got.is_object())
            compareObjects(recorded.get_object(), got.get_object(), where);
        else if (recorded.is_array() && got.is_array())
            compareArrays(recorded.get_array(), got.get_array(), where);
        else if (!core::isEqual(recorded, got))
            differences.push_back({where, core::toText(recorded), core::toText(got)});
    }

private:
    static std::string below(const std::string& where, std::string_view token)
    {
        return where + "/" + core::escapedPointerToken(token);
    }

    void compareObjects(const core::JsonObject& recorded, const core::JsonObject& got,
                        const std::string& where)
    {
        for (const auto& [key, value] : recorded)
            if (const core::Json* other = got.if_contains(key))
                compare(value, *other, below(where, key));
            else
                differences.push_back({below(where, key), core::toText(value), ""});
        for (const auto& [key, value] : got)
            if (!recorded.contains(key))
                differences.push_back({below(where, key), "", core::toText(value)});
    }

    void compareArrays(const core::JsonArray& recorded, const core::JsonArray& got,
                       const std::string& where)
    {
        const auto recordedNames = itemNames(recorded);
        const auto gotNames = itemNames(got);
        if (recordedNames && gotNames && !recorded.empty() && !got.empty())
            return compareNamed(recorded, *recordedNames, got, *gotNames, where);
        const std::size_t common = std::min(recorded.size(), got.size());
        for (std::size_t i = 0; i < common; ++i)
            compare(recorded[i], got[i], below(where, std::to_string(i)));
        for (std::size_t i = common; i < recorded.size(); ++i)
            differences.push_back({below(where, std::to_string(i)), core::toText(recorded[i]), ""});
        for (std::size_t i = common; i < got.size(); ++i)
            differences.push_back({below(where, std::to_string(i)), "", core::toText(got[i])});
    }

    void compareNamed(const core::JsonArray& recorded, const std::vector<std::string>& names,
                      const core::JsonArray& got, const std::vector<std::string>& gotNames,
                      const std::string& where)
    {
        const auto indexOf = [](const std::vector<std::string>& list, const std::string& name) {
            return std::size_t(std::ranges::find(list, name) - list.begin());
        };
        std::vector<std::string> order; // of those that both have
        std::vector<std::string> gotOrder;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (const std::size_t other = indexOf(gotNames, names[i]); other < got.size()) {
                compare(recorded[i], got[other], below(where, names[i]));
                order.push_back(names[i]);
            } else {
                differences.push_back({below(where, names[i]), core::toText(recorded[i]), ""});
            }
        }
        for (std::size_t i = 0; i < gotNames.size(); ++i)
            if (indexOf(names, gotNames[i]) < names.size())
                gotOrder.push_back(gotNames[i]);
            else
                differences.push_back({below(where, gotNames[i]), "", core::toText(got[i])});
        if (order != gotOrder)
            differences.push_back(
                {below(where, "order"), core::join(order, " "), core::join(gotOrder, " ")});
    }
};

bool tokenMatches(std::string_view pattern, std::string_view token)
{
    const std::size_t star = pattern.find('*');
    if (star == pattern.npos)
        return pattern == token;
    const std::string_view tail = pattern.substr(star + 1);
    return token.size() + 1 >= pattern.size() && token.starts_with(pattern.substr(0, star))
        && token.ends_with(tail);
}

bool matches(std::string_view pattern, std::string_view where)
{
    const auto wanted = core::split(pattern, '/');
    const auto tokens = core::split(where, '/');
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "**")
            return true;
        if (i >= tokens.size() || !tokenMatches(wanted[i], tokens[i]))
            return false;
    }
    return wanted.size() == tokens.size();
}

void write(const core::Json& value, std::size_t width, std::size_t indent, std::size_t before,
           std::string& out)
{
    const std::string line = core::toText(value);
    const bool isEmpty = !value.is_structured() || line.size() <= 2;
    if (isEmpty || indent + before + line.size() <= width) {
        out += line;
        return;
    }
    const std::string pad(indent + 1, ' ');
    bool first = true;
    const auto item = [&](const std::string& key, const core::Json& member) {
        out += (first ? "\n" : ",\n") + pad + key;
        first = false;
        write(member, width, indent + 1, key.size() + 1, out);
    };
    out += value.is_object() ? '{' : '[';
    if (value.is_object())
        for (const auto& [key, member] : value.get_object())
            item(core::toText(core::Json(key)) + ": ", member);
    else
        for (const core::Json& member : value.get_array())
            item("", member);
    out += value.is_object() ? '}' : ']';
}

} // namespace

std::vector<AnswerDifference> differencesOf(const core::Json& recorded, const core::Json& got,
                                            const std::string& where)
{
    Comparison comparison;
    comparison.compare(recorded, got, where);
    return std::move(comparison.differences);
}

std::vector<IntendedDifference> removeIntended(std::vector<AnswerDifference>& differences,
                                               const std::vector<IntendedDifference>& intended)
{
    std::vector<bool> needed(intended.size());
    std::erase_if(differences, [&](const AnswerDifference& difference) {
        bool isMeant = false;
        for (std::size_t i = 0; i < intended.size(); ++i)
            if (matches(intended[i].at, difference.where)) {
                needed[i] = true;
                isMeant = true;
            }
        return isMeant;
    });
    std::vector<IntendedDifference> gone;
    for (std::size_t i = 0; i < intended.size(); ++i)
        if (!needed[i])
            gone.push_back(intended[i]);
    return gone;
}

core::Result<std::vector<IntendedDifference>> readIntended(std::string_view text,
                                                           const std::string& file)
{
    const auto read = core::parseYaml(text, file);
    if (!read)
        return std::unexpected(read.error());
    std::vector<IntendedDifference> intended;
    if (const core::JsonArray* list = read->if_array())
        for (const core::Json& entry : *list) {
            const std::string why(core::stringAt(entry, {"why"}));
            const core::Json* at = core::find(entry, "at");
            if (why.empty() || !at || !at->is_array())
                return core::failure(core::ErrorCode::Invalid,
                                     "a difference needs \"at\", a list, and \"why\"",
                                     {.file = file, .object = core::toText(entry)});
            for (const core::Json& where : at->get_array())
                if (where.is_string())
                    intended.push_back({std::string(where.get_string()), why});
        }
    return intended;
}

std::string toReadableText(const core::Json& value, std::size_t width)
{
    std::string out;
    write(value, width, 0, 0, out);
    return out + "\n";
}

} // namespace tests
