// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gitops {

/// The globs of Argo CD's projects (gobwas' dialect): * and ? stop at the separator, ** does not;
/// [a-z], [!a], {a,b} and a backslash before what is meant as it stands. separator 0: nothing
/// stops them. A pattern that is none matches nothing. Linear in the text's length.
bool projectGlobMatches(std::string_view pattern, std::string_view text, char separator = 0);
/// Whether the pattern can be followed at all.
bool isProjectGlob(std::string_view pattern);

} // namespace gitops
