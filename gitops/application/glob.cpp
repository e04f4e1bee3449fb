// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/glob.h"

#include <re2/re2.h>

#include <optional>
#include <string>

namespace gitops {

namespace {

constexpr std::size_t kLongest = 1'000;
constexpr int kMemory = 1 << 20;

std::string quoted(std::string_view text)
{
    return RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
}

/// Glob to regular expression, from the left.
class Translator
{
public:
    Translator(std::string_view pattern, char separator)
        : m_rest(pattern)
        , m_one(separator == 0 ? std::string(".") : "[^" + quoted({&separator, 1}) + "]")
    {
    }

    std::optional<std::string> translate()
    {
        while (!m_rest.empty())
            if (!step())
                return std::nullopt;
        return m_depth == 0 ? std::optional(std::move(m_out)) : std::nullopt;
    }

private:
    char take()
    {
        const char next = m_rest.front();
        m_rest.remove_prefix(1);
        return next;
    }

    bool step()
    {
        const char next = take();
        switch (next) {
        case '*':
            if (m_rest.starts_with('*')) {
                while (m_rest.starts_with('*'))
                    take();
                m_out += ".*";
            } else {
                m_out += m_one + "*";
            }
            return true;
        case '?':
            m_out += m_one;
            return true;
        case '[':
            return set();
        case '{':
            ++m_depth;
            m_out += "(?:";
            return true;
        case '}':
            m_out += m_depth > 0 ? ")" : "\\}";
            m_depth -= m_depth > 0 ? 1 : 0;
            return true;
        case ',':
            m_out += m_depth > 0 ? "|" : ",";
            return true;
        case '\\':
            if (m_rest.empty())
                return false;
            m_out += quoted({m_rest.data(), 1});
            take();
            return true;
        default:
            m_out += quoted({&next, 1});
            return true;
        }
    }

    bool set()
    {
        const std::size_t end = m_rest.find(']', 1);
        if (end == std::string_view::npos)
            return false;
        std::string_view inside = m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        m_out += '[';
        if (inside.starts_with('!')) {
            m_out += '^';
            inside.remove_prefix(1);
        }
        if (inside.empty())
            return false;
        for (const char each : inside)
            m_out += each == '-' ? std::string("-") : quoted({&each, 1});
        m_out += ']';
        return true;
    }

    std::string_view m_rest;
    const std::string m_one;
    std::string m_out;
    int m_depth = 0;
};

std::optional<std::string> regexOf(std::string_view pattern, char separator)
{
    return pattern.size() > kLongest ? std::nullopt : Translator(pattern, separator).translate();
}

RE2::Options options()
{
    RE2::Options result;
    result.set_log_errors(false);
    result.set_max_mem(kMemory);
    result.set_dot_nl(true);
    result.set_encoding(RE2::Options::EncodingLatin1); // byte by byte, whatever comes
    return result;
}

} // namespace

bool projectGlobMatches(std::string_view pattern, std::string_view text, char separator)
{
    const auto regex = regexOf(pattern, separator);
    return regex
        && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), RE2(*regex, options()));
}

bool isProjectGlob(std::string_view pattern)
{
    const auto regex = regexOf(pattern, '/');
    return regex && RE2(*regex, options()).ok();
}

} // namespace gitops
