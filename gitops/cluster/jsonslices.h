// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// Bytes of any content that must be readable behind a text that these readers get.
inline constexpr std::size_t kJsonPadding = 64;
/// Levels of one object. In a list it stands two levels deep, in an event one.
inline constexpr std::size_t kMaxObjectDepth = 98;
inline constexpr std::size_t kMaxListItems = 2'000'000;

/// A LIST's body, walked once; the items are still text, and nobody looked inside them but for
/// where they end.
struct ListSlices
{
    std::vector<std::string_view> items; ///< objects each; views of the body
    std::string resourceVersion;
    std::string continueToken;
};
/// Invalid: no list. LimitExceeded: more items than kMaxListItems.
core::Result<ListSlices> sliceList(std::string_view body);

/// A watch's line. object is a view of it, and an object's text.
struct FrameSlices
{
    std::string type; ///< "ADDED", …; "" when the line says none
    std::string_view object;
};
core::Result<FrameSlices> sliceFrame(std::string_view line);

} // namespace gitops
