// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/objectfacts.h"

#include "core/object/identity.h"
#include "gitops/cluster/elementtext.h"
#include "gitops/cluster/jsonslices.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace gitops {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kKeptCapacity = 256u << 10; ///< a larger text's buffers are given back

/// A parser of this thread. What it parsed is gone when the next is asked for.
simdjson::dom::parser& parserFor(std::size_t size)
{
    static thread_local std::unique_ptr<simdjson::dom::parser> kept;
    if (!kept || (kept->capacity() > kKeptCapacity && size <= kKeptCapacity))
        kept = std::make_unique<simdjson::dom::parser>();
    return *kept;
}

/// Copies the text only where nothing is readable behind it.
bool open(const std::string& text, object& out)
{
    simdjson::dom::parser& parser = parserFor(text.size());
    if (parser.capacity() < text.size()
        && parser.allocate(std::max<std::size_t>(text.size(), 8192), kMaxObjectDepth))
        return false;
    const bool isPadded = text.capacity() - text.size() >= kJsonPadding;
    return !parser.parse(text.data(), text.size(), !isPadded).get_object().get(out);
}

std::string_view textOf(const element& value)
{
    std::string_view text;
    return value.get_string().get(text) ? std::string_view() : text;
}

/// As core::integerAt reads it.
std::int64_t integerOf(const element& value, std::int64_t fallback)
{
    std::int64_t integer = 0;
    if (!value.get_int64().get(integer))
        return integer;
    double number = 0;
    if (value.is_uint64() || value.get_double().get(number))
        return fallback;
    return std::nearbyint(number) == number && std::abs(number) < 9e15 ? std::int64_t(number)
                                                                       : fallback;
}

template<class Function>
void eachMember(const element& value, Function function)
{
    object members;
    if (value.get_object().get(members))
        return;
    for (const auto& [key, member] : members)
        function(key, member);
}

void readAnnotations(const element& annotations, ObjectFacts& out)
{
    out.annotations.clear();
    eachMember(annotations, [&](std::string_view key, const element& value) {
        std::string_view text;
        if (!value.get_string().get(text))
            out.annotations.insert_or_assign(std::string(key), std::string(text));
        else
            out.annotations.erase(std::string(key));
    });
}

void readManagers(const element& entries, ObjectFacts& out)
{
    out.hasApplyEntry = false;
    simdjson::dom::array array;
    if (entries.get_array().get(array))
        return;
    for (const element entry : array) {
        std::string_view manager, operation, subresource;
        eachMember(entry, [&](std::string_view key, const element& value) {
            if (key == "manager")
                manager = textOf(value);
            else if (key == "operation")
                operation = textOf(value);
            else if (key == "subresource")
                subresource = textOf(value);
        });
        if (manager == core::kFieldManager && operation == "Apply" && subresource.empty())
            out.hasApplyEntry = true;
    }
}

void readMetadata(const element& metadata, ObjectFacts& out)
{
    out.annotations.clear();
    out.hasApplyEntry = false;
    eachMember(metadata, [&](std::string_view key, const element& value) {
        if (key == "annotations")
            readAnnotations(value, out);
        else if (key == "managedFields")
            readManagers(value, out);
    });
}

void readStatus(const element& status, ObjectFacts& out)
{
    static thread_local ElementWriter writer;
    out.status = core::sha256(writer.canonicalValue(status));
    out.observedGeneration.reset();
    eachMember(status, [&](std::string_view key, const element& value) {
        if (key != "observedGeneration")
            return;
        const std::int64_t seen = integerOf(value, -1);
        out.observedGeneration = seen >= 0 ? std::optional(seen) : std::nullopt;
    });
}

void readSpec(const element& spec, ObjectFacts& out)
{
    out.type.clear();
    eachMember(spec, [&](std::string_view key, const element& value) {
        if (key == "type")
            out.type = textOf(value);
    });
}

} // namespace

std::optional<ObjectFacts> readObjectFacts(const std::string& text)
{
    object members;
    if (!open(text, members))
        return std::nullopt;
    ObjectFacts out;
    for (const auto& [key, value] : members) {
        if (key == "metadata")
            readMetadata(value, out);
        else if (key == "status")
            readStatus(value, out);
        else if (key == "spec")
            readSpec(value, out);
    }
    return out;
}

} // namespace gitops
