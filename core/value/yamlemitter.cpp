// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlemitter.h"

#include "core/value/yamlscalar.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr int kBestWidth = 80;
constexpr int kIndentStep = 2;
constexpr std::size_t kLongestSimpleKey = 128;

unsigned char byteAt(std::string_view text, std::size_t at)
{
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

std::size_t width(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if ((lead & 0xE0) == 0xC0)
        return 2;
    return (lead & 0xF0) == 0xE0 ? 3 : 4;
}

/// Bytes of the line break at a place, 0 when there is none: LF, CR, U+0085, U+2028, U+2029.
bool isBreak(std::string_view text, std::size_t at)
{
    const unsigned char lead = byteAt(text, at);
    if (lead == '\n' || lead == '\r')
        return true;
    if (lead == 0xC2)
        return byteAt(text, at + 1) == 0x85;
    if (lead == 0xE2 && byteAt(text, at + 1) == 0x80)
        return byteAt(text, at + 2) == 0xA8 || byteAt(text, at + 2) == 0xA9;
    return false;
}

bool isSpace(std::string_view text, std::size_t at)
{
    return byteAt(text, at) == ' ';
}

bool isBlankOrEnd(std::string_view text, std::size_t at)
{
    const unsigned char c = byteAt(text, at);
    return c == ' ' || c == '\t' || c == 0 || isBreak(text, at);
}

/// Printable without an escape. All above U+FFFF is not, as in Go's port.
bool isPrintable(std::string_view text, std::size_t at)
{
    const unsigned char lead = byteAt(text, at);
    if (lead < 0x80)
        return lead == '\n' || (lead >= 0x20 && lead <= 0x7E);
    const unsigned char second = byteAt(text, at + 1);
    if (lead == 0xC2)
        return second >= 0xA0;
    if (lead == 0xED)
        return second < 0xA0;
    if (lead == 0xEF) {
        const unsigned char third = byteAt(text, at + 2);
        return !(second == 0xBB && third == 0xBF) && !(second == 0xBF && third >= 0xBE);
    }
    return lead > 0xC2 && lead <= 0xEE;
}

char32_t decode(std::string_view text, std::size_t at)
{
    const unsigned char lead = byteAt(text, at);
    const std::size_t count = width(lead);
    char32_t value = count == 1 ? lead
        : count == 2            ? lead & 0x1F
        : count == 3            ? lead & 0x0F
                                : lead & 0x07;
    for (std::size_t k = 1; k < count; ++k)
        value = (value << 6) | (byteAt(text, at + k) & 0x3F);
    return value;
}

/// "1:30", "-12:30:45.5": numbers to base 60 in YAML 1.1, quoted though nobody here reads them so.
bool isBase60(std::string_view text)
{
    std::size_t i = 0;
    const auto isDigit = [&](std::size_t at) {
        return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    if (i < text.size() && (text[i] == '+' || text[i] == '-'))
        ++i;
    if (!isDigit(i))
        return false;
    while (isDigit(i) || (i < text.size() && text[i] == '_'))
        ++i;
    int groups = 0;
    while (i < text.size() && text[i] == ':') {
        if (isDigit(i + 1) && isDigit(i + 2) && text[i + 1] <= '5')
            i += 3;
        else if (isDigit(i + 1))
            i += 2;
        else
            return false;
        ++groups;
    }
    if (groups > 0 && i < text.size() && text[i] == '.') {
        ++i;
        while (isDigit(i) || (i < text.size() && text[i] == '_'))
            ++i;
    }
    return groups > 0 && i == text.size();
}

/// Whether unquoted text would be read back as something else than a string.
bool readsAsOtherType(std::string_view text)
{
    const YamlTag tag = resolvePlain(text, YamlSchema::Yaml11);
    return (tag != YamlTag::String && tag != YamlTag::Merge) || isBase60(text);
}

} // namespace

bool YamlEmitter::needsQuestionMark(std::string_view key)
{
    return key.size() > kLongestSimpleKey || analyse(key).multiline;
}

bool YamlEmitter::isWrittenPlain(std::string_view text)
{
    return !readsAsOtherType(text) && analyse(text).plainAllowed;
}

YamlEmitter::Analysis YamlEmitter::analyse(std::string_view text)
{
    Analysis result;
    if (text.empty()) {
        result.blockAllowed = false;
        return result;
    }
    bool indicators = text.starts_with("---") || text.starts_with("...");
    bool special = false;
    bool breaks = false;
    bool edgeSpace = false;
    bool edgeBreak = false;
    bool trailingSpace = false;
    bool breakSpace = false;
    bool spaceBreak = false;
    bool previousSpace = false;
    bool previousBreak = false;
    bool precededByBlank = true;
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char c = byteAt(text, i);
        const std::size_t next = i + width(c);
        if (c >= 'a' && c <= 'z') { // by far the most common
            previousSpace = previousBreak = precededByBlank = false;
            i = next;
            continue;
        }
        const bool followedByBlank =
            next >= text.size() || byteAt(text, next) == ' ' || byteAt(text, next) == '\t';
        if (c == ':' || (i == 0 && (c == '?' || c == '-')))
            indicators = indicators || followedByBlank;
        else if (c == '#')
            indicators = indicators || precededByBlank;
        else if (i == 0)
            indicators =
                indicators || std::string_view(",[]{}&*!|>'\"%@`").find(char(c)) != text.npos;
        special = special || !isPrintable(text, i);
        const bool isLast = next >= text.size();
        if (c == ' ') {
            edgeSpace = edgeSpace || i == 0 || isLast;
            trailingSpace = trailingSpace || isLast;
            breakSpace = breakSpace || previousBreak;
            previousSpace = true;
            previousBreak = false;
        } else if (isBreak(text, i)) {
            breaks = true;
            edgeBreak = edgeBreak || i == 0 || isLast;
            spaceBreak = spaceBreak || previousSpace;
            previousSpace = false;
            previousBreak = true;
        } else {
            previousSpace = previousBreak = false;
        }
        precededByBlank = isBlankOrEnd(text, i);
        i = next;
    }
    result.multiline = breaks;
    result.plainAllowed = !edgeSpace && !edgeBreak && !breakSpace && !spaceBreak && !special
        && !breaks && !indicators;
    result.singleQuotedAllowed = !breakSpace && !spaceBreak && !special;
    result.blockAllowed = !trailingSpace && !spaceBreak && !special;
    return result;
}

void YamlEmitter::put(char c)
{
    m_out.push_back(c);
    ++m_column;
}

void YamlEmitter::breakLine()
{
    m_out.push_back('\n');
    m_column = 0;
}

void YamlEmitter::copyCharacter(std::string_view text, std::size_t& at)
{
    const std::size_t count = std::min(width(byteAt(text, at)), text.size() - at);
    m_out.append(text, at, count);
    at += count;
    ++m_column;
}

void YamlEmitter::copyBreak(std::string_view text, std::size_t& at)
{
    if (text[at] == '\n') {
        breakLine();
        ++at;
        return;
    }
    copyCharacter(text, at);
    m_column = 0;
}

void YamlEmitter::startLine(int indent)
{
    if (!m_indentation || m_column > indent || (m_column == indent && !m_whitespace))
        breakLine();
    if (m_column < indent) {
        m_out.append(std::size_t(indent - m_column), ' ');
        m_column = indent;
    }
    m_whitespace = true;
    m_indentation = true;
}

void YamlEmitter::writeIndicator(std::string_view indicator, bool needsBlank, bool isBlank,
                                 bool isIndentation)
{
    if (needsBlank && !m_whitespace)
        put(' ');
    m_out += indicator;
    m_column += int(indicator.size());
    m_whitespace = isBlank;
    m_indentation = m_indentation && isIndentation;
}

void YamlEmitter::writeBlockIndicator(char indicator)
{
    writeIndicator({&indicator, 1}, true, false, true);
}

void YamlEmitter::writeKeyColon()
{
    writeIndicator(":", false, false, false);
}

void YamlEmitter::writeWord(std::string_view word)
{
    writeIndicator(word, true, false, false);
}

void YamlEmitter::writeString(std::string_view text, int indent, bool isKey)
{
    const Analysis analysis = analyse(text);
    if (text.find('\n') != std::string_view::npos) {
        if (analysis.blockAllowed && !isKey)
            return writeLiteral(text, indent);
        return writeDoubleQuoted(text, indent, !isKey);
    }
    if (readsAsOtherType(text))
        return writeDoubleQuoted(text, indent, !isKey);
    if (analysis.plainAllowed)
        return writePlain(text, indent, !isKey);
    if (analysis.singleQuotedAllowed)
        return writeSingleQuoted(text, indent, !isKey);
    writeDoubleQuoted(text, indent, !isKey);
}

/// What plain and single-quoted text share: it breaks at single spaces past the best width, and
/// line breaks in it are doubled.
void YamlEmitter::writeFlowText(std::string_view text, int indent, bool mayBreak, bool isQuoted)
{
    bool spaces = false;
    bool breaks = false;
    for (std::size_t i = 0; i < text.size();) {
        if (isSpace(text, i)) {
            const bool isInside = !isQuoted || (i > 0 && i + 1 < text.size());
            if (mayBreak && !spaces && m_column > kBestWidth && isInside && !isSpace(text, i + 1)) {
                startLine(indent);
                ++i;
            } else {
                copyCharacter(text, i);
            }
            spaces = true;
        } else if (isBreak(text, i)) {
            if (!breaks && text[i] == '\n')
                breakLine();
            copyBreak(text, i);
            m_indentation = true;
            breaks = true;
        } else {
            if (breaks)
                startLine(indent);
            if (isQuoted && text[i] == '\'')
                put('\'');
            copyCharacter(text, i);
            m_indentation = false;
            spaces = false;
            breaks = false;
        }
    }
}

void YamlEmitter::writePlain(std::string_view text, int indent, bool mayBreak)
{
    if (!m_whitespace)
        put(' ');
    writeFlowText(text, indent, mayBreak, false);
    m_whitespace = false;
    m_indentation = false;
}

void YamlEmitter::writeSingleQuoted(std::string_view text, int indent, bool mayBreak)
{
    writeIndicator("'", true, false, false);
    writeFlowText(text, indent, mayBreak, true);
    writeIndicator("'", false, false, false);
    m_whitespace = false;
    m_indentation = false;
}

void YamlEmitter::writeDoubleQuoted(std::string_view text, int indent, bool mayBreak)
{
    writeIndicator("\"", true, false, false);
    // Go's port asks the first bytes of the text, at every character, whether one is a byte order
    // mark: text that begins with one is escaped throughout.
    const bool escapeAll = text.starts_with("\xEF\xBB\xBF");
    bool spaces = false;
    for (std::size_t i = 0; i < text.size();) {
        if (escapeAll || !isPrintable(text, i) || isBreak(text, i) || text[i] == '"'
            || text[i] == '\\') {
            writeEscape(decode(text, i));
            i += width(byteAt(text, i));
            spaces = false;
        } else if (isSpace(text, i)) {
            if (mayBreak && !spaces && m_column > kBestWidth && i > 0 && i + 1 < text.size()) {
                startLine(indent);
                if (isSpace(text, i + 1))
                    put('\\');
                ++i;
            } else {
                copyCharacter(text, i);
            }
            spaces = true;
        } else {
            copyCharacter(text, i);
            spaces = false;
        }
    }
    writeIndicator("\"", false, false, false);
    m_whitespace = false;
    m_indentation = false;
}

void YamlEmitter::writeEscape(char32_t codePoint)
{
    struct Short
    {
        char32_t codePoint;
        char letter;
    };
    constexpr std::array<Short, 15> kShort {{{0x00, '0'},
                                             {0x07, 'a'},
                                             {0x08, 'b'},
                                             {0x09, 't'},
                                             {0x0A, 'n'},
                                             {0x0B, 'v'},
                                             {0x0C, 'f'},
                                             {0x0D, 'r'},
                                             {0x1B, 'e'},
                                             {0x22, '"'},
                                             {0x5C, '\\'},
                                             {0x85, 'N'},
                                             {0xA0, '_'},
                                             {0x2028, 'L'},
                                             {0x2029, 'P'}}};
    put('\\');
    for (const Short& entry : kShort)
        if (entry.codePoint == codePoint)
            return put(entry.letter);
    const int digits = codePoint <= 0xFF ? 2 : codePoint <= 0xFFFF ? 4 : 8;
    put(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        put("0123456789ABCDEF"[(codePoint >> shift) & 0xF]);
}

void YamlEmitter::writeLiteral(std::string_view text, int indent)
{
    writeIndicator("|", true, false, false);
    if (isSpace(text, 0) || isBreak(text, 0))
        put(char('0' + kIndentStep));
    const auto lastCharacter = [&](std::size_t end) {
        std::size_t at = end - 1;
        while (at > 0 && (byteAt(text, at) & 0xC0) == 0x80)
            --at;
        return at;
    };
    const std::size_t last = lastCharacter(text.size());
    if (!isBreak(text, last))
        put('-');
    else if (last == 0 || isBreak(text, lastCharacter(last)))
        put('+');
    breakLine();
    m_indentation = true;
    m_whitespace = true;
    bool breaks = true;
    for (std::size_t i = 0; i < text.size();) {
        if (isBreak(text, i)) {
            copyBreak(text, i);
            m_indentation = true;
            breaks = true;
        } else {
            if (breaks)
                startLine(indent);
            copyCharacter(text, i);
            m_indentation = false;
            breaks = false;
        }
    }
}

} // namespace core
