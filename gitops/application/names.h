// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gitops {

/// RFC 1123 subdomain: what Kubernetes takes as the name of most objects.
bool isObjectName(std::string_view text);
/// RFC 1123 label: what Kubernetes takes as the name of a namespace.
bool isLabelName(std::string_view text);
/// A label as near to the text as possible: "My App" -> "my-app". "" when nothing is left.
std::string labelNameFrom(std::string_view text);

} // namespace gitops
