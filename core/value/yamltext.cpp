// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamltext.h"

#include "core/base/strings.h"

#include <algorithm>

namespace core {

namespace {

std::unexpected<Error> limitPassed(std::string message, Place place)
{
    return failure(ErrorCode::LimitExceeded, std::move(message), std::move(place),
                   Fault::Repository);
}

} // namespace

Result<void> checkYamlText(std::string_view text, const std::string& file, const YamlLimits& limits)
{
    constexpr int kMostDirectives = 64;
    if (text.size() > limits.bytes)
        return limitPassed("the YAML text is larger than " + std::to_string(limits.bytes)
                               + " bytes",
                           {.file = file});
    int line = 1;
    int directives = 0;
    for (std::size_t start = 0; start < text.size(); ++line) {
        std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos)
            end = text.size();
        if (end - start > limits.lineBytes)
            return limitPassed("the line is longer than " + std::to_string(limits.lineBytes)
                                   + " bytes",
                               {.file = file, .line = line});
        if (text[start] == '%' && ++directives > kMostDirectives)
            return limitPassed("too many YAML directives", {.file = file, .line = line});
        start = end + 1;
    }
    return {};
}

std::string withUnixLineEnds(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n')
            result.push_back(text[i]);
    return result;
}

Result<std::vector<YamlChunk>> splitYamlDocuments(std::string_view text, const std::string& file,
                                                  int firstLine)
{
    std::vector<YamlChunk> chunks;
    std::size_t start = 0;
    int line = firstLine - 1;
    int startLine = line;
    std::size_t from = 0;
    for (;;) {
        const std::size_t found = text.find("\n---", from);
        const std::size_t end =
            found == std::string_view::npos ? found : text.find('\n', found + 1);
        if (end == std::string_view::npos)
            break;
        line += int(std::count(text.begin() + std::ptrdiff_t(from),
                               text.begin() + std::ptrdiff_t(found), '\n'));
        const std::string_view rest = trimmed(text.substr(found + 4, end - found - 4));
        if (!rest.empty() && rest[0] != '#')
            return failure(ErrorCode::Invalid,
                           "a document separator \"---\" must stand alone on its line",
                           {.file = file, .line = line + 2}, Fault::Repository);
        chunks.push_back({text.substr(start, found + 1 - start), startLine});
        start = end + 1;
        from = start;
        line += 2;
        startLine = line;
    }
    chunks.push_back({text.substr(start), startLine});
    return chunks;
}

} // namespace core
