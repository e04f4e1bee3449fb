// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <string_view>

namespace gitops {

/// Compares resourceVersions of one resource in one cluster: decimals of any length without a
/// leading zero (apimachinery pkg/util/resourceversion). Unordered when one of them is anything
/// else: then nothing may be concluded.
std::partial_ordering compareResourceVersions(std::string_view a, std::string_view b);

} // namespace gitops
