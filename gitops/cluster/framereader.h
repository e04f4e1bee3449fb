// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// Puts the lines of a watch together again from any cut of its bytes.
class FrameReader
{
public:
    explicit FrameReader(std::size_t maxFrame = 32u << 20)
        : m_maxFrame(maxFrame)
    {
    }
    /// Takes bytes and returns the lines that are whole now, without line ends and empty ones. The
    /// views live until the next call, with kJsonPadding bytes behind each.
    std::vector<std::string_view> feed(std::string bytes);
    /// Gives back what the lines of the last feed took, if it was much.
    void releaseLines();
    /// What came after the last line end.
    std::string_view rest() const { return std::string_view(m_buffer).substr(m_taken); }
    /// An unfinished line is longer than allowed: nothing more will come of this stream.
    bool isTooLong() const { return m_buffer.size() - m_taken > m_maxFrame; }

private:
    std::size_t m_maxFrame;
    std::string m_buffer;
    std::size_t m_taken = 0; ///< of m_buffer: lines handed out by the last feed
    std::size_t m_searched = 0; ///< of m_buffer: no line end before it
};

} // namespace gitops
