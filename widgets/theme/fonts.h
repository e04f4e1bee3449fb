// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QFont>

namespace widgets {

/// Registers the faces inside the program (Inter and JetBrains Mono). A missing face is an error:
/// the desktop does not start with others, since then nothing on screen would stand where it was
/// tested. Needs a QGuiApplication; safe to call again.
core::Result<void> loadFonts();

/// The text sizes of the desktop, in pixels.
inline constexpr int kTextSize = 13;
inline constexpr int kSmallSize = 12;
inline constexpr int kTinySize = 11;
inline constexpr int kTitleSize = 20;

/// Inter, never hinted, so that text is the same on every machine.
QFont textFont(int pixels = kTextSize, QFont::Weight weight = QFont::Normal);
/// JetBrains Mono, for YAML, commits and paths.
QFont monoFont(int pixels = kSmallSize, QFont::Weight weight = QFont::Normal);

} // namespace widgets
