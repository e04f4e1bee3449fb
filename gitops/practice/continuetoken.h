// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gitops::practice {

/// Where the next page of a list starts, in the shape of the real server's token.
struct ContinueToken
{
    std::uint64_t resourceVersion = 0; ///< 0: go on at the newest (an inconsistent continue)
    std::string key; ///< the first key of the page

    std::string text() const;
    static std::optional<ContinueToken> parse(std::string_view text);
};

} // namespace gitops::practice
