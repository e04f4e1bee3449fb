// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/manifest.h"

namespace core {

/// A name that YAML reads as something else ("n" is a boolean) is there, and wants quotes.
static std::string whyNameless(const Json& object)
{
    const std::string kind(stringAt(object, {"kind"}));
    const Json* name = findPath(object, {"metadata", "name"});
    if (name && (name->is_bool() || name->is_number()))
        return "the metadata.name of the " + kind + " is a "
            + (name->is_bool() ? "boolean" : "number") + " (" + toText(*name)
            + "); a name that YAML does not read as text needs quotes";
    return "the " + kind + " has no metadata.name";
}

Result<std::shared_ptr<const Manifest>> Manifest::make(const Json& object, Origins origins)
{
    const Place place = origins.contains("") ? origins[""] : Place {};
    const auto bad = [&](std::string message) {
        return failure(ErrorCode::Invalid, std::move(message), place, Fault::Repository);
    };
    if (!object.is_object())
        return bad("a manifest must be a mapping");
    if (stringAt(object, {"apiVersion"}).empty())
        return bad("the object has no apiVersion");
    if (stringAt(object, {"kind"}).empty())
        return bad("the object has no kind");
    if (stringAt(object, {"metadata", "name"}).empty()
        && stringAt(object, {"metadata", "generateName"}).empty())
        return bad(whyNameless(object));
    auto manifest = std::shared_ptr<Manifest>(new Manifest);
    manifest->m_kind = groupVersionKindOf(object);
    manifest->m_key = objectKeyOf(object);
    manifest->m_text = toText(object);
    manifest->m_text.shrink_to_fit(); // there are very many, and they stay
    manifest->m_digest = sha256(toCanonicalText(object));
    manifest->m_origins = std::move(origins);
    return manifest;
}

Json Manifest::value() const
{
    // The text is our own writer's, so it parses; depth was limited when it was read.
    return parseJson(m_text, {.bytes = m_text.size(), .depth = 1000}).value_or(Json {});
}

Place Manifest::origin(std::string_view jsonPointer) const
{
    for (std::string_view at = jsonPointer;; at = at.substr(0, at.rfind('/'))) {
        const auto found = m_origins.find(std::string(at));
        if (found != m_origins.end())
            return found->second;
        if (at.empty())
            return {};
    }
}

} // namespace core
