// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "core/base/secret.h"

#include <optional>
#include <string_view>

namespace gitops::practice {

/// Why a request is not served, before anything of it is looked at: 421 for a Host that is not this
/// machine's (a page in a browser, tricked by DNS, would send its own), 401 without the bearer
/// token. nullopt: it may be served. The token is compared in constant time.
std::optional<core::HttpResponse> refusal(std::string_view host, std::string_view authorization,
                                          const core::Secret& token);

} // namespace gitops::practice
