// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/secretmask.h"

#include "core/base/strings.h"

#include <optional>

namespace gitops {

using core::Json;

namespace {

constexpr std::size_t kShortestRun = 8;

} // namespace

bool SecretMask::isSecret(const Json& object)
{
    const std::string_view apiVersion = core::stringAt(object, {"apiVersion"});
    return core::stringAt(object, {"kind"}) == "Secret"
        && apiVersion.find('/') == std::string_view::npos;
}

std::string SecretMask::run(std::string_view bytes)
{
    const auto [known, isNew] =
        m_lengths.emplace(core::sha256(bytes), kShortestRun + m_lengths.size());
    static_cast<void>(isNew);
    return std::string(known->second, '+');
}

Json SecretMask::masked(const Json& value, bool isBase64)
{
    if (value.is_object()) {
        core::JsonObject result;
        for (const auto& [name, member] : value.get_object())
            result.emplace(name, masked(member, isBase64));
        return result;
    }
    if (value.is_array()) {
        core::JsonArray result;
        for (const Json& item : value.get_array())
            result.push_back(masked(item, isBase64));
        return result;
    }
    if (value.is_null())
        return value;
    const std::string text =
        value.is_string() ? std::string(value.get_string()) : core::toText(value);
    if (isBase64)
        if (const std::optional<std::string> bytes = core::base64Decode(text))
            return Json(run(*bytes));
    return Json(run(text));
}

void SecretMask::maskObject(Json& secret)
{
    if (Json* data = core::find(secret, "data"))
        *data = masked(*data, true);
    if (Json* plain = core::find(secret, "stringData"))
        *plain = masked(*plain, false);
    Json* metadata = core::find(secret, "metadata");
    Json* annotations = metadata ? core::find(*metadata, "annotations") : nullptr;
    if (Json* lastApplied =
            annotations ? core::find(*annotations, kLastAppliedAnnotation) : nullptr)
        *lastApplied = lastApplied->is_string() ? Json(maskedLastApplied(lastApplied->get_string()))
                                                : masked(*lastApplied, false);
}

std::string SecretMask::maskedLastApplied(std::string_view text)
{
    auto object = core::parseJson(text, {.bytes = 4u << 20});
    if (!object || !object->is_object())
        return run(text);
    maskObject(*object);
    return core::toText(*object);
}

} // namespace gitops
