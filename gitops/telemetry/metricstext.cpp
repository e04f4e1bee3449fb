// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/metricstext.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gitops {

namespace {

bool isNameStart(char each)
{
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_'
        || each == ':';
}

bool isNamePart(char each)
{
    return isNameStart(each) || (each >= '0' && each <= '9');
}

bool isBlank(char each)
{
    return each == ' ' || each == '\t';
}

/// Reads one line from its start on.
class LineReader
{
public:
    LineReader(std::string_view line, std::size_t maxLabels)
        : m_rest(line)
        , m_maxLabels(maxLabels)
    {
    }

    /// "": the line was read; else what is wrong with it.
    const char* read(MetricLine& out)
    {
        out.labels.clear();
        out.name = name();
        if (out.name.empty())
            return "a metric's name is missing";
        skipBlanks();
        if (take('{'))
            if (const char* problem = labels(out))
                return problem;
        return number(out.value) ? "" : "the value is no number";
    }

private:
    void skipBlanks()
    {
        while (!m_rest.empty() && isBlank(m_rest.front()))
            m_rest.remove_prefix(1);
    }
    bool take(char wanted)
    {
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::string_view name()
    {
        std::size_t end = 0;
        if (m_rest.empty() || !isNameStart(m_rest.front()))
            return {};
        while (end < m_rest.size() && isNamePart(m_rest[end]))
            ++end;
        const std::string_view out = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        return out;
    }

    const char* labels(MetricLine& out)
    {
        for (;;) {
            skipBlanks();
            if (take('}'))
                return nullptr;
            if (out.labels.size() == m_maxLabels)
                return "there are too many labels";
            const std::string_view key = name();
            skipBlanks();
            if (key.empty() || !take('='))
                return "a label is cut";
            skipBlanks();
            std::string& value = out.labels.emplace_back(key, std::string()).second;
            if (!quoted(value))
                return "a label's value is cut";
            skipBlanks();
            if (!take(',') && (m_rest.empty() || m_rest.front() != '}'))
                return "a label is not followed by a comma or a brace";
        }
    }

    bool quoted(std::string& out)
    {
        if (!take('"'))
            return false;
        for (;;) {
            const std::size_t stop = m_rest.find_first_of("\\\"");
            if (stop == m_rest.npos)
                return false;
            out.append(m_rest.substr(0, stop));
            const char found = m_rest[stop];
            m_rest.remove_prefix(stop + 1);
            if (found == '"')
                return true;
            if (m_rest.empty())
                return false;
            const char escaped = m_rest.front();
            m_rest.remove_prefix(1);
            if (escaped != 'n' && escaped != '\\' && escaped != '"')
                out += '\\'; // what is no escape stays as it is
            out += escaped == 'n' ? '\n' : escaped;
        }
    }

    bool number(double& out)
    {
        skipBlanks();
        std::string_view text =
            m_rest.substr(0, std::min(m_rest.find_first_of(" \t"), m_rest.size()));
        if (text.starts_with('+'))
            text.remove_prefix(1);
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (code == std::errc::result_out_of_range) {
            out = text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                                        : std::numeric_limits<double>::infinity();
            return true;
        }
        return code == std::errc() && end == text.data() + text.size();
    }

    std::string_view m_rest;
    std::size_t m_maxLabels;
};

} // namespace

std::string_view MetricLine::label(std::string_view wanted) const
{
    for (const auto& each : labels)
        if (each.first == wanted)
            return each.second;
    return {};
}

core::Result<void> readMetricsText(std::string_view text,
                                   const std::function<void(const MetricLine&)>& take,
                                   const MetricsTextLimits& limits)
{
    if (text.size() > limits.bytes)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "the metrics are larger than " + std::to_string(limits.bytes >> 20)
                                 + " MiB");
    MetricLine line;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        std::string_view one = text.substr(0, length);
        text.remove_prefix(std::min(length + 1, text.size()));
        while (!one.empty() && (isBlank(one.back()) || one.back() == '\r'))
            one.remove_suffix(1);
        while (!one.empty() && isBlank(one.front()))
            one.remove_prefix(1);
        if (one.empty() || one.front() == '#')
            continue;
        const bool tooMuch = number > limits.lines || one.size() > limits.lineBytes;
        if (tooMuch)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "the metrics have too many or too long lines",
                                 {.file = {}, .line = int(std::min<std::size_t>(number, 1 << 30))});
        const std::string_view problem = LineReader(one, limits.labels).read(line);
        if (!problem.empty())
            return core::failure(core::ErrorCode::Invalid,
                                 "line " + std::to_string(number)
                                     + " of the metrics: " + std::string(problem));
        take(line);
    }
    return {};
}

} // namespace gitops
