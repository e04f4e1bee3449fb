// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/answermask.h"

#include "core/base/strings.h"
#include "core/value/jsonpointer.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>

namespace tests {

namespace {

constexpr std::size_t kSuffix = 5; ///< what generateName makes up

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whose resourceVersion is the cluster's, which others move as well.
bool isListLike(const core::JsonObject& object)
{
    return object.contains("items") || object.contains("rows");
}

bool isBookmark(const core::JsonObject& object)
{
    const core::Json* type = object.if_contains("type");
    return type && *type == "BOOKMARK" && object.contains("object");
}

/// Several causes of a refusal come in any order.
void sortCauses(core::Json& status)
{
    core::Json* details = core::find(status, "details");
    core::Json* list = details ? core::find(*details, "causes") : nullptr;
    if (!list || !list->is_array() || list->get_array().size() < 2)
        return;
    std::vector<core::Json> causes(list->get_array().begin(), list->get_array().end());
    std::ranges::sort(causes, {}, [](const core::Json& cause) { return core::toText(cause); });
    core::JsonArray sorted;
    for (core::Json& cause : causes)
        sorted.push_back(std::move(cause));
    *list = std::move(sorted);
    const std::string message(core::stringAt(status, {"message"}));
    for (std::string_view before : {" invalid: [", " conflicts: "})
        if (const std::size_t at = message.find(before); at != message.npos)
            status.as_object()["message"] = message.substr(0, at + before.size()) + "<causes>";
}

void replaceAll(std::string& text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
}

} // namespace

std::string AnswerMask::numbered(std::map<std::string, std::string>& known, std::string_view word,
                                 const std::string& value)
{
    const auto [place, isNew] = known.try_emplace(value);
    if (isNew)
        place->second = "<" + std::string(word) + " " + std::to_string(known.size()) + ">";
    return place->second;
}

std::string AnswerMask::maskedText(std::string_view given)
{
    static const RE2 uid("([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");
    static const RE2 time(R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)");
    static const RE2 address(R"(\b(127\.0\.0\.1:\d+|10\.\d+\.\d+\.\d+)\b)");
    static const RE2 current(R"(current: \d+)");
    static const RE2 token(R"(kube-api-access-[a-z0-9]{5})");
    static const RE2 whole(R"(Invalid value: "(\{|map\[).*": )"); // an object, printed
    std::string text(given);
    for (const auto& [name, alias] : m_names)
        replaceAll(text, name, alias);
    std::string out;
    re2::StringPiece rest(text);
    std::string found;
    const char* begin = rest.data();
    while (RE2::FindAndConsume(&rest, uid, &found)) {
        const std::size_t length = std::size_t(rest.data() - begin);
        out.append(begin, length - found.size());
        out += numbered(m_uids, "uid", found);
        begin = rest.data();
    }
    out.append(begin, rest.size());
    RE2::GlobalReplace(&out, time, "<time>");
    RE2::GlobalReplace(&out, address, "<address>");
    RE2::GlobalReplace(&out, current, "current: <version>");
    RE2::GlobalReplace(&out, token, "kube-api-access-<name>");
    RE2::GlobalReplace(&out, whole, "Invalid value: <object>: ");
    return out;
}

void AnswerMask::learnNames(const core::Json& value)
{
    if (value.is_array())
        for (const core::Json& each : value.get_array())
            learnNames(each);
    if (!value.is_object())
        return;
    const std::string_view base = core::stringAt(value, {"generateName"});
    const std::string_view name = core::stringAt(value, {"name"});
    if (!base.empty() && name.size() > kSuffix && !m_names.contains(std::string(name))
        && base.starts_with(name.substr(0, name.size() - kSuffix)))
        m_names[std::string(name)] = std::string(name.substr(0, name.size() - kSuffix)) + "<name "
            + std::to_string(m_names.size() + 1) + ">";
    for (const auto& [key, member] : value.get_object())
        learnNames(member);
}

core::Json AnswerMask::maskedMember(std::string_view key, const core::Json& value, bool ofList)
{
    static const std::set<std::string_view> addresses {"clusterIP", "podIP", "hostIP", "ip"};
    static const RE2 age(R"((\d+[smhd])+|<unknown>)");
    if (value.is_string()) {
        const std::string text(value.get_string());
        if (key == "resourceVersion" && isNumber(text))
            return ofList ? core::Json("<version>")
                          : core::Json(numbered(m_versions, "version", text));
        if (key == "continue" && !text.empty())
            return "<continue>";
        if (key == "cells" && RE2::FullMatch(text, age))
            return "<age>";
        if (key == "token" && !text.empty())
            return "<token>";
        if (addresses.contains(key) && text.find_first_not_of("0123456789.") == text.npos
            && !text.empty())
            return "<address>";
        return core::Json(maskedText(text));
    }
    if (key == "nodePort" && value.is_number() && core::toText(value) != "0")
        return "<port>";
    if (value.is_array()) {
        core::JsonArray out;
        for (const core::Json& each : value.get_array())
            out.push_back(maskedMember(key, each, false));
        return out;
    }
    return value.is_object() ? maskedObject(value.get_object(), ofList) : value;
}

core::Json AnswerMask::maskedObject(const core::JsonObject& object, bool ofList)
{
    std::vector<std::string_view> keys;
    for (const auto& [key, member] : object)
        keys.push_back(key);
    std::ranges::sort(keys);
    const bool isList = ofList || isListLike(object);
    const bool below = ofList || isBookmark(object);
    core::JsonObject out;
    for (std::string_view key : keys)
        out[maskedText(key)] =
            maskedMember(key, object.at(key), key == "metadata" ? isList : below);
    return out;
}

core::Json AnswerMask::masked(const core::Json& value)
{
    learnNames(value);
    core::Json out = maskedMember("", value, false);
    sortCauses(out);
    return out;
}

namespace {

void hideTokens(core::Json& value, const std::vector<std::string>& tokens, std::size_t at)
{
    const std::string& token = tokens[at];
    const bool last = at + 1 == tokens.size();
    if (core::JsonObject* object = value.if_object()) {
        std::vector<std::string> keys;
        for (const auto& [key, member] : *object)
            if (token == "*" || token == std::string_view(key))
                keys.emplace_back(key);
        for (const std::string& key : keys)
            if (last)
                object->stable_erase(object->find(key));
            else
                hideTokens(object->at(key), tokens, at + 1);
    } else if (core::JsonArray* array = value.if_array()) {
        for (std::size_t i = array->size(); i-- > 0;)
            if (token == "*" || token == std::to_string(i)) {
                if (last)
                    array->erase(array->begin() + std::ptrdiff_t(i));
                else
                    hideTokens((*array)[i], tokens, at + 1);
            }
    }
}

} // namespace

void hide(core::Json& value, const std::vector<std::string>& pointers)
{
    for (const std::string& text : pointers)
        if (const auto pointer = core::JsonPointer::parse(text); pointer && !pointer->isEmpty())
            hideTokens(value, pointer->tokens(), 0);
}

} // namespace tests
