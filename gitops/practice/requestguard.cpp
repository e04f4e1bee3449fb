// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/requestguard.h"

#include "core/base/strings.h"
#include "gitops/practice/apierror.h"

#include <openssl/crypto.h>

namespace gitops::practice {

namespace {

bool sameSecret(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool isOwnHost(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos)
        host = host.substr(0, colon);
    return host == "127.0.0.1" || host == "[::1]" || core::equalsIgnoringCase(host, "localhost")
        || host == "kubernetes.default.svc";
}

bool hasToken(std::string_view authorization, const core::Secret& token)
{
    constexpr std::string_view prefix = "bearer ";
    return authorization.size() > prefix.size()
        && core::equalsIgnoringCase(authorization.substr(0, prefix.size()), prefix)
        && sameSecret(core::trimmed(authorization.substr(prefix.size())), token.reveal());
}

} // namespace

std::optional<core::HttpResponse> refusal(std::string_view host, std::string_view authorization,
                                          const core::Secret& token)
{
    if (!isOwnHost(host))
        return core::HttpResponse {421, {{"Content-Type", "text/plain"}}, "unknown host\n"};
    if (hasToken(authorization, token))
        return std::nullopt;
    ApiError error;
    error.code = 401;
    error.reason = "Unauthorized";
    error.message = "Unauthorized";
    return error.toResponse();
}

} // namespace gitops::practice
