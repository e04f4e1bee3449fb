// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlwriter.h"

#include "core/base/strings.h"
#include "core/value/yamlemitter.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace core {

namespace {

constexpr char32_t kEndOfText = ~char32_t(0);

/// The code point at a place, which moves behind it.
char32_t nextCodePoint(std::string_view text, std::size_t& at)
{
    if (at >= text.size())
        return kEndOfText;
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned lead = byte(at);
    const std::size_t count = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t value = count == 1 ? lead : lead & (0xFFu >> (count + 1));
    for (std::size_t i = 1; i < count; ++i)
        value = (value << 6) | (byte(at + i) & 0x3F);
    at += count;
    return value;
}

bool isAsciiDigit(char32_t c)
{
    return c >= '0' && c <= '9';
}

/// Letters for the order of keys. Beyond ASCII everything counts as a letter, save the blocks of
/// punctuation, symbols and private use.
bool isLetter(char32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    struct Range
    {
        char32_t first, last;
    };
    constexpr std::array<Range, 20> kOthers {
        {{0x80, 0xA9},     {0xAB, 0xB4},       {0xB6, 0xB9},     {0xBB, 0xBF},
         {0xD7, 0xD7},     {0xF7, 0xF7},       {0x2000, 0x2070}, {0x2080, 0x208F},
         {0x20A0, 0x2101}, {0x2190, 0x2BFF},   {0x3000, 0x3004}, {0x3008, 0x3030},
         {0xD800, 0xF8FF}, {0x1F000, 0x1FAFF}, {0x0300, 0x036F}, {0xFE00, 0xFE6F},
         {0xFEFF, 0xFEFF}, {0xFF00, 0xFF20},   {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}}};
    return std::none_of(kOthers.begin(), kOthers.end(),
                        [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// Digit runs compare by value; of equal values the shorter run comes first.
bool isDigitRunLess(std::string_view a, std::string_view b, std::size_t at)
{
    const auto digitAt = [](std::string_view text, std::size_t i) {
        return i < text.size() && isAsciiDigit(static_cast<unsigned char>(text[i]));
    };
    std::uint64_t valueA = 0;
    std::uint64_t valueB = 0;
    if ((at < a.size() && a[at] == '0') || (at < b.size() && b[at] == '0')) {
        // A zero inside a number is no leading zero.
        for (std::size_t i = at; i > 0 && digitAt(a, i - 1); --i) {
            if (a[i - 1] != '0') {
                valueA = valueB = 1;
                break;
            }
        }
    }
    std::size_t endA = at;
    std::size_t endB = at;
    for (; digitAt(a, endA); ++endA)
        valueA = valueA * 10 + std::uint64_t(a[endA] - '0');
    for (; digitAt(b, endB); ++endB)
        valueB = valueB * 10 + std::uint64_t(b[endB] - '0');
    if (valueA != valueB)
        return static_cast<std::int64_t>(valueA) < static_cast<std::int64_t>(valueB);
    if (endA != endB)
        return endA < endB;
    std::size_t placeA = at;
    std::size_t placeB = at;
    return nextCodePoint(a, placeA) < nextCodePoint(b, placeB);
}

class JsonSource
{
public:
    using Value = Json;
    static bool isMapping(const Json& value) { return value.is_object(); }
    static bool isSequence(const Json& value) { return value.is_array(); }
    template<class Entries>
    static void addEntries(const Json& value, Entries& entries)
    {
        for (const auto& member : value.get_object())
            entries.push_back({{member.key().data(), member.key().size()}, &member.value()});
    }
    static std::size_t itemCount(const Json& value) { return value.get_array().size(); }
    static const Json& item(const Json& value, std::size_t index)
    {
        return value.get_array()[index];
    }
    template<class Writer>
    static void writeScalar(const Json& value, Writer& writer)
    {
        if (const auto* text = value.if_string())
            return writer.string({text->data(), text->size()});
        if (const auto* flag = value.if_bool())
            return writer.word(*flag ? "true" : "false");
        if (const auto* integer = value.if_int64())
            return writer.number(*integer);
        if (const auto* natural = value.if_uint64())
            return writer.number(*natural);
        if (const auto* real = value.if_double(); real && std::isfinite(*real))
            return writer.number(*real);
        writer.word("null");
    }
};

class TreeSource
{
public:
    using Value = YamlNode;
    static bool isMapping(const YamlNode& node) { return node.isMapping(); }
    static bool isSequence(const YamlNode& node) { return node.isSequence(); }
    template<class Entries>
    static void addEntries(const YamlNode& node, Entries& entries)
    {
        for (std::size_t i = 0; i < node.size(); ++i)
            entries.push_back({node.key(i)->text, node.value(i)});
    }
    static std::size_t itemCount(const YamlNode& node) { return node.count; }
    static const YamlNode& item(const YamlNode& node, std::size_t index)
    {
        return *node.item(index);
    }
    template<class Writer>
    static void writeScalar(const YamlNode& node, Writer& writer)
    {
        switch (node.tag) {
        case YamlTag::Null:
            return writer.word("null");
        case YamlTag::Bool:
            return writer.word(isYamlTrue(node.text) ? "true" : "false");
        case YamlTag::Int:
        case YamlTag::Float:
            return writeNumber(node.text, writer);
        case YamlTag::Timestamp:
            if (const auto time = normalisedTimestamp(node.text))
                return writer.string(*time);
            return writer.string(node.text);
        case YamlTag::Binary:
            if (const auto bytes = base64Decode(node.text))
                return writer.string(*bytes);
            return writer.string(node.text);
        default:
            return writer.string(node.text);
        }
    }

private:
    template<class Writer>
    static void writeNumber(std::string_view text, Writer& writer)
    {
        // Most numbers are spelled as they are printed.
        const bool isPlain = !text.empty() && text.size() < 19 && text[0] != '0'
            && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (isPlain)
            return writer.word(text);
        const auto number = parseYamlNumber(text);
        if (!number)
            return writer.string(text);
        const auto* real = std::get_if<double>(&*number);
        if (real && !std::isfinite(*real))
            return writer.word("null");
        writer.number(*number);
    }
};

/// Walks a value and drives the emitter.
template<class Source>
class Writer
{
public:
    using Value = typename Source::Value;

    explicit Writer(std::string& out)
        : m_emitter(out)
    {
    }

    void document(const Value& value)
    {
        node(value, -1, false);
        m_emitter.startLine(0);
    }
    void string(std::string_view text)
    {
        m_emitter.writeString(text, m_indent < 0 ? 2 : m_indent + 2, false);
    }
    void word(std::string_view text) { m_emitter.writeWord(text); }
    void number(const YamlNumber& value)
    {
        m_number.clear();
        appendYamlNumber(m_number, value);
        m_emitter.writeWord(m_number);
    }

private:
    struct Entry
    {
        std::string_view key;
        const Value* value;
    };

    void node(const Value& value, int indent, bool inMapping)
    {
        if (Source::isMapping(value))
            return mapping(value, indent < 0 ? 0 : indent + 2);
        if (Source::isSequence(value)) {
            const bool indentless = inMapping && !m_emitter.atIndentation();
            return sequence(value, indent < 0 ? 0 : indentless ? indent : indent + 2);
        }
        m_indent = indent;
        Source::writeScalar(value, *this);
    }

    void mapping(const Value& value, int indent)
    {
        // All mappings that are open share one list of entries, so that none allocates its own.
        const std::size_t first = m_entries.size();
        Source::addEntries(value, m_entries);
        const std::size_t end = m_entries.size();
        if (first == end)
            return m_emitter.writeWord("{}");
        sortEntries(first, end);
        for (std::size_t i = first; i < end; ++i) {
            const Entry entry = m_entries[i];
            m_emitter.startLine(indent);
            if (YamlEmitter::needsQuestionMark(entry.key)) {
                m_emitter.writeBlockIndicator('?');
                m_emitter.writeString(entry.key, indent + 2, false);
                m_emitter.startLine(indent);
                m_emitter.writeBlockIndicator(':');
            } else {
                m_emitter.writeString(entry.key, indent, true);
                m_emitter.writeKeyColon();
            }
            node(*entry.value, indent, true);
        }
        m_entries.resize(first);
    }

    void sortEntries(std::size_t first, std::size_t end)
    {
        constexpr std::size_t kFew = 12;
        const auto isLess = [](const Entry& a, const Entry& b) {
            return isYamlKeyLess(a.key, b.key);
        };
        const auto begin = m_entries.begin() + std::ptrdiff_t(first);
        if (end - first > kFew) {
            std::stable_sort(begin, m_entries.begin() + std::ptrdiff_t(end), isLess);
            return;
        }
        for (std::size_t i = first + 1; i < end; ++i)
            for (std::size_t j = i; j > first && isLess(m_entries[j], m_entries[j - 1]); --j)
                std::swap(m_entries[j], m_entries[j - 1]);
    }

    void sequence(const Value& value, int indent)
    {
        const std::size_t count = Source::itemCount(value);
        if (count == 0)
            return m_emitter.writeWord("[]");
        for (std::size_t i = 0; i < count; ++i) {
            m_emitter.startLine(indent);
            m_emitter.writeBlockIndicator('-');
            node(Source::item(value, i), indent, false);
        }
    }

    YamlEmitter m_emitter;
    std::vector<Entry> m_entries;
    std::string m_number;
    int m_indent = 0;
};

} // namespace

bool isYamlKeyLess(std::string_view a, std::string_view b)
{
    const std::size_t shared = std::min(a.size(), b.size());
    const std::size_t at = std::size_t(
        std::mismatch(a.begin(), a.begin() + std::ptrdiff_t(shared), b.begin()).first - a.begin());
    if (at == shared)
        return a.size() < b.size();
    // Back to the first byte of the character that differs.
    std::size_t start = at;
    while (start > 0 && (static_cast<unsigned char>(a[start]) & 0xC0) == 0x80)
        --start;
    std::size_t placeA = start;
    std::size_t placeB = start;
    const char32_t inA = nextCodePoint(a, placeA);
    const char32_t inB = nextCodePoint(b, placeB);
    const bool letterA = isLetter(inA);
    const bool letterB = isLetter(inB);
    if (letterA && letterB)
        return inA < inB;
    if (letterA || letterB)
        return letterB;
    return isDigitRunLess(a, b, start);
}

std::string toYaml(const Json& value)
{
    std::string out;
    Writer<JsonSource>(out).document(value);
    return out;
}

void appendYaml(std::string& out, const YamlNode& node)
{
    Writer<TreeSource>(out).document(node);
}

} // namespace core
