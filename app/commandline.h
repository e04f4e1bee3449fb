// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

#include <string>
#include <variant>

namespace app {

/// What the command line asked for: options, or a text that was printed already with this exit code
/// (help, a usage error, which goes to standard error as one sentence with a hint).
std::variant<Options, int> parseCommandLine(int argc, char** argv);
/// The desktop's own command line: no verbs.
std::variant<Options, int> parseDesktopCommandLine(int argc, char** argv);

/// A completion script for bash, zsh or fish, made from the verbs and options themselves; "" for
/// another shell.
std::string completionScript(const std::string& shell);

} // namespace app
