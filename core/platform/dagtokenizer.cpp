// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/dagtokenizer.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace core {

namespace {

constexpr std::size_t kMaxTokens = 1'000'000;
constexpr std::size_t kMaxText = 4u << 20;

bool isNameStart(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_'
        || static_cast<unsigned char>(c) >= 0x80;
}

bool isNamePart(char c)
{
    return isNameStart(c) || std::isdigit(static_cast<unsigned char>(c));
}

class Tokenizer
{
public:
    explicit Tokenizer(std::string_view text)
        : m_text(text.substr(0, kMaxText))
    {
    }
    std::vector<DagToken> read();

private:
    char at(std::size_t offset = 0) const
    {
        return m_at + offset < m_text.size() ? m_text[m_at + offset] : '\0';
    }
    void add(DagToken::Type type, std::string text);
    void newLine();
    bool string();
    void stringBody(char quote, bool raw, bool formatted);
    void name();
    void sign();

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_line = 1;
    int m_indent = 0;
    int m_depth = 0; ///< open brackets
    std::vector<DagToken> m_out;
};

void Tokenizer::add(DagToken::Type type, std::string text)
{
    m_out.push_back({type, std::move(text), m_line, m_indent, false});
}

/// At a line's end: ends the statement unless brackets are open, and measures the next line.
void Tokenizer::newLine()
{
    ++m_line;
    ++m_at;
    if (m_depth > 0)
        return;
    if (!m_out.empty() && m_out.back().type != DagToken::Type::NewLine)
        add(DagToken::Type::NewLine, "");
    m_indent = 0;
    while (at() == ' ' || at() == '\t') {
        m_indent += at() == '\t' ? 8 : 1;
        ++m_at;
    }
}

void Tokenizer::stringBody(char quote, bool raw, bool formatted)
{
    const bool isLong = at(1) == quote && at(2) == quote;
    m_at += isLong ? 3 : 1;
    DagToken token {DagToken::Type::String, {}, m_line, m_indent, formatted};
    while (m_at < m_text.size()) {
        const char c = at();
        if (c == quote && (!isLong || (at(1) == quote && at(2) == quote))) {
            m_at += isLong ? 3 : 1;
            break;
        }
        if (c == '\n' && !isLong)
            break; // not closed: the line's end closes it
        m_line += c == '\n' ? 1 : 0;
        if (c == '\\' && m_at + 1 < m_text.size()) {
            ++m_at;
            m_line += at() == '\n' ? 1 : 0;
            if (raw)
                token.text += '\\';
            if (at() != '\n' || raw)
                token.text += at() == 'n' && !raw ? '\n' : at();
            ++m_at;
            continue;
        }
        if (token.text.size() < 256 * 1024)
            token.text += c;
        ++m_at;
    }
    m_out.push_back(std::move(token));
}

/// A string with its prefix letters; false when none begins here.
bool Tokenizer::string()
{
    std::size_t letters = 0;
    bool raw = false;
    bool formatted = false;
    while (letters < 2 && std::isalpha(static_cast<unsigned char>(at(letters)))) {
        const char letter =
            static_cast<char>(std::tolower(static_cast<unsigned char>(at(letters))));
        if (letter != 'r' && letter != 'b' && letter != 'u' && letter != 'f')
            return false;
        raw = raw || letter == 'r';
        formatted = formatted || letter == 'f';
        ++letters;
    }
    const char quote = at(letters);
    if (quote != '"' && quote != '\'')
        return false;
    m_at += letters;
    stringBody(quote, raw, formatted);
    return true;
}

void Tokenizer::name()
{
    std::string text;
    while (isNamePart(at()) || (at() == '.' && isNameStart(at(1)))) {
        if (text.size() < 512)
            text += at();
        ++m_at;
    }
    add(DagToken::Type::Name, std::move(text));
}

void Tokenizer::sign()
{
    constexpr std::array<std::string_view, 12> kLong {
        "**", "//", ">>", "<<", "==", "!=", "<=", ">=", "->", ":=", "+=", "-="};
    const auto* found = std::ranges::find_if(
        kLong, [&](std::string_view each) { return m_text.substr(m_at).starts_with(each); });
    const std::string text(found == kLong.end() ? m_text.substr(m_at, 1) : *found);
    if (text == "(" || text == "[" || text == "{")
        ++m_depth;
    else if ((text == ")" || text == "]" || text == "}") && m_depth > 0)
        --m_depth;
    add(DagToken::Type::Sign, text);
    m_at += text.size();
}

std::vector<DagToken> Tokenizer::read()
{
    while (m_at < m_text.size() && m_out.size() < kMaxTokens) {
        const char c = at();
        if (c == '\n')
            newLine();
        else if (c == '\\' && (at(1) == '\n' || (at(1) == '\r' && at(2) == '\n'))) {
            m_at += at(1) == '\r' ? 3 : 2;
            ++m_line;
        } else if (std::isspace(static_cast<unsigned char>(c)) || c == '\0')
            ++m_at;
        else if (c == '#')
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        else if (string())
            continue;
        else if (isNameStart(c))
            name();
        else if (std::isdigit(static_cast<unsigned char>(c))) {
            std::string text;
            while (std::isalnum(static_cast<unsigned char>(at())) || at() == '.' || at() == '_') {
                if (text.size() < 64)
                    text += at();
                ++m_at;
            }
            add(DagToken::Type::Number, std::move(text));
        } else
            sign();
    }
    if (!m_out.empty() && m_out.back().type != DagToken::Type::NewLine)
        add(DagToken::Type::NewLine, "");
    add(DagToken::Type::End, "");
    return std::move(m_out);
}

} // namespace

std::vector<DagToken> dagTokens(std::string_view text)
{
    return Tokenizer(text).read();
}

} // namespace core
