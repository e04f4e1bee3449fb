// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One token of a Python file, as far as DAGs need it.
struct DagToken
{
    enum class Type : std::uint8_t
    {
        Name, ///< also dotted: "airflow.models.DAG"
        String,
        Number,
        Sign, ///< "(", "=", ">>" …
        NewLine, ///< of a statement, not inside brackets
        End
    } type = Type::End;
    std::string text; ///< of a string: its value
    int line = 1;
    int indent = 0; ///< of the statement's first line
    bool formatted = false; ///< an f-string: braces are not text
};

/// Splits a Python text into tokens; comments and blank lines are left out. What is no Python gives
/// odd tokens, never an error. At most 1,000,000 tokens of at most 4 MiB.
std::vector<DagToken> dagTokens(std::string_view text);

} // namespace core
