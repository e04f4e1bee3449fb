// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"

#include <string>
#include <string_view>

namespace gitops::kustomize {

/// What Kustomize makes of a folded scalar (">"): it writes and reads every object once before the
/// output, and go-yaml v3 writes folded text with one line break too many before a line that begins
/// with a blank. What kubectl prints, and clusters got, has that break.
std::string refoldedText(std::string_view text);

/// Puts refoldedText in the place of all folded scalars below a node; they are literal from then
/// on.
void refold(core::YamlTree& tree, core::YamlNode& node);

} // namespace gitops::kustomize
