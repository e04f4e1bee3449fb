// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagewriter.h"

#include <map>
#include <string>
#include <vector>

namespace core {

/// A name and a value that a workload gets: from its environment, its arguments, its configuration.
struct LineageVariable
{
    std::string name;
    std::string value;
    std::string secret; ///< where the value stands when it is not to be read: "Secret db, key url"
    LineageProof proof;
};

/// "--kafka-bootstrap.servers" as a variable is called: "KAFKA_BOOTSTRAP_SERVERS".
std::string variableName(std::string_view text);

/// Puts $(NAME), $NAME, ${NAME} and ${NAME:-other} in; unknown names stay as they are.
std::string withVariables(std::string_view text, const std::map<std::string, std::string>& values);

/// What the names and values of one container tell, as flows of the object itself. workloadName
/// helps where no variable tells which way the data goes ("orders-consumer").
void interpretVariables(LineageWriter& out, const std::vector<LineageVariable>& variables,
                        const std::string& workloadName);

/// One command of a shell script, as words, with the line that it begins on (from 1).
struct ShellCommand
{
    std::vector<std::string> words;
    int line = 1;
};
/// Commands of a script: quotes, continued lines, plain variables and "for x in a b" loops are
/// understood, nothing is run. At most 5,000 commands.
std::vector<ShellCommand> shellCommands(std::string_view script,
                                        std::map<std::string, std::string> variables);
/// Datasets that the commands of a container make or name, by the rules for programs. False when no
/// rule knows any of them.
bool interpretCommands(LineageWriter& out, const std::vector<ShellCommand>& commands,
                       const LineageProof& proof);

/// Tables that a script of SQL or CQL creates, as datasets of `system` at `host`.
void readTables(LineageWriter& out, const EmbeddedText& script, const std::string& system,
                const std::string& host);

} // namespace core
