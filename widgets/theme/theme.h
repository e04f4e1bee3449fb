// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

#include <optional>

namespace widgets {

enum class ThemeChoice
{
    System, ///< guessed from the palette that the platform gave us at start
    Light,
    Dark
};

QString toString(ThemeChoice choice);
std::optional<ThemeChoice> themeFromString(const QString& text);

/// The look of the whole application. Made once after QApplication, before any widget.
class Theme
{
public:
    /// Remembers the platform's palette, then sets style, font and palette.
    explicit Theme(ThemeChoice choice);
    void choose(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    bool isDark() const;

private:
    QPalette m_platformPalette;
    ThemeChoice m_choice = ThemeChoice::System;
};

} // namespace widgets
