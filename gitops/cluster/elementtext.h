// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the readers: what simdjson parsed, as text and as values.
#pragma once

#include "core/value/json.h"

#include <simdjson.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitops {

/// A member of an object, or one to write in its place.
struct ElementMember
{
    std::string_view key;
    simdjson::dom::element value {};
    const std::string* text = nullptr; ///< instead of value
    const std::vector<ElementMember>* members = nullptr; ///< instead of value: an object of these
};

/// The members of an object in their order. Where a key comes twice its last value counts, and the
/// order is that of the keys.
std::vector<ElementMember> membersOf(const simdjson::dom::object& object);

/// Writes members as core::toText and core::toCanonicalText write the value of the same text. What
/// it returns lives until the next call. How deep values may be is the parser's affair.
class ElementWriter
{
public:
    /// Members in their order.
    std::string_view compact(std::span<const ElementMember> members);
    /// Keys sorted bytewise on every level; those of members are sorted here, while objects given
    /// as members must be sorted already.
    std::string_view canonical(std::span<ElementMember> members);
    std::string_view canonicalValue(const simdjson::dom::element& value);

private:
    struct Open
    {
        std::string_view key;
        simdjson::dom::element value;
    };

    void begin(bool isSorted);
    void writeMembers(std::span<const ElementMember> members);
    void write(const simdjson::dom::element& value);
    void writeObject(const simdjson::dom::object& object);
    void writeSorted(const simdjson::dom::object& object);

    bool m_isSorted = false;
    std::string m_text;
    std::vector<Open> m_open; ///< members of the objects that are being written
};

/// A value in storage.
core::Json toJson(const simdjson::dom::element& value, const boost::json::storage_ptr& storage);

} // namespace gitops
