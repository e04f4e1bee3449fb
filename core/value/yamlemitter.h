// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Writes scalars and indicators as the go-yaml v2 emitter does, which kubectl and Kustomize print
/// with: where it breaks lines, what it quotes and how. Appends to a string; linear in what is
/// written. The walk over a value is YamlWriter's.
class YamlEmitter
{
public:
    explicit YamlEmitter(std::string& out)
        : m_out(out)
    {
    }

    /// Starts a line at this indentation, unless already there.
    void startLine(int indent);
    /// "-", "?" or ":" before a block item: stays on the line.
    void writeBlockIndicator(char indicator);
    /// The ":" directly after a key.
    void writeKeyColon();
    /// "null", "true", a number, "{}", "[]": never quoted, never folded.
    void writeWord(std::string_view word);
    /// A string; indent is that of its continuation lines. A key never breaks.
    void writeString(std::string_view text, int indent, bool isKey);

    /// Whether the last thing written was indentation or a block indicator.
    bool atIndentation() const { return m_indentation; }
    /// A key that needs "? ": it has line breaks or more than 128 bytes.
    static bool needsQuestionMark(std::string_view key);
    /// A string that is written without quotes, on one line.
    static bool isWrittenPlain(std::string_view text);

private:
    struct Analysis
    {
        bool multiline = false;
        bool plainAllowed = true;
        bool singleQuotedAllowed = true;
        bool blockAllowed = true;
    };
    static Analysis analyse(std::string_view text);

    void put(char c);
    void breakLine();
    void copyCharacter(std::string_view text, std::size_t& at);
    void copyBreak(std::string_view text, std::size_t& at);
    void writeIndicator(std::string_view indicator, bool needsBlank, bool isBlank,
                        bool isIndentation);
    void writeFlowText(std::string_view text, int indent, bool mayBreak, bool isQuoted);
    void writePlain(std::string_view text, int indent, bool mayBreak);
    void writeSingleQuoted(std::string_view text, int indent, bool mayBreak);
    void writeDoubleQuoted(std::string_view text, int indent, bool mayBreak);
    void writeEscape(char32_t codePoint);
    void writeLiteral(std::string_view text, int indent);

    std::string& m_out;
    int m_column = 0;
    bool m_whitespace = true; ///< the last character was a blank, or a line began
    bool m_indentation = true; ///< nothing but indentation and block indicators on this line
};

} // namespace core
