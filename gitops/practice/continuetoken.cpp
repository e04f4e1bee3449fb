// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/continuetoken.h"

#include "core/base/strings.h"
#include "core/value/json.h"

#include <algorithm>

namespace gitops::practice {

std::string ContinueToken::text() const
{
    core::JsonObject token {{"v", "meta.k8s.io/v1"}, {"rv", resourceVersion}, {"start", key}};
    std::string encoded = core::base64Encode(core::toText(token));
    std::erase(encoded, '=');
    std::ranges::replace(encoded, '+', '-');
    std::ranges::replace(encoded, '/', '_');
    return encoded;
}

std::optional<ContinueToken> ContinueToken::parse(std::string_view text)
{
    std::string encoded(text);
    std::ranges::replace(encoded, '-', '+');
    std::ranges::replace(encoded, '_', '/');
    encoded.append((4 - encoded.size() % 4) % 4, '=');
    const auto decoded = core::base64Decode(encoded);
    if (!decoded)
        return std::nullopt;
    const auto token = core::parseJson(*decoded);
    if (!token || core::stringAt(*token, {"v"}) != "meta.k8s.io/v1")
        return std::nullopt;
    const std::int64_t version = core::integerAt(*token, {"rv"}, -1);
    const std::string_view key = core::stringAt(*token, {"start"});
    if (version < 0 || key.empty())
        return std::nullopt;
    return ContinueToken {std::uint64_t(version), std::string(key)};
}

} // namespace gitops::practice
