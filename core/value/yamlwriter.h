// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "core/value/yamltree.h"

#include <string>
#include <string_view>

namespace core {

/// A value as kubectl and Kustomize print it: keys in their order (a2 before a10), lines folded at
/// 80 columns, lists not indented under their key, strings quoted where YAML 1.1 would read them as
/// something else. Ends with a line end. Linear in the text; infinities and NaN become null.
std::string toYaml(const Json& value);
/// The same of a node; types come from its tags.
void appendYaml(std::string& out, const YamlNode& node);

/// How mapping keys are ordered in the output.
bool isYamlKeyLess(std::string_view a, std::string_view b);

} // namespace core
