// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"

#include "core/base/strings.h"
#include "core/value/yamlwriter.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace app {

namespace {

/// Length in bytes of an escape sequence at the start of text, else 0.
std::size_t escapeLength(std::string_view text)
{
    if (!text.starts_with("\x1b["))
        return 0;
    const std::size_t end = text.find('m');
    return end == std::string_view::npos ? text.size() : end + 1;
}

bool startsCodePoint(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

} // namespace

bool isTerminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

int terminalWidth()
{
    winsize size {};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

bool canRedraw()
{
    static const bool can = [] {
        const char* terminal = std::getenv("TERM");
        return isTerminal(STDOUT_FILENO) && terminal && std::string_view(terminal) != "dumb";
    }();
    return can;
}

bool hasColours()
{
    static const bool colours = [] {
        const char* no = std::getenv("NO_COLOR");
        return canRedraw() && !(no && *no);
    }();
    return colours;
}

std::string coloured(std::string_view text, Colour colour)
{
    static constexpr const char* codes[] = {"", "32", "34", "31", "33", "35", "90", "1"};
    if (colour == Colour::None || !hasColours())
        return std::string(text);
    return "\x1b[" + std::string(codes[int(colour)]) + "m" + std::string(text) + "\x1b[0m";
}

Colour colourOf(core::Health health)
{
    switch (health) {
    case core::Health::Healthy:
        return Colour::Green;
    case core::Health::Progressing:
        return Colour::Blue;
    case core::Health::Degraded:
        return Colour::Red;
    case core::Health::Missing:
        return Colour::Yellow;
    case core::Health::Suspended:
        return Colour::Magenta;
    case core::Health::Unknown:
        return Colour::Grey;
    }
    return Colour::None;
}

Colour colourOf(core::SyncState state)
{
    switch (state) {
    case core::SyncState::Synced:
        return Colour::Green;
    case core::SyncState::OutOfSync:
        return Colour::Yellow;
    case core::SyncState::Unknown:
        return Colour::Grey;
    }
    return Colour::None;
}

std::string_view signOf(core::Health health)
{
    switch (health) {
    case core::Health::Healthy:
        return "♥";
    case core::Health::Progressing:
        return "◔";
    case core::Health::Degraded:
        return "✗";
    case core::Health::Missing:
        return "∅";
    case core::Health::Suspended:
        return "‖";
    case core::Health::Unknown:
        return "?";
    }
    return "?";
}

std::string_view signOf(core::SyncState state)
{
    switch (state) {
    case core::SyncState::Synced:
        return "✓";
    case core::SyncState::OutOfSync:
        return "↑";
    case core::SyncState::Unknown:
        return "?";
    }
    return "?";
}

std::size_t displayWidth(std::string_view text)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t skip = escapeLength(text.substr(i)); skip > 0) {
            i += skip;
            continue;
        }
        width += startsCodePoint(text[i]) ? 1 : 0;
        ++i;
    }
    return width;
}

std::string cutTo(std::string_view text, std::size_t width)
{
    if (displayWidth(text) <= width)
        return std::string(text);
    std::string out;
    bool escaped = false;
    std::size_t used = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t skip = escapeLength(text.substr(i)); skip > 0) {
            out += text.substr(i, skip);
            escaped = true;
            i += skip;
            continue;
        }
        if (startsCodePoint(text[i]) && ++used >= width)
            break;
        out += text[i++];
    }
    out += "…";
    return escaped ? out + "\x1b[0m" : out;
}

/// Takes from the widest column until all fit, and leaves each something to be read by.
static void fit(std::vector<std::size_t>& widths, std::size_t width)
{
    constexpr std::size_t kLeast = 6;
    std::size_t total = 2 * (widths.size() - std::min<std::size_t>(1, widths.size()));
    for (const std::size_t each : widths)
        total += each;
    while (total > width) {
        const auto widest = std::ranges::max_element(widths);
        if (widest == widths.end() || *widest <= kLeast)
            return;
        --*widest;
        --total;
    }
}

std::string table(const std::vector<std::vector<std::string>>& rows)
{
    return table(rows, isTerminal(STDOUT_FILENO) ? std::size_t(terminalWidth()) : 0);
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t width)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i)
                widths.push_back(0);
            widths[i] = std::max(widths[i], displayWidth(row[i]));
        }
    if (width > 0)
        fit(widths, width);
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string cell = cutTo(row[i], widths[i]);
            line += cell;
            if (i + 1 < row.size())
                line.append(widths[i] - displayWidth(cell) + 2, ' ');
        }
        line.resize(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

void printValue(const core::Json& value, Format format)
{
    const std::string text =
        format == Format::Yaml ? core::toYaml(value) : core::toText(value) + "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
}

int whenWritten(int exitCode)
{
    const bool failedBefore = std::ferror(stdout) != 0;
    errno = 0;
    const bool failsNow = std::fflush(stdout) != 0;
    const int error = errno;
    if (!failedBefore && !failsNow)
        return exitCode;
    pollfd reader {STDOUT_FILENO, POLLOUT, 0};
    const bool isClosed = poll(&reader, 1, 0) > 0 && (reader.revents & (POLLERR | POLLHUP)) != 0;
    if (isClosed || error == EPIPE)
        return exitCode;
    printError(
        std::string("the output could not be written to the end")
        + (failsNow && error != 0 ? std::string(": ") + std::strerror(error) : std::string()));
    return CouldNotTell;
}

void printError(std::string_view sentence)
{
    std::fprintf(stderr, "wavewright: %s\n", core::sanitised(sentence).c_str());
}

} // namespace app
