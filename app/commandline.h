// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

#include <string>
#include <variant>
#include <vector>

namespace app {

/// What the command line asked for: options, or a text that was printed already with this exit code
/// (help, a usage error, which goes to standard error as one sentence with a hint).
std::variant<Options, int> parseCommandLine(int argc, char** argv);
/// The desktop's own command line: no verbs.
std::variant<Options, int> parseDesktopCommandLine(int argc, char** argv);

/// What follows a verb: its options, and the words that some of them (or the verb itself, under
/// "") take.
struct VerbWords
{
    std::string name;
    std::string help;
    struct Option
    {
        std::vector<std::string> names; ///< with their dashes
        std::string help;
        std::vector<std::string> values; ///< of a closed list, else empty
        bool takesValue = false;
    };
    std::vector<Option> options;
    std::vector<std::string> values; ///< of the verb's own argument
    bool takesApplications = false; ///< the verb's own argument names applications
};
/// Every verb, in the order of the help.
std::vector<VerbWords> verbWords();

/// A completion script for bash, zsh or fish, made from the verbs and options themselves; "" for
/// another shell.
std::string completionScript(const std::string& shell);

} // namespace app
