// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPen>

namespace widgets {

struct Colours;

/// The line of the series with this number: a colour that is no status colour (Okabe and Ito's
/// set, darker or lighter for the theme), and a dash of its own, so that lines are told apart
/// without colour too.
QPen seriesPen(int number, const Colours& colours);
/// How many differ.
inline constexpr int kSeriesPens = 6;

} // namespace widgets
