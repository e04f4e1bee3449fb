// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/framereader.h"

#include "core/base/strings.h"
#include "gitops/cluster/jsonslices.h"

namespace gitops {

namespace {

constexpr std::size_t kKeptCapacity = 64u << 10;

} // namespace

std::vector<std::string_view> FrameReader::feed(std::string bytes)
{
    if (m_taken == m_buffer.size()) {
        m_buffer = std::move(bytes);
        m_searched = 0;
    } else {
        m_buffer.erase(0, m_taken);
        m_searched -= m_taken;
        m_buffer += bytes;
    }
    m_taken = 0;
    m_buffer.reserve(m_buffer.size() + kJsonPadding);
    std::vector<std::string_view> out;
    const std::string_view all = m_buffer;
    while (true) {
        const std::size_t end = all.find('\n', m_searched);
        if (end == std::string_view::npos)
            break;
        const std::string_view line = core::trimmed(all.substr(m_taken, end - m_taken));
        m_taken = m_searched = end + 1;
        if (!line.empty())
            out.push_back(line);
    }
    m_searched = all.size();
    return out;
}

void FrameReader::releaseLines()
{
    if (m_buffer.capacity() <= kKeptCapacity || m_buffer.size() - m_taken > kKeptCapacity)
        return;
    m_buffer = std::string(rest());
    m_searched -= m_taken;
    m_taken = 0;
}

} // namespace gitops
