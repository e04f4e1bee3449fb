// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/status.h"
#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace app {

/// Standard output as a person sees it. Colours only on a terminal and without NO_COLOR.
bool isTerminal(int descriptor);
int terminalWidth(); ///< 80 when unknown
bool hasColours();
/// Standard output is a terminal on which lines can be drawn anew, in colours or without.
bool canRedraw();

enum class Colour
{
    None,
    Green,
    Blue,
    Red,
    Yellow,
    Magenta,
    Grey,
    Bold
};
std::string coloured(std::string_view text, Colour colour);
Colour colourOf(core::Health health);
Colour colourOf(core::SyncState state);
/// A sign for a state, another shape for each: colour is never the only difference.
std::string_view signOf(core::Health health);
std::string_view signOf(core::SyncState state);

/// Rows in columns, two blanks between; the first row is the heading. Escape sequences do not count
/// as width. Where a row would be wider, the widest columns are cut; 0: nothing is.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t width);
/// As wide as the terminal, or whole where standard output is none.
std::string table(const std::vector<std::vector<std::string>>& rows);
/// Columns that a text takes on a terminal, without escape sequences (each code point counts as
/// one).
std::size_t displayWidth(std::string_view text);
/// Cut to a width with an ellipsis; escape sequences are kept whole and ended.
std::string cutTo(std::string_view text, std::size_t width);

/// A value to standard output: one line of JSON, or YAML.
void printValue(const core::Json& value, Format format);

/// The exit code of a verb, or CouldNotTell with one sentence when what it printed could not be
/// written (a full disk). A reader that went away, as head does, is nobody's fault.
int whenWritten(int exitCode);

/// One sentence to standard error: "wavewright: …".
void printError(std::string_view sentence);

} // namespace app
