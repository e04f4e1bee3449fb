// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/elementtext.h"

#include "core/value/jsontext.h"

#include <algorithm>

namespace gitops {

using simdjson::dom::element;
using simdjson::dom::element_type;

namespace {

constexpr std::size_t kKeptCapacity = 256u << 10; ///< what an unusually large text left behind goes

} // namespace

void ElementWriter::begin(bool isSorted)
{
    m_isSorted = isSorted;
    m_text.clear();
    if (m_text.capacity() > kKeptCapacity)
        m_text.shrink_to_fit();
}

std::string_view ElementWriter::compact(std::span<const ElementMember> members)
{
    begin(false);
    writeMembers(members);
    return m_text;
}

std::string_view ElementWriter::canonical(std::span<ElementMember> members)
{
    begin(true);
    std::ranges::sort(members, {}, &ElementMember::key);
    writeMembers(members);
    return m_text;
}

std::string_view ElementWriter::canonicalValue(const element& value)
{
    begin(true);
    write(value);
    return m_text;
}

void ElementWriter::writeMembers(std::span<const ElementMember> members)
{
    m_text += '{';
    bool isFirst = true;
    for (const ElementMember& member : members) {
        if (!std::exchange(isFirst, false))
            m_text += ',';
        core::appendJsonString(m_text, member.key);
        m_text += ':';
        if (member.text)
            core::appendJsonString(m_text, *member.text);
        else if (member.members)
            writeMembers(*member.members);
        else
            write(member.value);
    }
    m_text += '}';
}

void ElementWriter::writeSorted(const simdjson::dom::object& object)
{
    const std::size_t from = m_open.size();
    bool isSorted = true;
    for (const auto& [key, value] : object) {
        isSorted = isSorted && (m_open.size() == from || m_open.back().key < key);
        m_open.push_back({key, value});
    }
    if (!isSorted)
        std::stable_sort(m_open.begin() + std::ptrdiff_t(from), m_open.end(),
                         [](const auto& a, const auto& b) { return a.key < b.key; });
    m_text += '{';
    bool isFirst = true;
    for (std::size_t i = from; i < m_open.size(); ++i) {
        if (i + 1 < m_open.size() && m_open[i].key == m_open[i + 1].key)
            continue; // the last of equals counts
        if (!std::exchange(isFirst, false))
            m_text += ',';
        core::appendJsonString(m_text, m_open[i].key);
        m_text += ':';
        const element value = m_open[i].value; // the vector may move meanwhile
        write(value);
    }
    m_text += '}';
    m_open.erase(m_open.begin() + std::ptrdiff_t(from), m_open.end());
}

void ElementWriter::writeObject(const simdjson::dom::object& object)
{
    if (m_isSorted)
        return writeSorted(object);
    m_text += '{';
    bool isFirst = true;
    for (const auto& [key, value] : object) {
        if (!std::exchange(isFirst, false))
            m_text += ',';
        core::appendJsonString(m_text, key);
        m_text += ':';
        write(value);
    }
    m_text += '}';
}

void ElementWriter::write(const element& value)
{
    switch (value.type()) {
    case element_type::OBJECT:
        return writeObject(value.get_object().value_unsafe());
    case element_type::ARRAY: {
        m_text += '[';
        bool isFirst = true;
        const simdjson::dom::array items =
            value.get_array().value_unsafe(); // outlives the loop's head
        for (const element each : items) {
            if (!std::exchange(isFirst, false))
                m_text += ',';
            write(each);
        }
        m_text += ']';
        return;
    }
    case element_type::STRING:
        return core::appendJsonString(m_text, value.get_string().value_unsafe());
    case element_type::INT64:
        m_text += std::to_string(value.get_int64().value_unsafe());
        return;
    case element_type::UINT64:
        m_text += std::to_string(value.get_uint64().value_unsafe());
        return;
    case element_type::DOUBLE:
        return core::appendJsonNumber(m_text, value.get_double().value_unsafe());
    case element_type::BOOL:
        m_text += value.get_bool().value_unsafe() ? "true" : "false";
        return;
    case element_type::NULL_VALUE:
        m_text += "null";
        return;
    }
}

std::vector<ElementMember> membersOf(const simdjson::dom::object& object)
{
    std::vector<ElementMember> out;
    out.reserve(object.size() + 2);
    for (const auto& [key, value] : object)
        out.push_back({.key = key, .value = value});
    std::vector<const ElementMember*> byKey;
    byKey.reserve(out.size());
    for (const ElementMember& each : out)
        byKey.push_back(&each);
    std::ranges::stable_sort(byKey, {}, &ElementMember::key);
    const auto twice = std::ranges::adjacent_find(byKey, {}, &ElementMember::key);
    if (twice == byKey.end())
        return out;
    std::vector<ElementMember> last;
    for (std::size_t i = 0; i < byKey.size(); ++i)
        if (i + 1 == byKey.size() || byKey[i]->key != byKey[i + 1]->key)
            last.push_back(*byKey[i]);
    return last;
}

core::Json toJson(const element& value, const boost::json::storage_ptr& storage)
{
    switch (value.type()) {
    case element_type::OBJECT: {
        const simdjson::dom::object members = value.get_object().value_unsafe();
        core::JsonObject out(storage);
        out.reserve(members.size());
        for (const auto& [key, member] : members)
            out.insert_or_assign(key, toJson(member, storage));
        return out;
    }
    case element_type::ARRAY: {
        const simdjson::dom::array items = value.get_array().value_unsafe();
        core::JsonArray out(storage);
        out.reserve(items.size());
        for (const element item : items)
            out.push_back(toJson(item, storage));
        return out;
    }
    case element_type::STRING:
        return core::Json(value.get_string().value_unsafe(), storage);
    case element_type::INT64:
        return core::Json(value.get_int64().value_unsafe(), storage);
    case element_type::UINT64:
        return core::Json(value.get_uint64().value_unsafe(), storage);
    case element_type::DOUBLE:
        return core::Json(value.get_double().value_unsafe(), storage);
    case element_type::BOOL:
        return core::Json(value.get_bool().value_unsafe(), storage);
    case element_type::NULL_VALUE:
        break;
    }
    return core::Json(nullptr, storage);
}

} // namespace gitops
