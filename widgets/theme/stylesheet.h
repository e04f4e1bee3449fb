// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace widgets {

struct Colours;

/// The flat look over Fusion: hairlines instead of bevels, one focus ring for everything.
QString styleSheetOf(const Colours& colours);

} // namespace widgets
